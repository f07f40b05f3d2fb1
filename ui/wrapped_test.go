package ui

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text string
		want string
	}{
		{"", ""},
		{"Ada Lovelace", "Ada|Lovelace"},
		{"A B C D", "A B C D"},
		{"Augusta Ada King", "Augusta|Ada King"},
		{"Wolfeschlegelstein B", "Wolfes|chlege|lstein B"},
		{"山田太郎という名前の長い人", "山田太郎という名|前の長い人"},
		{"von Hohen-Sig", "von|Hohen-|Sig"},
		{"ada@example.org/a", "ada@|example.|org/a"},
		{"abe\u0301de\u0301fghij", "abe\u0301de\u0301|fghij"},
		{"  spaces   inside  ", "spaces|inside"},
	} {
		got := strings.Join(wrap(tt.text, 8, func(s string) float32 { return float32(utf8.RuneCountInString(s)) }), "|")
		if got != tt.want {
			t.Errorf("%q: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// A name of any length is shown whole above its contact.
func TestLongNameIsWhole(t *testing.T) {
	name := "Wolfeschlegelsteinhausenbergerdorff Welche Vor Altern Waren Gewissenhaft Schafers Wessen Schafe Waren Wohl Gepflege"
	h := newHarness(t, person(name, "Hohenstein"))
	h.list.choose(0)
	h.untilShown(name + " Hohenstein")
	var shown []string
	for _, line := range h.view.name.lines {
		shown = append(shown, line.Text)
		if line.MinSize().Width > h.view.name.Size().Width {
			t.Errorf("%q is wider than its place", line.Text)
		}
	}
	if got := strings.Join(shown, " "); len(shown) < 2 || strings.ReplaceAll(got, " ", "") != strings.ReplaceAll(name+"Hohenstein", " ", "") {
		t.Errorf("shown: %q", got)
	}
	if bottom := h.view.name.Position().Y + h.view.name.Size().Height; h.view.do.Position().Y < bottom {
		t.Errorf("the actions at %v lie over the name, which ends at %v", h.view.do.Position().Y, bottom)
	}
}

// A name of one long word is drawn smaller before it is broken, and no smaller than it need be.
func TestLongWordShrinks(t *testing.T) {
	newHarness(t, person("Ada", "Lovelace")) // for its theme
	title := newWrappedTitle(sizeTitle)
	word := strings.Repeat("Wolfesch", 4)
	full := title.measure(word, title.Theme().Size(sizeTitle)).Width
	for _, tt := range []struct {
		width, size float32 // parts of the full ones
		lines       int
	}{{1.1, 1, 1}, {0.8, 0.8, 1}, {0.7, 0.7, 1}, {0.5, brokenSize, 2}} {
		title.text = word
		title.breakLines(full * tt.width)
		if got := title.drawn / title.Theme().Size(sizeTitle); len(title.lines) != tt.lines || got < tt.size-0.05 || got > tt.size+0.01 {
			t.Errorf("in %v of its width: %v of its size, in %d lines; want %v in %d", tt.width, got, len(title.lines), tt.size, tt.lines)
		}
	}
}
