package ui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/contact"
)

// matchIn is where in a text the first of a search's words stands, as bytes from and to: at the start of a word, accents and case
// ignored, as the search itself does; or where a phone number has what was typed of it, whatever stands between its digits. ok is false if
// none does.
func matchIn(text, query string) (from, to int, ok bool) {
	for _, typed := range numbersIn(query) {
		for _, digits := range nationalToo(typed) {
			if from, to, ok := digitsIn(text, digits); ok {
				return from, to, true
			}
		}
	}
	for word := range strings.FieldsSeq(query) {
		if from, to, ok := wordIn(text, contact.Fold(word)); ok {
			return from, to, true
		}
	}
	return 0, 0, false
}

func wordIn(text, folded string) (from, to int, ok bool) {
	if folded == "" {
		return 0, 0, false
	}
	before := ' '
	for i, r := range text {
		starts := !inWord(before) && inWord(r) || ideographic(string(r))
		before = r
		if !starts {
			continue
		}
		// One character may fold to several (ß) and several to one (e and its accent): the shortest part that folds to the word.
		for end := i; end < len(text) && end-i <= 4*len(folded); {
			_, size := utf8.DecodeRuneInString(text[end:])
			end += size
			f := contact.Fold(text[i:end])
			if strings.HasPrefix(f, folded) {
				return i, end, true
			}
			if !strings.HasPrefix(folded, f) {
				break
			}
		}
	}
	return 0, 0, false
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func ideographic(word string) bool {
	for _, r := range word {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
	}
	return false
}
