package ui

import (
	"strings"
	"testing"

	"kith/contact"
)

// A character without a font is a dot; a name without letters is a person.
func TestMonogram(t *testing.T) {
	const tagalog = "\u1700" // a letter of which no font of this kind knows
	if drawable([]rune(nowhere)[0]) || !drawable('A') || !drawable('Ж') {
		t.Fatal("what can be drawn is not told from what can't")
	}
	tests := []struct{ name, want string }{
		{"Ada Lovelace", "AL"}, {"", ""}, {"+49 170 1234567", ""}, {"(030) 901820", ""}, {"ada@example.org", "A"}, {"3M", "3"}, {"🎈", ""},
		{"Émile Zola", "ÉZ"}, {"\U000e0fff", ""},
	}
	if !drawable([]rune(tagalog)[0]) {
		tests = append(tests, []struct{ name, want string }{{tagalog, noGlyph}, {"Ada " + tagalog, "A"}}...)
	}
	for _, tt := range tests {
		if got := monogram(tt.name); got != tt.want {
			t.Errorf("monogram(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
	for letter, want := range map[string]string{"A": "A", "#": "#", "": "", "Б": "Б", nowhere: noGlyph} {
		if got := shownLetter(letter); got != want {
			t.Errorf("shownLetter(%q) = %q, want %q", letter, got, want)
		}
	}
}

// A word in a script without a font is a dot, and a name of nothing else says so; what can be drawn stays.
func TestShownName(t *testing.T) {
	const tagalog = "\u1700\u1703"
	tests := []struct{ name, want string }{{"", ""}, {"Ada Lovelace", "Ada Lovelace"}, {"Иван Петров", "Иван Петров"}, {"Sunny 🌻", "Sunny 🌻"}, {"🎈  🎈", "🎈  🎈"}}
	if !drawable([]rune(tagalog)[0]) {
		tests = append(tests, []struct{ name, want string }{{tagalog, "No font for this name"}, {tagalog + " " + tagalog, "No font for this name"},
			{"Ada (" + tagalog + ")", "Ada " + noGlyph}, {tagalog + " 🎈", noGlyph + " 🎈"}}...)
	}
	for _, tt := range tests {
		if got := shownName(tt.name); got != tt.want {
			t.Errorf("shownName(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// The avatar in the list and that above the contact show the same, whatever was shown before.
func TestAvatarOfNobody(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"), contact.New().WithPhones([]contact.Entry{{Value: "+49 170 1234567"}}))
	h.untilListed("+49 170 1234567", "Ada Lovelace")
	for _, at := range []int{1, 0, 1, 0} {
		h.list.choose(at)
		want := map[int]string{0: "", 1: "AL"}[at]
		h.until(t, "it is shown", func() bool { return h.view.shown.Row == h.list.rowState(at).row.RowID })
		if face := h.view.face; face.text.Text != want || face.nobody.Visible() != (want == "") {
			t.Errorf("the avatar of row %d says %q, with a person: %v", at, face.text.Text, face.nobody.Visible())
		}
	}
}

// What is longer than a line is shown whole: an address, a link, a role.
func TestLongValuesAreWhole(t *testing.T) {
	address := strings.Repeat("somebody.with.a.long.", 5) + "name@mail.example.org"
	link := "https://example.org/" + strings.Repeat("a/path/that/goes/on/", 12) + "?and=" + strings.Repeat("x", 120)
	org := strings.TrimSpace(strings.Repeat("Analytical Society ", 8))
	h := newHarness(t, person("Ada", "Lovelace").WithEmails([]contact.Entry{{Value: address}}).WithLinks([]contact.Entry{{Value: link}}).WithOrganization(org))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	texts := map[string]*wrapped{address: findRow(h.view.blocks, "mailto:").text, org: h.view.role}
	texts[link] = findRow(h.view.blocks, "https").text
	for want, text := range texts {
		shown := ""
		for _, line := range text.lines {
			shown += line.Text
			if line.MinSize().Width > text.Size().Width {
				t.Errorf("%q is wider than its place", line.Text)
			}
		}
		if len(text.lines) < 2 || strings.ReplaceAll(shown, " ", "") != strings.ReplaceAll(want, " ", "") {
			t.Errorf("shown: %q, want %q", shown, want)
		}
		if need := text.lineHeight() * float32(len(text.lines)); text.Size().Height < need-1 {
			t.Errorf("%d lines have the height %v, and need %v", len(text.lines), text.Size().Height, need)
		}
	}
}
