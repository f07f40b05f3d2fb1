package duplicate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kith/contact"
)

// person makes a card of lines "field: value": name, given, surname, email, phone, mobile, org, birthday, address, link, note, jr, kana.
func person(t *testing.T, text string) contact.Card {
	t.Helper()
	c := contact.New()
	var err error
	for line := range strings.SplitSeq(text, ";") {
		field, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			t.Fatalf("no field in %q", line)
		}
		switch field {
		case "email":
			c = c.WithEmails(append(c.Emails(), contact.Entry{Value: value}))
		case "phone":
			c = c.WithPhones(append(c.Phones(), contact.Entry{Value: value}))
		case "mobile":
			c = c.WithPhones(append(c.Phones(), contact.Entry{Value: value, Kind: "mobile"}))
		case "link":
			c = c.WithLinks(append(c.Links(), contact.Entry{Value: value}))
		case "address":
			c = c.WithAddresses([]contact.Address{{Full: value}})
		case "kana": // surname given, as components with their reading
			w := strings.Fields(value)
			c, err = c.WithField("/name", fmt.Sprintf(`{"components":[{"kind":"surname","value":%q,"phonetic":%q},{"kind":"given","value":%q,"phonetic":%q}],"isOrdered":true}`, w[0], w[2], w[1], w[3]))
		case "generation":
			c, err = c.WithField("/name/components/-", fmt.Sprintf(`{"kind":"generation","value":%q}`, value))
		case "kind":
			c, err = c.WithField("/kind", value)
		default:
			c, err = c.WithField(field, value)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func nobody(Key) int { return 1 }

// The pairs that a judge of duplicates is judged by. Each is compared both ways round.
func TestCompare(t *testing.T) {
	tests := []struct {
		name, a, b string
		want       Lane
	}{
		// The same for certain.
		{"name and e-mail", "name: Ada Lovelace; email: ada@example.org", "name: Ada Lovelace; email: ada@example.org", Certain},
		{"case and blanks", "name: ada  LOVELACE; email: Ada@Example.org", "name: Ada Lovelace; email: ada@example.org", Certain},
		{"name and phone", "name: Ada Lovelace; phone: +44 20 7946 0958", "name: Ada Lovelace; phone: +442079460958", Certain},
		{"international prefix", "name: Ada Lovelace; phone: 0044 20 7946 0958", "name: Ada Lovelace; phone: +44 (0)20 7946 0958", Certain},
		{"swapped names", "name: Lovelace, Ada; email: a@example.org", "given: Lovelace; surname: Ada; email: a@example.org", Certain},
		{"accents", "name: José Muñoz; email: jose@example.org", "name: Jose Munoz; email: jose@example.org", Certain},
		{"umlauts in two spellings", "name: Jürgen Müller; email: jm@example.de", "name: Juergen Mueller; email: jm@example.de", Certain},
		{"apostrophes", "name: Sean O’Brien; email: s@example.ie", "name: Sean O'Brien; email: s@example.ie", Certain},
		{"titles don't matter", "name: Dr. Grete Weiss; email: g@example.de", "name: Grete Weiss; email: g@example.de", Certain},
		{"Cyrillic", "name: Иван Петров; email: ivan@example.ru", "name: Ivan Petrov; email: ivan@example.ru", Certain},
		{"gmail's dots", "name: Ann Lee; email: ann.lee@gmail.com", "name: Ann Lee; email: annlee+news@googlemail.com", Certain},
		{"new job, old mobile", "name: Ann Lee; org: Acme; mobile: +49 171 3920012", "name: Ann Lee; org: Bolt AG; mobile: +49 171 3920012", Certain},
		{"name, birthday and address", "name: Ann Lee; birthday: 1980-02-03; address: 12 Elm Street, Springfield", "name: Ann Lee; birthday: 1980-02-03; address: 12 Elm Street, Springfield", Certain},
		{"Japanese with and without a blank", "name: 山田太郎; email: taro@example.jp", "name: 山田 太郎; email: taro@example.jp", Certain},
		{"Japanese by its reading", "kana: 山田 太郎 やまだ たろう; email: taro@example.jp", "name: ヤマダ タロウ; email: taro@example.jp", Certain},
		{"a nickname, e-mail and phone", "name: Bob Smith; email: bob@example.com; phone: +44 20 7946 0958", "name: Robert Smith; email: bob@example.com; phone: +44 20 7946 0958", Certain},
		{"an address that was collected twice", "email: ada@example.org", "email: ada@example.org", Certain},
		{"an organization and its phone", "org: Acme GmbH; phone: +49 30 23125 111", "org: ACME; phone: +49 30 23125 111", Certain},
		{"an organization and its role address", "org: Acme; email: info@acme.example; phone: +49 30 23125 111", "org: Acme; email: info@acme.example", Certain},

		// Likely.
		{"a number once without its country", "name: Ann Lee; phone: 030 23125 111", "name: Ann Lee; phone: +49 30 23125 111", Likely},
		{"a short form", "name: Bob Smith; email: bob@example.com", "name: Robert Smith; email: bob@example.com", Likely},
		{"both short forms", "name: Bill Gates; mobile: +44 7700 900123", "name: Will Gates; mobile: +44 7700 900123", Likely},
		{"a slip of the pen", "name: Stephen Miller; email: sm@example.com", "name: Stephan Miller; email: sm@example.com", Likely},
		{"an initial and the e-mail", "name: J. Smith; email: js@example.com", "name: John Smith; email: js@example.com", Likely},
		{"the given name alone", "name: Ada; mobile: +44 7700 900123", "name: Ada Lovelace; mobile: +44 7700 900123", Likely},
		{"no name at all", "email: ada@example.org", "name: Ada Lovelace; email: ada@example.org", Likely},
		{"name and organization", "name: Ann Lee; org: Acme Ltd", "name: Ann Lee; org: acme", Likely},
		{"name and birthday", "name: Ann Lee; birthday: 1980-02-03", "name: Ann Lee; birthday: 1980-02-03", Likely},
		{"name and address", "name: Ann Lee; address: 12 Elm Street, Springfield", "name: Ann Lee; address: Springfield, Elm Street 12", Likely},
		{"junior, or his father, by the landline", "name: John Smith; phone: +1 202 555 0142", "name: John Smith Jr; phone: +1 202 555 0142", Likely},
		{"two signs of a double name", "name: Anna Schmidt; email: anna@example.de", "name: Anna Schmidt-Rottluff; email: anna@example.de", Likely},
		{"married, with the old e-mail and mobile", "name: Anna Schmidt; email: anna@example.de; mobile: +49 171 3920012", "name: Anna Krüger; email: anna@example.de; mobile: +49 171 3920012", Likely},
		{"a role address and the name", "name: Ann Lee; email: info@lee.example", "name: Ann Lee; email: info@lee.example", Likely},

		// Look at it.
		{"the name alone", "name: Ada Lovelace", "name: Ada Lovelace", Look},
		{"the name alone, other values", "name: Ada Lovelace; email: ada@example.org", "name: Ada Lovelace; email: al@example.com", Look},
		{"married, with the old e-mail", "name: Anna Schmidt; email: anna@example.de", "name: Anna Krüger; email: anna@example.de", Look},
		{"an organization's name alone", "org: Acme GmbH", "org: Acme", Look},
		{"Mum", "name: Mum; mobile: +49 171 3920012", "name: Anna Schmidt; mobile: +49 171 3920012", Look},
		{"one e-mail, two names", "name: Plumber; email: joe@example.com", "name: Joe Bloggs; email: joe@example.com", Look},
		{"an initial and the landline", "name: J. Smith; phone: +44 20 7946 0958", "name: John Smith; phone: +44 20 7946 0958", Look},
		{"initial where they work", "name: J. Smith; org: Acme", "name: John Smith; org: Acme", Look},
		{"other middle names, one landline", "name: John Edward Smith; phone: +44 20 7946 0958", "name: John Paul Smith; phone: +44 20 7946 0958", Look},
		{"all alike but the birthday", "name: Ann Lee; email: a@example.org; phone: +44 20 7946 0958; birthday: 1980-02-03", "name: Ann Lee; email: a@example.org; phone: +44 20 7946 0958; birthday: 1980-03-02", Look},
		{"a couple that shares all", "name: Anna Müller; email: mueller@example.de; mobile: +49 171 3920012", "name: Peter Müller; email: mueller@example.de; mobile: +49 171 3920012", Look},

		// Not the same.
		{"a family's landline", "name: Anna Müller; phone: +49 30 23125 111", "name: Peter Müller; phone: +49 30 23125 111", No},
		{"a family's e-mail", "name: Anna Müller; email: mueller@example.de", "name: Peter Müller; email: mueller@example.de", No},
		{"a couple's landline", "name: Anna Müller; phone: +49 30 23125 111", "name: Jan Kowalski; phone: +49 30 23125 111", No},
		{"namesakes in two organizations", "name: John Smith; org: Acme", "name: John Smith; org: Harbour & Sons", No},
		{"a given name alone", "name: Anna; phone: +49 30 23125 111", "name: Anna; phone: +49 30 23125 112", No},
		{"a short form alone", "name: Bob Smith", "name: Robert Smith", No},
		{"Alexander and Alexandra", "name: Alexander Wolf", "name: Alexandra Wolf", No},
		{"an employee and the employer", "name: Ann Lee; org: Acme; phone: +49 30 23125 111", "org: Acme; phone: +49 30 23125 111", No},
		{"a short number", "name: Ann; phone: 110", "name: Anna B; phone: 110", No},
		{"two countries' numbers", "name: Ann B; phone: +49 30 23125 111", "name: Anna C; phone: +43 30 23125 111", No},
		{"nothing in common", "name: Ada Lovelace; email: ada@example.org", "name: Grace Hopper; email: grace@example.org", No},
		{"departments", "name: Sales; org: Acme; email: sales@acme.example", "name: Sales; org: Bolt; email: sales@bolt.example", No},
		{"a group and its only member", "name: Choir; kind: group; email: a@example.org", "name: Choir; email: a@example.org", No},

		// Something sets them apart.
		{"father and son", "name: John Smith Sr; phone: +1 202 555 0142; email: s@example.com", "name: John Smith Jr; phone: +1 202 555 0142; email: s@example.com", Apart},
		{"born on two days", "name: John Smith; phone: +1 202 555 0142; birthday: 1950-01-02", "name: John Smith; phone: +1 202 555 0142; birthday: 1980-03-04", Apart},
		{"born in two years", "name: John Smith; birthday: 1950-01-02", "name: John Smith; birthday: 1980-01-02", Apart},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := Read(person(t, tt.a), ""), Read(person(t, tt.b), "")
			one := Compare(a, b, nobody, nobody)
			other := Compare(b, a, nobody, nobody)
			if one.Lane != tt.want {
				t.Errorf("%v (%s), want %v", one.Lane, Words(one.Reasons), tt.want)
			}
			if one.Lane != other.Lane || one.Score != other.Score {
				t.Errorf("the other way round: %v %d, not %v %d", other.Lane, other.Score, one.Lane, one.Score)
			}
			meet := slices.ContainsFunc(a.Keys, func(k Key) bool { return slices.Contains(b.Keys, k) })
			if tt.want >= Look && !meet {
				t.Errorf("they share no key, and so would never be compared")
			}
		})
	}
}

