package csv

import (
	"testing"

	"kith/contact"
)

// People around a contact and fields of one's own come in from Google's file, are where the window shows them, and go out again.
func TestPeopleAndOwnFields(t *testing.T) {
	_, cards, _ := readAll(t, "First Name,Relation 1 - Label,Relation 1 - Value,Relation 2 - Label,Relation 2 - Value,Relation 3 - Label,Relation 3 - Value,"+
		"Custom Field 1 - Label,Custom Field 1 - Value\nAda,Spouse,William,Godfather,Charles,Friend,William,Work,4711\n", Options{})
	want := []contact.Relation{{Key: "Charles", Name: "Charles", Label: "Godfather"}, {Key: "William", Name: "William", Kind: "friend"}}
	for _, c := range cards {
		if got := c.Relations(); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
			t.Errorf("relations %+v, want %+v", got, want)
		}
		if kind, err := c.Field("/relatedTo/William/relation/spouse"); kind != "true" || err != nil {
			t.Errorf("who is a friend too is no spouse any more: %q, %v", kind, err)
		}
		if got := c.Custom(); len(got) != 1 || got[0].Label != "Work" || got[0].Value != "4711" {
			t.Errorf("own fields %+v", got)
		}
	}
	c := contact.New().WithGiven("Ada").WithRelations([]contact.Relation{{Name: "William", Kind: "spouse"}, {Name: "Mary", Kind: "sibling"},
		{Key: "0199d0c0-0000-7000-8000-000000000001", Name: "Charles", Kind: "kith.app:manager"}, {Name: "Anne", Label: "Mother"}}).
		WithCustom([]contact.Entry{{Label: "User 2", Value: "x"}, {Label: "Shoe size", Value: "38"}})
	for format, want := range map[Format]map[string]string{
		Google: {"First Name": "Ada", "Labels": "* myContacts", "Relation 1 - Label": "Manager", "Relation 1 - Value": "Charles", "Relation 2 - Label": "Mother", "Relation 2 - Value": "Anne",
			"Relation 3 - Label": "Sibling", "Relation 3 - Value": "Mary", "Relation 4 - Label": "Spouse", "Relation 4 - Value": "William",
			"Custom Field 1 - Label": "User 2", "Custom Field 1 - Value": "x", "Custom Field 2 - Label": "Shoe size", "Custom Field 2 - Value": "38"},
		Outlook: {"First Name": "Ada", "Manager's Name": "Charles", "Spouse": "William", "Relation 1 - Label": "Mother", "Relation 1 - Value": "Anne",
			"Relation 2 - Label": "Sibling", "Relation 2 - Value": "Mary", "User 2": "x", "Custom Field 1 - Label": "Shoe size", "Custom Field 1 - Value": "38"},
	} {
		got := cells(t, write(t, format, c))
		for header, value := range want {
			if got[header] != value {
				t.Errorf("%s: %s is %q, want %q", format, header, got[header], value)
			}
			delete(got, header)
		}
		if len(got) > 0 {
			t.Errorf("%s: not expected: %q", format, got)
		}
	}
}

// A column that nothing is known of is a field of one's own in a table of one's own; what only a program writes stays out of sight.
func TestColumnsOfOnesOwn(t *testing.T) {
	for _, tt := range []struct {
		name, file  string
		own, hidden int
	}{
		{"a club's list", "Name,E-mail,Member no.,Boat\nAda,a@example.com,17,Heron\n", 2, 0},
		{"Outlook's", "First Name,E-mail Address,E-mail Type,Sensitivity\nAda,a@example.com,SMTP,Normal\n", 0, 2},
		{"Outlook's, with a field that people may use", "First Name,E-mail Address,E-mail Type,User 1,Sensitivity\nAda,a@example.com,SMTP,Heron,Normal\n", 1, 2},
		{"a column without a name", "Name,E-mail,\nAda,a@example.com,17\n", 0, 1},
	} {
		_, cards, _ := readAll(t, tt.file, Options{})
		if len(cards) != 1 {
			t.Fatalf("%s: %d cards", tt.name, len(cards))
		}
		if own, hidden := len(cards[0].Custom()), len(look(cards[0]).Kept); own != tt.own || hidden != tt.hidden {
			t.Errorf("%s: %d fields of one's own, %d kept: want %d, %d: %s", tt.name, own, hidden, tt.own, tt.hidden, cards[0].JSON())
		}
	}
}
