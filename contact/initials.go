package contact

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Initials are the first characters of the first and the last word of a name as it is shown, without titles and degrees. A name of a script
// whose characters are syllables or words has the first character alone, which is its surname's. "" for a name without letters:
// digits alone are a telephone number, whose first ones tell nobody apart.
func Initials(name string) string {
	if !strings.ContainsFunc(name, unicode.IsLetter) {
		return ""
	}
	var words []string
	for _, part := range splitName(name) {
		if part.kind == "title" || part.kind == "generation" || part.kind == "credential" {
			continue
		}
		for _, w := range strings.Fields(part.value) {
			w = strings.TrimLeftFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
			if w != "" {
				words = append(words, w)
			}
		}
	}
	if len(words) == 0 {
		return ""
	}
	first := firstCharacter(words[0])
	if len(words) == 1 || surnameFirst(first) {
		return first
	}
	return first + firstCharacter(words[len(words)-1])
}

// firstCharacter is the first character as a reader sees it, accents that follow it included, in upper case.
func firstCharacter(word string) string {
	end := norm.NFC.NextBoundaryInString(word, true)
	if end < 1 {
		return ""
	}
	return strings.ToUpper(word[:end])
}