// What very many share says nothing of two of them, unless they bear one name.
func TestCompareShared(t *testing.T) {
	crowd := func(Key) int { return 500 }
	tests := []struct {
		name, a, b string
		want       Lane
	}{
		{"colleagues", "name: Ann Lee; org: Acme; phone: +49 30 23125 0", "name: Bob May; org: Acme; phone: +49 30 23125 0", No},
		{"a colleague twice", "name: Ann Lee; org: Acme; phone: +49 30 23125 0", "name: Ann Lee; org: Acme; phone: +49 30 23125 0", Likely},
		{"a family's list", "name: Ann Lee; email: all@lee.example", "name: Bob Lee; email: all@lee.example", No},
		{"a common name", "name: John Smith", "name: John Smith", No},
		{"a common name, one organization", "name: John Smith; org: Acme", "name: John Smith; org: Acme", Likely},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := Compare(Read(person(t, tt.a), ""), Read(person(t, tt.b), ""), crowd, crowd)
			if v.Lane != tt.want {
				t.Errorf("%v (%s), want %v", v.Lane, Words(v.Reasons), tt.want)
			}
		})
	}
}

func TestToldApart(t *testing.T) {
	a, b := person(t, "name: Ada Lovelace; email: ada@example.org"), person(t, "name: Ada Lovelace; email: ada@example.org")
	marked, err := WithNotDuplicate(a, b.UID(), true)
	if err != nil {
		t.Fatal(err)
	}
	if v := Compare(Read(marked, ""), Read(b, ""), nobody, nobody); v.Lane != Apart {
		t.Errorf("%v, want Apart", v.Lane)
	}
	if v := Compare(Read(b, ""), Read(marked, ""), nobody, nobody); v.Lane != Apart {
		t.Errorf("the other way round: %v, want Apart", v.Lane)
	}
	if back, err := WithNotDuplicate(marked, b.UID(), false); err != nil || !back.Equal(a) {
		t.Errorf("taken back: %s, %v", back.JSON(), err)
	}
	// Two devices that each tell one contact apart have told both apart.
	x, _ := WithNotDuplicate(a, "x", true)
	y, _ := WithNotDuplicate(a, "y", true)
	merged, conflicts := contact.Merge(a, x, y, contact.Local)
	if got := NotDuplicatesOf(merged); !slices.Equal(got, []string{"x", "y"}) || len(conflicts) > 0 {
		t.Errorf("merged: %v, conflicts %v", got, conflicts)
	}
}

