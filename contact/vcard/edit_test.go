package vcard

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kith/contact"
)

// unfolded are the content lines of a file, one a line.
func unfolded(file []byte) []string {
	return strings.Split(strings.ReplaceAll(string(file), "\r\n ", ""), "\r\n")
}

// changed are the lines that one of the two has and the other lacks.
func changed(before, after []byte) (gone, come []string) {
	gone, come = unfolded(before), unfolded(after)
	for _, line := range slices.Clone(gone) {
		if i := slices.Index(come, line); i >= 0 {
			come = slices.Delete(come, i, i+1)
			i = slices.Index(gone, line)
			gone = slices.Delete(gone, i, i+1)
		}
	}
	return gone, come
}

// One edited value changes one line of the card, whatever program it came from, and its parameters stay.
func TestOneEditChangesOneLine(t *testing.T) {
	edits := []struct {
		name string
		edit func(contact.Card) contact.Card
	}{
		{"phone", func(c contact.Card) contact.Card {
			e := c.Phones()
			if len(e) > 0 {
				e[len(e)-1].Value = "+1 555 0000 changed"
			}
			return c.WithPhones(e)
		}},
		{"email", func(c contact.Card) contact.Card {
			e := c.Emails()
			if len(e) > 0 {
				e[0].Value = "changed@example.com"
			}
			return c.WithEmails(e)
		}},
		{"address", func(c contact.Card) contact.Card {
			a := c.Addresses()
			if len(a) > 0 {
				a[0].Locality = "Changed, by the Sea"
			}
			return c.WithAddresses(a)
		}},
		{"note", func(c contact.Card) contact.Card { return withIf(c, c.Note(), c.WithNote) }},
		{"title", func(c contact.Card) contact.Card { return withIf(c, c.Title(), c.WithTitle) }},
		{"organization", func(c contact.Card) contact.Card { return withIf(c, c.Organization(), c.WithOrganization) }},
		{"birthday", func(c contact.Card) contact.Card {
			if c.Birthday().IsZero() {
				return c
			}
			return c.WithBirthday(contact.Date{Year: 1911, Month: 1, Day: 2})
		}},
	}
	for _, file := range corpus(t) {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cards, _ := readAll(t, raw)
		_, versions := blocks(t, raw)
		for i, c := range cards {
			for _, e := range edits {
				edited := e.edit(c)
				if edited.Equal(c) {
					continue
				}
				gone, come := changed(write(t, versions[i], c), write(t, versions[i], edited))
				if len(gone) != 1 || len(come) != 1 {
					t.Errorf("%s card %d: %s changed\n from %q\n to   %q", filepath.Base(file), i, e.name, gone, come)
				}
			}
		}
	}
}

func withIf(c contact.Card, value string, with func(string) contact.Card) contact.Card {
	if value == "" {
		return c
	}
	return with("changed, and with marks; of all \\ kinds")
}

func TestEditKeepsTheLineItsOwn(t *testing.T) {
	file := "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nitem1.TEL;type=CELL;type=pref;X-ANY=1:+1\r\nitem1.X-ABLabel:_$!<Mobile>!$_\r\nEND:VCARD\r\n"
	cards, _ := readAll(t, []byte(file))
	phones := cards[0].Phones()
	phones[0].Value, phones[0].Label = "+2", "Boat"
	out := write(t, V30, cards[0].WithPhones(phones))
	for _, want := range []string{"item1.TEL;TYPE=CELL,pref;X-ANY=1:+2\r\n", "item1.X-ABLabel:Boat\r\n"} {
		if !bytes.Contains(out, []byte(want)) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}

// A label that the user gives to an entry gets a group of its own.
func TestNewLabelGetsAFreeGroup(t *testing.T) {
	file := "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\r\nTEL:1\r\nTEL:2\r\nitem1.X-FOO:b\r\nEND:VCARD\r\n"
	cards, _ := readAll(t, []byte(file))
	phones := cards[0].Phones()
	phones[0].Label, phones[1].Label = "Boat", "Quay"
	again, _ := readAll(t, write(t, V40, cards[0].WithPhones(phones)))
	got := again[0].Phones()
	if len(got) != 2 || got[0].Label != "Boat" || got[1].Label != "Quay" {
		t.Errorf("labels are %+v", got)
	}
}
