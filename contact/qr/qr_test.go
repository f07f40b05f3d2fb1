package qr

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"kith/contact"
	"kith/contact/contacttest"
	"kith/contact/vcard"
)

func ada() contact.Card {
	return contact.New().WithGiven("Ada").WithSurname("Lovelace; née Byron").WithOrganization("Analytical, Society").WithTitle("Countess").
		WithPhones([]contact.Entry{{Value: "+44 20 7946 0958", Kind: "mobile"}, {Value: "+44 20 7946 0321", Kind: "work"}}).
		WithEmails([]contact.Entry{{Value: "ada@example.org", Kind: "private"}}).
		WithBirthday(contact.Date{Year: 1815, Month: 12, Day: 10}).WithNote("Two\nlines")
}

// What a camera reads is what the contact holds: our own reader of vCards finds all of it again.
func TestOf(t *testing.T) {
	code, err := Of(ada())
	if err != nil {
		t.Fatal(err)
	}
	back, err := vcard.NewReader(strings.NewReader(code.Text)).Next()
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"given", "surname", "org", "title", "phone", "email", "birthday", "note"} {
		want, _ := ada().Field(field)
		if got, err := back.Field(field); err != nil || got != want {
			t.Errorf("%s = %q, %v; want %q", field, got, err, want)
		}
	}
	if len(back.Phones()) != 2 || back.Phones()[0].Kind != "mobile" || len(code.Left) != 0 {
		t.Errorf("phones %+v, left out %v", back.Phones(), code.Left)
	}
}

func TestWhatDoesNotFit(t *testing.T) {
	long := strings.Repeat("a long note ", 100)
	tests := []struct {
		name string
		card contact.Card
		left []string
		has  string
	}{
		{"a long note", ada().WithNote(long), []string{"notes"}, "TEL;TYPE=CELL:+44 20 7946 0958"},
		{"a birthday without its year", ada().WithBirthday(contact.Date{Month: 12, Day: 10}), []string{"anniversaries"}, "NOTE:Two\\nlines"},
		{"no name but an organization", contact.New().WithOrganization("Analysts"), nil, "N:;Analysts\r\nFN:Analysts\r\n"},
		{"many addresses", ada().WithAddresses(many(20)), []string{"addresses"}, "ORG:Analytical\\, Society"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			code, err := Of(tt.card)
			if err != nil {
				t.Fatal(err)
			}
			for _, member := range tt.left {
				if !slices.Contains(code.Left, member) {
					t.Errorf("left out %v; want %s among them", code.Left, member)
				}
			}
			if len(tt.left) == 0 && len(code.Left) > 0 || !strings.Contains(code.Text, tt.has) || len(code.Text) > comfortable {
				t.Errorf("left out %v, %d bytes: %q", code.Left, len(code.Text), code.Text)
			}
		})
	}
	if _, err := Of(contact.New().WithFullName(long)); !errors.Is(err, ErrTooLong) {
		t.Errorf("a name of %d letters: %v", len(long), err)
	}
}

func many(n int) []contact.Address {
	all := make([]contact.Address, n)
	for i := range all {
		all[i] = contact.Address{Street: strings.Repeat("Street ", i+1), Locality: "London"}
	}
	return all
}

// A code has the shape that cameras look for, whatever is in it.
func TestShape(t *testing.T) {
	for i := range 200 {
		card := contacttest.Realistic(3, i)
		code, err := Of(card)
		if err != nil {
			t.Fatalf("%s: %v", card.JSON(), err)
		}
		if code.Size > 77 || (code.Size-17)%4 != 0 {
			t.Errorf("%d modules a side", code.Size)
		}
		for _, corner := range [][2]int{{0, 0}, {code.Size - 7, 0}, {0, code.Size - 7}} {
			for y := range 7 {
				for x := range 7 {
					ring := max(max(x-3, 3-x), max(y-3, 3-y)) // ISO 18004 section 6.3.3: dark 3x3, light, dark
					if got := code.Dark(corner[0]+x, corner[1]+y); got != (ring != 2) {
						t.Fatalf("no finder pattern at %v", corner)
					}
				}
			}
		}
		if code.Dark(-1, 0) || code.Dark(0, code.Size) {
			t.Error("the quiet zone is dark")
		}
	}
}
