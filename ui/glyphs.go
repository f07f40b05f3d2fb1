package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"kith/contact"
)

// nowhere is a noncharacter (Unicode 16.0, section 23.7): no font has it, so it is as wide as the box that is drawn for a missing one.
const nowhere = "\ufdd0"

// drawable says whether there is a font for a character. Fyne looks for one in the system as it draws, and does not tell what it found; the
// width of the box gives it away, at a size at which hardly any real character has the same. Fyne remembers what it measured.
func drawable(r rune) bool {
	if r < 0x0530 || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) { // Latin, Greek and Cyrillic come with the program; marks have no width
		return true
	}
	const size = 100
	bold := fyne.TextStyle{Bold: true}
	return fyne.MeasureText(string(r), size, bold).Width != fyne.MeasureText(nowhere, size, bold).Width
}

// noGlyph stands where a character has no font here.
const noGlyph = "•"

// shownLetter is a section's letter as the rail can draw it.
func shownLetter(letter string) string {
	if strings.ContainsFunc(letter, func(r rune) bool { return !drawable(r) }) {
		return noGlyph
	}
	return letter
}

// monogram is what an avatar without a photo shows; "" : the picture of a person, for there is no letter.
func monogram(name string) string {
	initials := contact.Initials(name)
	seen := strings.Map(func(r rune) rune {
		if drawable(r) {
			return r
		}
		return -1
	}, initials)
	if seen == "" && initials != "" {
		return noGlyph
	}
	return seen
}

// shownName is a name as it can be drawn: a word in a script that has no font here is a dot, and where nothing else is left, it is said so.
// The first letter of a word stands for its script.
func shownName(name string) string {
	if !strings.ContainsFunc(name, func(r rune) bool { return r >= 0x0530 }) {
		return name
	}
	words, seen, hidden := strings.Fields(name), false, false
	for i, word := range words {
		at := strings.IndexFunc(word, func(r rune) bool { return unicode.IsLetter(r) && r >= 0x0530 })
		if at < 0 {
			seen = true
			continue
		}
		if r, _ := utf8.DecodeRuneInString(word[at:]); drawable(r) {
			seen = true
			continue
		}
		words[i], hidden = noGlyph, true
	}
	switch {
	case !hidden:
		return name
	case !seen:
		return lang.L("No font for this name")
	}
	return strings.Join(words, " ")
}
