package ui

import (
	"testing"
	"time"

	"kith/contact"
)

func TestReadAs(t *testing.T) {
	for _, test := range []struct{ system, text, want string }{
		{"de_DE.UTF-8", "3.4.1990", "3 April 1990"}, {"en_US.UTF-8", "4/3/1990", "April 3, 1990"}, {"en_GB.UTF-8", "4/3/1990", "4 March 1990"},
		{"en_GB.UTF-8", "24.12.1990", ""}, {"en_GB.UTF-8", "4 March 1990", ""}, {"en_GB.UTF-8", "soon", ""}, {"en_GB.UTF-8", "", ""},
		{"ja_JP.UTF-8", "4/3", "3 April"},
	} {
		t.Setenv("LC_ALL", test.system)
		if got := readAs(test.text); got != test.want {
			t.Errorf("%s: %q is read as %q, want %q", test.system, test.text, got, test.want)
		}
	}
}

func TestMomentFollowsTheSystem(t *testing.T) {
	now := time.Date(2026, 4, 20, 9, 0, 0, 0, time.UTC)
	for system, want := range map[string]string{"en_US.UTF-8": "April 3, 3:04 PM", "en_GB.UTF-8": "3 April, 15:04", "de_DE.UTF-8": "3 April, 15:04"} {
		t.Setenv("LC_ALL", system)
		if got := moment(time.Date(2026, 4, 3, 15, 4, 0, 0, time.UTC), now); got != want {
			t.Errorf("%s: %q, want %q", system, got, want)
		}
	}
	t.Setenv("LC_ALL", "de_DE.UTF-8")
	if got := parseError(t, "13.13.1990"); got != "type a date like 24 December 1990, 24.12.1990, or 24 December" {
		t.Errorf("the way out is %q", got)
	}
}

func parseError(t *testing.T, text string) string {
	t.Helper()
	_, err := parseDate(text)
	if err == nil {
		t.Fatalf("%q is a date", text)
	}
	return err.Error()
}

func TestOrderOfNameFields(t *testing.T) {
	kanji, latin := contact.New().WithSurname("山田").WithGiven("太郎"), contact.New().WithFullName("Ada Lovelace")
	for _, test := range []struct {
		name, system string
		c            contact.Card
		familyFirst  bool
		spoken       bool
	}{
		{"new in English", "en_GB.UTF-8", contact.New(), false, false},
		{"new in Hungary", "hu_HU.UTF-8", contact.New(), true, false},
		{"kanji in English", "en_GB.UTF-8", kanji, true, false},
		{"a Western name in Hungary", "hu_HU.UTF-8", latin, false, false},
		{"an organization", "hu_HU.UTF-8", contact.New().WithOrganization("Acme"), true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("LC_ALL", test.system)
			h := newHarness(t)
			e := h.editor
			e.edit("", contact.New(), test.c, false)
			if first := e.nameParts.Objects[0] == e.surname; first != test.familyFirst {
				t.Errorf("the surname comes first: %v", first)
			}
			if first := e.spokenParts.Objects[0] == e.spoken[1]; first != test.familyFirst {
				t.Errorf("its reading comes first: %v", first)
			}
		})
	}
}
