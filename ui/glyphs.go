package ui

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"

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
