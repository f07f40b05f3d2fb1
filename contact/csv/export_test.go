package csv

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"kith/contact"
	"kith/contact/contacttest"
)

func write(t testing.TB, f Format, cards ...contact.Card) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, f, slices.Values(cards)); err != nil {
		t.Fatalf("write %s: %v", f, err)
	}
	return b.String()
}

// cells are the filled cells of the only row, by header.
func cells(t testing.TB, file string) map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("read back %q: %d rows, %v", file, len(rows), err)
	}
	m := map[string]string{}
	for i, cell := range rows[1] {
		if cell != "" {
			m[rows[0][i]] = cell
		}
	}
	return m
}

const fullCard = `{"uid":"u","name":{"components":[{"kind":"given","value":"Ada","phonetic":"ay-da"},{"kind":"surname","value":"King"}],"full":"Ada King"},
	"emails":{"1":{"address":"a@example.com"},"2":{"address":"b@example.com","pref":1,"contexts":{"private":true}},"3":{"address":"c@example.com"},"4":{"address":"d@example.com"}},
	"phones":{"1":{"number":"1","contexts":{"work":true}},"2":{"number":"2","contexts":{"work":true}},"3":{"number":"3","contexts":{"work":true}},"4":{"number":"4","features":{"mobile":true}},
		"5":{"number":"5","features":{"fax":true},"contexts":{"private":true}},"6":{"number":"6","label":"Boat"}},
	"addresses":{"1":{"contexts":{"private":true},"components":[{"kind":"name","value":"Main St"},{"kind":"number","value":"1"},{"kind":"locality","value":"Leeds"}]},
		"2":{"contexts":{"private":true},"full":"2 Side St, York"}},
	"anniversaries":{"b":{"kind":"birth","date":{"year":1815,"month":12,"day":10}},"w":{"kind":"wedding","date":{"month":7,"day":8}}},
	"keywords":{"Choir":true,"starred":true},"notes":{"n":{"note":"a, \"b\"\nc"}},"onlineServices":{"o":{"service":"Jabber","user":"ada"}},"links":{"l":{"uri":"https://a.example"}},
	"kith.app:csv":{"Hobby":"horses"}}`

func TestWrite(t *testing.T) {
	c, err := contact.Parse([]byte(fullCard))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		format Format
		want   map[string]string
	}{
		{Google, map[string]string{"First Name": "Ada", "Phonetic First Name": "ay-da", "Last Name": "King", "Birthday": "1815-12-10", "Notes": "a, \"b\"\nc",
			"Labels": "Choir ::: * myContacts ::: * starred", "E-mail 1 - Label": "* Home", "E-mail 1 - Value": "b@example.com", "E-mail 2 - Value": "a@example.com",
			"E-mail 3 - Value": "c@example.com", "E-mail 4 - Value": "d@example.com", "Phone 1 - Label": "Work", "Phone 1 - Value": "1", "Phone 2 - Label": "Work",
			"Phone 2 - Value": "2", "Phone 3 - Label": "Work", "Phone 3 - Value": "3", "Phone 4 - Label": "Mobile", "Phone 4 - Value": "4", "Phone 5 - Label": "Home Fax",
			"Phone 5 - Value": "5", "Phone 6 - Label": "Boat", "Phone 6 - Value": "6", "Address 1 - Label": "Home", "Address 1 - Street": "Main St 1",
			"Address 1 - City": "Leeds", "Address 2 - Label": "Home", "Address 2 - Formatted": "2 Side St, York", "IM 1 - Service": "Jabber", "IM 1 - Value": "ada",
			"Website 1 - Value": "https://a.example", "Event 1 - Label": "Anniversary", "Event 1 - Value": "--07-08", "Hobby": "horses"}},
		{Outlook, map[string]string{"First Name": "Ada", "Last Name": "King", "Birthday": "12/10/1815", "Anniversary": "--07-08", "Notes": "a, \"b\"\nc", "Categories": "Choir",
			"E-mail Address": "b@example.com", "E-mail 2 Address": "a@example.com", "E-mail 3 Address": "c@example.com", "E-mail 4 Address": "d@example.com",
			"Business Phone": "1", "Business Phone 2": "2", "Business Phone 3": "3", "Mobile Phone": "4", "Home Fax": "5", "Other Phone": "6", "Home Street": "Main St 1",
			"Home City": "Leeds", "Home Address 2 - Street": "2 Side St, York", "IM Address": "Jabber: ada", "Web Page": "https://a.example", "Hobby": "horses"}},
	}
	for _, tt := range tests {
		got := cells(t, write(t, tt.format, c))
		for header, want := range tt.want {
			if got[header] != want {
				t.Errorf("%s: %s is %q, want %q", tt.format, header, got[header], want)
			}
			delete(got, header)
		}
		if len(got) > 0 {
			t.Errorf("%s: not expected: %q", tt.format, got)
		}
	}
	if err := Write(io.Discard, "lotus", slices.Values([]contact.Card{c})); err == nil {
		t.Error("a format that there is not is written")
	}
}