func TestReadPhone(t *testing.T) {
	tests := []struct {
		typed, region, national string
		country                 int
		assumed                 bool
	}{
		{"+49 151 23456789", "", "15123456789", 49, false},
		{"0151 23456789", "DE", "15123456789", 49, true},
		{"0151 23456789", "", "15123456789", 0, true},
		{"0049 (0)151 23456789", "", "15123456789", 49, false},
		{"tel:+1-202-555-0142", "", "2025550142", 1, false},
		{"(202) 555-0142", "US", "2025550142", 1, true},
		{"1-202-555-0142", "US", "2025550142", 1, true},
		{"011 44 20 7946 0958", "US", "2079460958", 44, true},
		{"8 (495) 123-45-67", "RU", "4951234567", 7, true},
		{"+39 06 1234 5678", "", "612345678", 39, false},
		{"٠٢٠٧٩٤٦٠٩٥٨", "GB", "2079460958", 44, true},
		{"112", "DE", "", 0, false},
		{"*31#0151234567", "DE", "", 0, false},
		{"ask Ann", "DE", "", 0, false},
	}
	for _, tt := range tests {
		p := readPhone(tt.typed, tt.region)
		if p.national != tt.national || p.country != tt.country || p.national != "" && p.assumed != tt.assumed {
			t.Errorf("%q in %q: %+v", tt.typed, tt.region, p)
		}
	}
	if got := samePhone(readPhone("+49 30 23125 111 ext 7", ""), readPhone("+49 30 23125 111 ext 8", "")); got != hint {
		t.Errorf("two extensions: %v, want a hint", got)
	}
}

