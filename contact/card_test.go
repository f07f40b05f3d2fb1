package contact

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// mustParse reads a card that a test wrote by hand.
func mustParse(t testing.TB, s string) Card {
	t.Helper()
	c, err := Parse([]byte(s))
	if err != nil {
		t.Fatalf("parse %s: %v", s, err)
	}
	return c
}

func TestParseKeepsEverything(t *testing.T) {
	const in = `{"@type":"Card","big":123456789012345678901234567890.10,"uid":"u","x-unknown":{"deep":[1,{"a":null}],"html":"<&>"}}`
	c := mustParse(t, in)
	if got := string(c.JSON()); got != in {
		t.Errorf("JSON = %s, want %s", got, in)
	}
	edited := c.WithFullName("Ada Lovelace").WithEmails([]Entry{{Value: "ada@example.org"}}).WithNote("x")
	if !bytes.Contains(edited.JSON(), []byte(`"x-unknown":{"deep":[1,{"a":null}],"html":"<&>"}`)) {
		t.Errorf("an edit lost an unknown member: %s", edited.JSON())
	}
	if got := string(c.JSON()); got != in {
		t.Errorf("an edit changed the card that it began from: %s", got)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"nothing", "", "empty"},
		{"null", "null", "not null"},
		{"an array", "[]", "not a array"},
		{"a string", `"x"`, "not a string"},
		{"cut off", `{"uid":"u"`, "unexpected EOF"},
		{"two objects", `{} {}`, "byte 4"},
		{"rubbish", `{"uid":}`, "byte 8"},
		{"not UTF-8", "{\"uid\":\"\xff\"}", "UTF-8"},
		{"too deep", strings.Repeat(`{"a":`, 65) + "1" + strings.Repeat("}", 65), "64 levels"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Parse([]byte(test.in)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Parse(%.40q) = %v, want an error with %q", test.in, err, test.want)
			}
		})
	}
	if _, err := Parse([]byte(strings.Repeat(`{"a":`, 64) + "1" + strings.Repeat("}", 64))); err != nil {
		t.Errorf("64 levels: %v", err)
	}
}

func TestZeroCardInJSON(t *testing.T) {
	type holder struct{ Card Card }
	for _, want := range []holder{{}, {New().WithFullName("Ada")}} {
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got holder
		if err := json.Unmarshal(b, &got); err != nil || !got.Card.Equal(want.Card) || got.Card.IsZero() != want.Card.IsZero() {
			t.Errorf("%s came back as %s, %v", b, got.Card.JSON(), err)
		}
	}
}