// What we write and read again we write the same; and Google's file, which knows labels, gives the same contact again.
func TestRoundTrip(t *testing.T) {
	var all []contact.Card
	for _, p := range programs {
		_, cards, _ := readAll(t, p.file, Options{})
		all = append(all, cards...)
		_, again, broken := readAll(t, write(t, Google, cards...), Options{})
		if len(broken) > 0 || len(again) != len(cards) {
			t.Fatalf("%s: %d cards, broken %v", p.name, len(again), broken)
		}
	}
	for i := range 300 {
		all = append(all, contacttest.Realistic(3, i))
	}
	for _, f := range []Format{Google, Outlook} {
		for _, c := range all {
			once := write(t, f, c)
			_, cards, broken := readAll(t, once, Options{})
			if len(broken) > 0 || len(cards) != 1 {
				t.Fatalf("%s: %d cards, broken %v of\n%s", f, len(cards), broken, once)
			}
			first, second := cells(t, once), cells(t, write(t, f, cards[0]))
			for header, want := range first {
				if second[header] != want {
					t.Errorf("%s: %s is %q, then %q\n%s\n%s", f, header, want, second[header], c.JSON(), cards[0].JSON())
				}
			}
			for _, values := range [][]contact.Entry{c.Emails(), c.Phones(), c.Links()} {
				for _, e := range values {
					if !strings.Contains(once, e.Value) {
						t.Errorf("%s: %q is not in the file", f, e.Value)
					}
				}
			}
		}
	}
	google := write(t, Google, all...)
	_, cards, _ := readAll(t, google, Options{})
	if len(cards) != len(all) {
		t.Errorf("%d contacts become %d", len(all), len(cards))
	}
	for i, c := range all[len(programs):] {
		if got := cards[i+len(programs)]; got.FullName() != c.FullName() || got.Birthday() != c.Birthday() || got.Note() != c.Note() || got.Starred() != c.Starred() || dates(got) != dates(c) {
			t.Errorf("%s\nbecomes\n%s", c.JSON(), got.JSON())
		}
	}
}

// dates are those of a card that Google has columns for.
func dates(c contact.Card) string {
	var out []string
	for _, e := range look(c).events() {
		out = append(out, e[0]+" "+e[1])
	}
	slices.Sort(out)
	return strings.Join(out, ",")
}

// Google's events are the dates that they are called.
func TestEvents(t *testing.T) {
	file := "First Name,Event 1 - Label,Event 1 - Value,Event 2 - Label,Event 2 - Value,Event 3 - Value,Event 4 - Value\nAda,Anniversary,2009-06-20,Boat bought, --05-01,1999-01-02,soon\n"
	_, cards, broken := readAll(t, file, Options{})
	if len(cards) != 1 || len(broken) > 0 {
		t.Fatalf("%d cards, %v", len(cards), broken)
	}
	if got, want := dates(cards[0]), " 1999-01-02,Anniversary 2009-06-20,Boat bought --05-01"; got != want {
		t.Errorf("dates %q, want %q", got, want)
	}
	if kept, err := cards[0].Field("/kith.app:csv/Event 4 - Value"); kept != "soon" {
		t.Errorf("what is no date is kept as %q, %v", kept, err)
	}
	_, again, _ := readAll(t, write(t, Google, cards...), Options{})
	if dates(again[0]) != dates(cards[0]) {
		t.Errorf("written and read: %q", dates(again[0]))
	}
}

