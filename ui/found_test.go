package ui

import (
	"strings"
	"testing"

	"kith/contact"
)

func TestFoundIn(t *testing.T) {
	card := person("Ada", "Lovelace").WithNote("First line.\nMet her at the conference on engines in London, with Charles.").
		WithPhones([]contact.Entry{{Value: "+44 20 7946 0958"}, {Value: "0151 234 567"}}).
		WithAddresses([]contact.Address{{Street: "12 St James’s Square", Locality: "London"}})
	for _, tt := range []struct{ words, want string }{
		{"0151234", "0151 234 567"},
		{"square", "12 St James’s Square"},
		{"first", "First line."},
		{"charles", "…in London, with Charles."},
		{"met", "Met her at the conference on engines in London, with Charles."},
		{"nothing", ""},
		{"nothing square", "12 St James’s Square"},
	} {
		if got := foundIn(card, strings.Fields(tt.words)); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.words, got, tt.want)
		}
	}
}

// TestSearchSaysWhatItFound: a row says what the search found where neither name nor second line shows it, and marks it.
func TestSearchSaysWhatItFound(t *testing.T) {
	ada := person("Ada", "Lovelace").WithTitle("Countess").WithNote("Knows all about engines")
	grace := person("Grace", "Hopper").WithTitle("Engineer")
	h := newHarness(t, ada, grace)
	h.untilListed("Ada Lovelace", "Grace Hopper")
	second := func(place int) string { return h.list.rowState(place).row.Subtitle }
	search := func(text string, want ...string) {
		t.Helper()
		h.list.search.SetText(text)
		h.until(t, "the answer to "+text, func() bool {
			return h.list.shownText == text && len(h.list.order) == len(want) && h.list.listing.cancel == nil
		})
		for i, w := range want {
			if got := second(i); got != w {
				t.Errorf("%q: the second line of row %d is %q, want %q", text, i, got, w)
			}
		}
	}
	search("engin", "Knows all about engines", "Engineer")
	search("ada engines", "Knows all about engines")
	row := h.list.list.body.used[0]
	if row.nameMark.Hidden || row.subtitleMark.Hidden {
		t.Errorf("marked: name %v, second line %v", !row.nameMark.Hidden, !row.subtitleMark.Hidden)
	}
	search("countess", "Countess")
	search("ada", "Countess")
	if row := h.list.list.body.used[0]; row.nameMark.Hidden || !row.subtitleMark.Hidden {
		t.Errorf("marked: name %v, second line %v", !row.nameMark.Hidden, !row.subtitleMark.Hidden)
	}
	search("", "Countess", "Engineer")
}
