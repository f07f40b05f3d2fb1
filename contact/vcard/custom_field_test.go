package vcard

import (
	"strings"
	"testing"

	"kith/contact"
)

// What people add of their own is a property that other programs keep, under its label, and comes back the same.
func TestFieldsOfOnesOwn(t *testing.T) {
	c := contact.New().WithGiven("Ada").WithCustom([]contact.Entry{{Label: "Shoe size", Value: "38, or 39; wide"}}).
		WithDates([]contact.DatedEntry{{Kind: contact.OtherDate, Label: "Name day", Date: contact.Date{Month: 7, Day: 26}}}).
		WithServices([]contact.Entry{{Label: "Signal", Value: "ada.15"}}).WithDepartment("Engines").WithSuffix("PhD").WithNickname("Addie")
	for _, v := range []Version{V30, V40} {
		text := string(write(t, v, c))
		for _, want := range []string{"X-KITH-FIELD:38", "X-ABLabel:Shoe size"} {
			if !strings.Contains(strings.ToLower(text), strings.ToLower(want)) {
				t.Errorf("%s has no %q:\n%s", v, want, text)
			}
		}
		if strings.Contains(text, "JSPROP") {
			t.Errorf("%s: something has no property of its own:\n%s", v, text)
		}
		back, _ := readAll(t, []byte(text))
		if got := back[0].Custom(); len(got) != 1 || got[0].Label != "Shoe size" || got[0].Value != "38, or 39; wide" {
			t.Errorf("%s: came back as %+v", v, got)
		}
		if got := back[0].Dates(); len(got) != 1 || got[0].Label != "Name day" || got[0].Date != (contact.Date{Month: 7, Day: 26}) {
			t.Errorf("%s: the date came back as %+v", v, got)
		}
		if got := back[0].Services(); len(got) != 1 || got[0].Label != "Signal" || got[0].Value != "ada.15" {
			t.Errorf("%s: the messenger came back as %+v", v, got)
		}
	}
}