// FuzzRead: no input makes the reader crash, hang or forget a cell: each is in a card, in a broken row, or stands for nothing.
func FuzzRead(f *testing.F) {
	for _, p := range programs {
		f.Add([]byte(p.file))
	}
	f.Add([]byte("\xff\xfea\x00,\x00b\x00"))
	f.Add([]byte("a,\"b\nc,d\n\"\"\",\"x\""))
	f.Fuzz(func(t *testing.T, file []byte) {
		checkNothingIsForgotten(t, file)
		r, err := NewReader(strings.NewReader(string(file)), Options{})
		if err != nil {
			return
		}
		keep := make(Mapping, len(r.Header()))
		keep[0].Field = FullName
		for _, corrected := range []bool{false, true} {
			if corrected {
				if r, err = NewReader(strings.NewReader(string(file)), Options{Mapping: keep}); err != nil {
					t.Fatal(err)
				}
			}
			for rows := 0; ; rows++ {
				c, err := r.Next()
				var broken *BrokenRow
				switch {
				case errors.Is(err, io.EOF):
				case errors.As(err, &broken):
					continue
				case err != nil:
					return // the text is not of the character set that it began with
				default:
					if again, err := contact.Parse(c.JSON()); err != nil || !again.Equal(c) {
						t.Fatalf("%s: %v", c.JSON(), err)
					}
					write(t, Google, c)
					write(t, Outlook, c)
					continue
				}
				break
			}
		}
	})
}

// checkNothingIsForgotten holds that each cell is in its row's card, whatever the columns are taken for.
func checkNothingIsForgotten(t *testing.T, file []byte) {
	r, err := NewReader(strings.NewReader(string(file)), Options{})
	if err != nil {
		return
	}
	all := slices.DeleteFunc(slices.Clone(Fields), func(f Field) bool { return f == Skip })
	shifted := r.Mapping()
	for i := range shifted {
		shifted[i] = Column{Field: all[(i+len(file))%len(all)], Group: []string{"", "a"}[i%2]}
	}
	rows := r.rest()
	for _, m := range []Mapping{r.Mapping(), make(Mapping, len(r.Header())), shifted} {
		r.mapping = m
		for _, cells := range rows {
			card, err := r.card(cells)
			if err != nil {
				continue // reported as a broken row
			}
			held := normal(leaves(t, card))
			for i, cell := range cells {
				var c Column
				if i < len(m) {
					c = m[i]
				}
				switch c.Field {
				case Birthday, Anniversary, BirthYear, BirthMonth, BirthDay, Labels, EntryLabel: // may be said in other words
					continue
				}
				for _, part := range strings.Split(strings.ToValidUTF8(cell, "\ufffd"), strings.TrimSpace(separator)) {
					if want := normal(part); !strings.Contains(held, want) {
						t.Fatalf("%q of column %d (%+v) is not in %s", part, i, c, card.JSON())
					}
				}
			}
		}
	}
}

// rest are the rows that Next would read; a text that is not of its character set ends early.
func (r *Reader) rest() (rows [][]string) {
	for {
		cells, _, err := r.rows.next()
		if err != nil && !errors.Is(err, ErrUnclosed) && !errors.Is(err, ErrLong) {
			return rows
		}
		rows = append(rows, cells)
	}
}

// leaves are all texts of a card, and the names of its members.
func leaves(t *testing.T, c contact.Card) string {
	var v any
	if err := json.Unmarshal(c.JSON(), &v); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, child := range v {
				b.WriteString(key + "\n") // of a relation: the name
				walk(child)
			}
		case []any:
			for _, child := range v {
				walk(child)
			}
		case string:
			b.WriteString(v + "\n")
		}
	}
	walk(v)
	return b.String()
}

// BenchmarkImport and BenchmarkExport give the cost of one contact.
func BenchmarkImport(b *testing.B) {
	var cards []contact.Card
	for i := range 1000 {
		cards = append(cards, contacttest.Realistic(1, i))
	}
	file := write(b, Google, cards...)
	b.ReportAllocs()
	b.SetBytes(int64(len(file) / 1000))
	b.ResetTimer()
	for n := 0; n < b.N; {
		r, err := NewReader(strings.NewReader(file), Options{})
		if err != nil {
			b.Fatal(err)
		}
		for ; n < b.N; n++ {
			if _, err := r.Next(); err != nil {
				break
			}
		}
	}
}

func BenchmarkExport(b *testing.B) {
	b.ReportAllocs()
	if err := Write(io.Discard, Outlook, func(yield func(contact.Card) bool) {
		c := contacttest.Realistic(1, 1)
		for range b.N {
			if !yield(c) {
				return
			}
		}
	}); err != nil {
		b.Fatal(err)
	}
}