func TestFullNameAndComponents(t *testing.T) {
	for _, test := range []struct{ full, given, surname string }{
		{"Ada", "Ada", ""},
		{"Ada Lovelace", "Ada", "Lovelace"},
		{"Augusta Ada King", "Augusta", "King"},
		{"Ludwig van Beethoven", "Ludwig", "van Beethoven"},
		{"Charles de la Vallée Poussin", "Charles", "Poussin"},
		{"Lovelace, Ada", "Ada", "Lovelace"},
		{"Dr. Grace Hopper", "Grace", "Hopper"},
		{"Martin Luther King Jr.", "Martin", "King"},
		{"Grace Hopper, PhD", "Grace", "Hopper,"},
		{"Max Ma", "Max", "Ma"},
		{"山田 太郎", "太郎", "山田"},
		{"山田太郎", "山田太郎", ""},
		{"  Ada   Lovelace ", "Ada", "Lovelace"},
		{"Dr. Who", "Who", ""},
	} {
		t.Run(test.full, func(t *testing.T) {
			c := New().WithFullName(test.full)
			if c.FullName() != strings.TrimSpace(test.full) || c.Given() != test.given || c.Surname() != test.surname {
				t.Errorf("full %q given %q surname %q, want %q %q", c.FullName(), c.Given(), c.Surname(), test.given, test.surname)
			}
			if err := c.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNameIsNeverStale(t *testing.T) {
	for _, test := range []struct {
		name string
		edit func(Card) Card
		want string
	}{
		{"given", func(c Card) Card { return c.WithGiven("Augusta") }, "Augusta Lovelace"},
		{"surname", func(c Card) Card { return c.WithSurname("King") }, "Ada King"},
		{"surname removed", func(c Card) Card { return c.WithSurname("") }, "Ada"},
		{"both removed", func(c Card) Card { return c.WithSurname("").WithGiven("") }, ""},
		{"from nothing", func(Card) Card { return New().WithSurname("Lovelace").WithGiven("Ada") }, "Ada Lovelace"},
		{"surname first", func(Card) Card { return New().WithSurname("山田").WithGiven("太郎") }, "山田太郎"},
		{"surname only, then given", func(Card) Card {
			return mustParse(t, `{"name":{"full":"Lovelace"}}`).WithGiven("Ada")
		}, "Ada Lovelace"},
		{"title stays", func(Card) Card { return New().WithFullName("Dr. Ada Lovelace").WithGiven("Augusta") }, "Dr. Augusta Lovelace"},
		{"full again", func(c Card) Card { return c.WithFullName("The Countess") }, "The Countess"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := test.edit(New().WithFullName("Ada Lovelace"))
			if got := c.FullName(); got != test.want {
				t.Errorf("FullName = %q, want %q (%s)", got, test.want, c.JSON())
			}
			if test.want == "" && !c.without("name") {
				t.Errorf("an empty name stays: %s", c.JSON())
			}
		})
	}
}

func (c Card) without(member string) bool { _, there := c.members[member]; return !there }

func TestJoinComponents(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"usual order", `{"components":[{"kind":"surname","value":"King"},{"kind":"given","value":"Ada"},{"kind":"title","value":"Dr."}]}`, "Dr. Ada King"},
		{"its own order", `{"isOrdered":true,"components":[{"kind":"surname","value":"山田"},{"kind":"given","value":"太郎"}]}`, "山田 太郎"},
		{"default separator", `{"isOrdered":true,"defaultSeparator":"","components":[{"kind":"surname","value":"山田"},{"kind":"given","value":"太郎"}]}`, "山田太郎"},
		{"separator", `{"isOrdered":true,"components":[{"kind":"given","value":"Jean"},{"kind":"separator","value":"-"},{"kind":"given","value":"Luc"}]}`, "Jean-Luc"},
		{"none", `{}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := joinComponents(mustParse(t, test.in).members); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestEntries(t *testing.T) {
	c := mustParse(t, `{"phones":{"b":{"number":"2","features":{"mobile":true,"voice":true},"contexts":{"work":true},"x":1},"a":{"number":"1","pref":2},"c":{"uri":"tel:3"}}}`)
	got := c.Phones()
	want := []Entry{{ID: "a", Value: "1", Pref: 2}, {ID: "b", Value: "2", Kind: "mobile"}}
	if !slices.Equal(got, want) {
		t.Fatalf("Phones = %+v, want %+v", got, want)
	}
	if same := c.WithPhones(got); !same.Equal(c) {
		t.Errorf("writing what was read changed the card: %s", same.JSON())
	}
	got[1].Value = "22"
	edited := c.WithPhones(got)
	if want := `"b":{"contexts":{"work":true},"features":{"mobile":true,"voice":true},"number":"22","x":1}`; !bytes.Contains(edited.JSON(), []byte(want)) {
		t.Errorf("an edited number changed more than itself: %s", edited.JSON())
	}
	got[1].Kind = "work"
	if want := `"b":{"contexts":{"work":true},"features":{"voice":true},"number":"22","x":1}`; !bytes.Contains(c.WithPhones(got).JSON(), []byte(want)) {
		t.Errorf("a changed kind: %s", c.WithPhones(got).JSON())
	}
	slices.Reverse(got)
	if order := c.WithPhones(got).Phones(); order[0].ID != "b" || order[1].ID != "a" {
		t.Errorf("a new order was not kept: %+v", order)
	}
	none := c.WithPhones(nil)
	if len(none.Phones()) != 0 || !bytes.Contains(none.JSON(), []byte(`"c":{"uri":"tel:3"}`)) {
		t.Errorf("removing all removed what is not shown, or left some: %s", none.JSON())
	}
}

func TestNewEntriesKeepTheirOrder(t *testing.T) {
	var entries []Entry
	for i := range 20 {
		entries = append(entries, Entry{Value: fmt.Sprint(i)})
	}
	c := New().WithEmails(entries)
	for i, e := range c.Emails() {
		if e.Value != fmt.Sprint(i) || e.Pref != 0 {
			t.Errorf("entry %d is %+v", i, e)
		}
	}
	if a, b := newKey(time.UnixMicro(1), 0), newKey(time.UnixMicro(1), 0); a == b || len(a) != 16 {
		t.Errorf("keys %q and %q", a, b)
	}
}

func TestAddresses(t *testing.T) {
	c := mustParse(t, `{"addresses":{"a":{"components":[{"kind":"number","value":"12"},{"kind":"name","value":"St James's Square"},{"kind":"locality","value":"London","phonetic":"x"}],"full":"12 St James's Square, London","isOrdered":true}}}`)
	got := c.Addresses()
	if len(got) != 1 || got[0].Street != "12 St James's Square" || got[0].Locality != "London" {
		t.Fatalf("Addresses = %+v", got)
	}
	if same := c.WithAddresses(got); !same.Equal(c) {
		t.Errorf("writing what was read changed the card: %s", same.JSON())
	}
	got[0].Postcode = "SW1"
	edited := c.WithAddresses(append(got, Address{Full: "Elsewhere"}, Address{}))
	if a := edited.Addresses(); len(a) != 2 || a[0].Postcode != "SW1" || a[0].Full != "" || a[1].Full != "Elsewhere" ||
		!bytes.Contains(edited.JSON(), []byte(`"phonetic":"x"`)) {
		t.Errorf("edited: %s", edited.JSON())
	}
}

func TestFields(t *testing.T) {
	c := New()
	var err error
	for _, step := range []struct{ field, value string }{
		{"name", "Ada Lovelace"}, {"given", "Augusta"}, {"org", "Analytical Engines"}, {"title", "Countess"}, {"note", "two\nlines"},
		{"birthday", "1815-12-10"}, {"email", "ada@example.org"}, {"phone", "+44 20 7946 0000"}, {"/nicknames/n1/name", "Ada"},
		{"/x~1y/list", `[1,2]`}, {"/x~1y/list/-", "three"},
	} {
		if c, err = c.WithField(step.field, step.value); err != nil {
			t.Fatalf("set %s: %v", step.field, err)
		}
	}
	for field, want := range map[string]string{
		"name": "Augusta Lovelace", "surname": "Lovelace", "org": "Analytical Engines", "birthday": "1815-12-10", "email": "ada@example.org",
		"/x~1y/list": `[1,2,"three"]`, "/x~1y/list/1": "2", "/nothing/here": "", "/nicknames/n1/name": "Ada",
	} {
		if got, err := c.Field(field); err != nil || got != want {
			t.Errorf("Field(%s) = %q, %v; want %q", field, got, err, want)
		}
	}
	for _, field := range slices.Concat(FieldNames, []string{"/nicknames/n1/name", "/x~1y"}) {
		if c, err = c.WithField(field, ""); err != nil {
			t.Errorf("clear %s: %v", field, err)
		}
	}
	if len(c.members) != len(New().members) {
		t.Errorf("cleared, but left: %s", c.JSON())
	}
	for _, bad := range []struct{ field, value string }{
		{"colour", "x"}, {"/", "x"}, {"/uid", "x"}, {"/version/x", "x"}, {"birthday", "tomorrow"}, {"birthday", "1815-02-30"}, {"/@type", ""},
	} {
		if _, err := c.WithField(bad.field, bad.value); err == nil {
			t.Errorf("set %s to %q: no error", bad.field, bad.value)
		}
	}
}

func TestDates(t *testing.T) {
	for _, s := range []string{"1815-12-10", "1815-12", "1815", "--12-10", "--12", "--02-29"} {
		d, err := ParseDate(s)
		if err != nil || d.String() != s {
			t.Errorf("ParseDate(%q) = %v, %v", s, d, err)
		}
		if got := New().WithBirthday(d).Birthday(); got != d {
			t.Errorf("birthday %v came back as %v", d, got)
		}
	}
	for _, s := range []string{"", "x", "1815-13", "1815-00-01", "2001-02-29", "-", "--", "--12-00", "1815-12-10T00:00"} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", s, d)
		}
	}
}

func TestValidate(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"sound", `{"name":{"full":"Ada"}}`, ""},
		{"only an e-mail", `{"emails":{"e":{"address":"a@b"}}}`, ""},
		{"empty", `{"uid":"u"}`, "nothing to find it by"},
		{"blank name", `{"name":{"full":"  "}}`, "nothing to find it by"},
		{"name is text", `{"name":"Ada"}`, "/name: must be an object"},
		{"number is a number", `{"phones":{"a/b":{"number":5}}}`, "/phones/a~1b/number: must be text"},
		{"emails is a list", `{"emails":[]}`, "/emails: must be an object"},
		{"components", `{"name":{"components":[{"kind":"given"}]}}`, "/name/components"},
		{"too large", `{"name":{"full":"Ada"},"notes":{"n":{"note":"` + strings.Repeat("x", MaxBytes) + `"}}}`, "257 KiB of at most 256 KiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := mustParse(t, test.in).Validate()
			var invalid *ValidationError
			if test.want == "" && err != nil || test.want != "" && (!errors.As(err, &invalid) || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("Validate = %v, want %q", err, test.want)
			}
		})
	}
}

func TestDisplayNameAndSubtitle(t *testing.T) {
	for _, test := range []struct{ in, name, subtitle string }{
		{`{"name":{"full":"Ada"},"organizations":{"o":{"name":"Engines"}},"titles":{"t":{"name":"Countess"}}}`, "Ada", "Countess, Engines"},
		{`{"organizations":{"o":{"name":"Engines"}},"phones":{"p":{"number":"1"}}}`, "Engines", "1"},
		{`{"emails":{"e":{"address":"a@b"}}}`, "a@b", ""},
		{`{"nicknames":{"n":{"name":"Addie"}},"emails":{"e":{"address":"a@b"}}}`, "Addie", "a@b"},
		{`{}`, "", ""},
	} {
		c := mustParse(t, test.in)
		if c.DisplayName() != test.name || c.Subtitle() != test.subtitle {
			t.Errorf("%s: %q, %q; want %q, %q", test.in, c.DisplayName(), c.Subtitle(), test.name, test.subtitle)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Søren": "soren", "ŁÓDŹ": "lodz", "Straße": "strasse", "Æsir": "aesir", "İstanbul": "istanbul", "ｗｉｄｅ": "wide", "Žižek  Slavoj": "zizek slavoj",
		"がっこう": "がっこう", "ﾔﾏﾀﾞ": "ヤマダ", "한국": "한국", "Ёлка": "елка", "Ἀθῆναι": "αθηναι", "ﬁn": "fin", "ΟΔΟΣ": "οδοσ", "plain TEXT": "plain text",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
		if again := Fold(Fold(in)); again != Fold(in) {
			t.Errorf("Fold is not idempotent on %q: %q", in, again)
		}
	}
}

func TestSearchText(t *testing.T) {
	c := mustParse(t, `{"name":{"full":"Søren Kierkegaard"},"phones":{"p":{"number":"+49 (151) 234-567"}},"keywords":{"Family":true,"starred":true},
		"organizations":{"o":{"name":"Øst","units":[{"name":"Research"}]}},"addresses":{"a":{"components":[{"kind":"locality","value":"København"}]}}}`)
	for _, want := range []string{"soren kierkegaard", "49151234567", "family", "research", "kobenhavn", "ost"} {
		if !slices.Contains(strings.Split(c.SearchText(), "\n"), want) {
			t.Errorf("%q is not in %q", want, c.SearchText())
		}
	}
	if strings.Contains(c.SearchText(), starred) {
		t.Error("the mark of favourites can be found as a label")
	}
	if got := Digits("٠١٢ (3)４"); got != "01234" {
		t.Errorf("Digits = %q", got)
	}
}