func TestRegions(t *testing.T) {
	r := Regions{}
	for _, c := range []string{"phone: +49 151 23456789", "phone: +49 30 23125111", "phone: +43 1 23456789", "phone: 0151 2345"} {
		r.Add(person(t, c))
	}
	if got := r.Most("US"); got != "DE" {
		t.Errorf("most: %q", got)
	}
	if got := (Regions{}).Most("AT"); got != "AT" {
		t.Errorf("without numbers: %q", got)
	}
	for locale, want := range map[string]string{"de_AT.UTF-8": "AT", "en-GB": "GB", "ca_ES@valencia": "ES", "C.UTF-8": "", "": "", "en": "", "xx_ZZ": ""} {
		if got := LocaleRegion(locale); got != want {
			t.Errorf("%q: %q, want %q", locale, got, want)
		}
	}
}

func TestMailbox(t *testing.T) {
	for typed, want := range map[string]string{
		"Ada@Example.ORG ": "ada@example.org", "mailto:a@b.c": "a@b.c", "Ada <ada@b.c>": "ada@b.c", "a.d.a+x@gmail.com": "ada@gmail.com",
		"a.d.a+x@example.org": "a.d.a+x@example.org", "nobody": "", "@x": "", "x@": "", "a@example.org.": "a@example.org",
	} {
		if got := mailbox(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

func TestGroups(t *testing.T) {
	pair := func(a, b int64, l Lane, score int) Pair { return Pair{a, b, Verdict{Lane: l, Score: score}} }
	tests := []struct {
		name  string
		pairs []Pair
		want  string
	}{
		{"none", nil, ""},
		{"a chain is one group", []Pair{pair(1, 2, Certain, 9), pair(2, 3, Certain, 8)}, "certain [1 2 3]"},
		{"two groups join", []Pair{pair(1, 2, Certain, 9), pair(3, 4, Certain, 8), pair(2, 3, Certain, 7)}, "certain [1 2 3 4]"},
		{"a less sure pair waits", []Pair{pair(1, 2, Certain, 9), pair(2, 3, Likely, 8)}, "certain [1 2]"},
		{"father and son never meet", []Pair{pair(1, 2, Certain, 9), pair(2, 3, Certain, 8), pair(1, 3, Apart, 0)}, "certain [1 2]"},
		{"nor by way of groups", []Pair{pair(1, 2, Certain, 9), pair(3, 4, Certain, 8), pair(2, 3, Certain, 7), pair(1, 4, Apart, 0)}, "certain [1 2] certain [3 4]"},
		{"surest first", []Pair{pair(5, 6, Look, 99), pair(3, 4, Likely, 1), pair(1, 2, Likely, 2)}, "likely [1 2] likely [3 4] look [5 6]"},
	}
	for _, tt := range tests {
		var got []string
		for _, g := range Groups(tt.pairs) {
			got = append(got, fmt.Sprintf("%v %v", g.Lane, g.Members))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, got, tt.want)
		}
	}
}
