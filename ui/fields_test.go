package ui

import (
	"testing"

	"kith/contact"
	"kith/contact/contacttest"
)

func TestParseDate(t *testing.T) {
	tests := []struct {
		in   string
		want contact.Date
		bad  bool
	}{
		{in: "", want: contact.Date{}},
		{in: "1990-12-24", want: contact.Date{Year: 1990, Month: 12, Day: 24}},
		{in: "24.12.1990", want: contact.Date{Year: 1990, Month: 12, Day: 24}},
		{in: "3.4.1990", want: contact.Date{Year: 1990, Month: 4, Day: 3}},
		{in: "24.12.", want: contact.Date{Month: 12, Day: 24}},
		{in: "24/12/1990", want: contact.Date{Year: 1990, Month: 12, Day: 24}},
		{in: "12/24/1990", want: contact.Date{Year: 1990, Month: 12, Day: 24}},
		{in: "3/4/1990", want: contact.Date{Year: 1990, Month: 4, Day: 3}}, // in Britain
		{in: "--12-24", want: contact.Date{Month: 12, Day: 24}},
		{in: "12-24", want: contact.Date{Month: 12, Day: 24}},
		{in: "24 December 1990", want: contact.Date{Year: 1990, Month: 12, Day: 24}},
		{in: "24 dec", want: contact.Date{Month: 12, Day: 24}},
		{in: "Dec 24, 1990", want: contact.Date{Year: 1990, Month: 12, Day: 24}},
		{in: "December 24th", want: contact.Date{Month: 12, Day: 24}},
		{in: "December 1990", want: contact.Date{Year: 1990, Month: 12}},
		{in: "1990", want: contact.Date{Year: 1990}},
		{in: "29 February", want: contact.Date{Month: 2, Day: 29}},
		{in: "29 February 2023", bad: true},
		{in: "31 April", bad: true},
		{in: "32 December", bad: true},
		{in: "someday", bad: true},
		{in: "24", bad: true},
	}
	for _, tt := range tests {
		got, err := parseDate(tt.in)
		if (err != nil) != tt.bad || got != tt.want {
			t.Errorf("%q: got %+v, %v; want %+v, bad %v", tt.in, got, err, tt.want, tt.bad)
		}
		if err == nil {
			if again, err := parseDate(formatDate(got)); err != nil || again != got {
				t.Errorf("%q: %+v is written as %q, which reads as %+v, %v", tt.in, got, formatDate(got), again, err)
			}
		}
	}
}

func TestChecks(t *testing.T) {
	tests := []struct {
		name  string
		check func(string) error
		good  []string
		bad   []string
	}{
		{"e-mail", checkEmail, []string{"", "ada@example.org", "a.b+c@sub.example.org", "müller@exämple.de"}, []string{"ada", "ada@", "Ada <ada@example.org>", "a b@example.org"}},
		{"phone", checkPhone, []string{"", "112", "+44 (0)20 7946 0999 ext. 5", "1-800-FLOWERS1"}, []string{"none", "-"}},
		{"link", checkLink, []string{"", "example.org", "https://example.org/x?y", "mailto:ada@example.org"}, []string{"https://", "a b"}},
	}
	for _, tt := range tests {
		for _, s := range tt.good {
			if err := tt.check(s); err != nil {
				t.Errorf("%s %q: %v", tt.name, s, err)
			}
		}
		for _, s := range tt.bad {
			if tt.check(s) == nil {
				t.Errorf("%s %q: no complaint", tt.name, s)
			}
		}
	}
}

func TestURLs(t *testing.T) {
	tests := []struct{ got, want string }{
		{telURL("+44 (0)20 7946-0999"), "tel:+4402079460999"},
		{telURL("*100#"), "tel:*100%23"},
		{telURL("none"), ""},
		{mailURL("ada@example.org"), "mailto:ada@example.org"},
		{mapURL(contact.Address{Street: "12 St James's Square", Postcode: "SW1Y", Locality: "London"}), "https://www.openstreetmap.org/search?query=12+St+James%27s+Square%2C+London%2C+SW1Y"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

// A form that nobody typed in changes nothing, whatever the card holds.
func TestFormKeepsWhatIsNotTouched(t *testing.T) {
	for i := range 3000 {
		c := contacttest.Realistic(7, i)
		f := formOf(c)
		if got := f.apply(c); !got.Equal(c) {
			t.Fatalf("card %d changed:\n%s\n%s", i, c.JSON(), got.JSON())
		}
		if f.changed(c) || len(f.problems(c)) > 0 {
			t.Fatalf("card %d: changed %v, problems %v\n%s", i, f.changed(c), f.problems(c), c.JSON())
		}
	}
}

func TestFormApplies(t *testing.T) {
	c := person("Ada", "Lovelace").WithNote("keep me")
	f := formOf(c)
	f.Given, f.Organization, f.Birthday = "Augusta", " Analytical Society ", "10 December 1815"
	f.Phones = append(f.Phones, contact.Entry{Value: " 123 ", Kind: "mobile"}, contact.Entry{Value: "  "})
	got := f.apply(c)
	if got.FullName() != "Augusta Lovelace" || got.Organization() != "Analytical Society" || got.Note() != "keep me" || got.Birthday().Year != 1815 {
		t.Errorf("got %s", got.JSON())
	}
	if p := got.Phones(); len(p) != 1 || p[0].Value != "123" || p[0].ID == "" {
		t.Errorf("phones %+v", p)
	}
}

func TestFormProblems(t *testing.T) {
	c := person("Ada", "Lovelace")
	tests := []struct {
		name string
		edit func(*form)
		want string // the field
	}{
		{"birthday", func(f *form) { f.Birthday = "someday" }, "birthday"},
		{"e-mail", func(f *form) { f.Emails[0].Value = "ada" }, "email.0"},
		{"second e-mail", func(f *form) { f.Emails = append(f.Emails, contact.Entry{Value: "x"}) }, "email.1"},
		{"phone", func(f *form) { f.Phones = append(f.Phones, contact.Entry{Value: "x"}) }, "phone.0"},
		{"link", func(f *form) { f.Links = append(f.Links, contact.Entry{Value: "a b"}) }, "link.0"},
		{"nothing left", func(f *form) { *f = form{} }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := formOf(c)
			tt.edit(&f)
			wrong := f.problems(c)
			if len(wrong) != 1 || wrong[tt.want] == "" {
				t.Errorf("got %v, want a problem of %q", wrong, tt.want)
			}
		})
	}
}

// Every card has a view, and no value in it is empty.
func TestBlocks(t *testing.T) {
	for i := range 1000 {
		c := contacttest.Realistic(3, i)
		for _, b := range blocks(c) {
			for _, v := range b.values {
				if v.text == "" || v.spoken == "" {
					t.Fatalf("card %d: value %+v\n%s", i, v, c.JSON())
				}
			}
		}
	}
}
