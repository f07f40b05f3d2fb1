package duplicate

import (
	"strings"
	"unicode"

	"kith/contact"
)

// latin gives letters of other alphabets as they are commonly written in Latin ones: the passport's spelling of a Russian, Ukrainian
// or Greek name. Folding has taken accents off before.
var latin = strings.NewReplacer(
	"щ", "shch", "ж", "zh", "х", "kh", "ц", "ts", "ч", "ch", "ш", "sh", "ю", "yu", "я", "ya", "є", "ye", "ї", "i", "ґ", "g",
	"а", "a", "б", "b", "в", "v", "г", "g", "д", "d", "е", "e", "з", "z", "и", "i", "й", "i", "і", "i", "к", "k", "л", "l", "м", "m",
	"н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "ъ", "", "ы", "y", "ь", "", "э", "e",
	"θ", "th", "χ", "ch", "ψ", "ps", "ξ", "x", "ου", "ou", "α", "a", "β", "v", "γ", "g", "δ", "d", "ε", "e", "ζ", "z", "η", "i", "ι", "i",
	"κ", "k", "λ", "l", "μ", "m", "ν", "n", "ο", "o", "π", "p", "ρ", "r", "σ", "s", "τ", "t", "υ", "y", "φ", "f", "ω", "o",
)

// spellings are the same letter written in two ways: Müller is Mueller, and Muller to a machine without the letter; Jörg, Joerg, Jorg.
var spellings = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u", "ph", "f")

// plain is a text as names are compared: folded, in Latin letters where there is a common spelling, one kana for both.
func plain(s string) string {
	folded := contact.Fold(s)
	ascii := true
	for i := 0; i < len(folded); i++ {
		if folded[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if !ascii {
		folded = strings.Map(hiragana, latin.Replace(folded))
	}
	return spellings.Replace(folded)
}

// hiragana gives the hiragana of a katakana: the two write the same sounds.
func hiragana(r rune) rune {
	if r >= 'ァ' && r <= 'ヶ' {
		return r - 'ァ' + 'ぁ'
	}
	return r
}

// tokens are the words of a text for comparison. An apostrophe joins (O’Brien, OBrien); any other sign parts.
func tokens(s string) []string {
	s = strings.Map(func(r rune) rune {
		if r == '\'' || r == '’' || r == 'ʼ' || r == '`' || r == '´' {
			return -1
		}
		return r
	}, s)
	return strings.FieldsFunc(plain(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
}

// closeTo reports whether two words are a slip of the pen apart: one letter changed, missing or exchanged with its neighbour, two in
// long words. Words of scripts in which each sign is a word are close to themselves alone.
func closeTo(a, b string) bool {
	x, y := []rune(a), []rune(b)
	shorter := min(len(x), len(y))
	if shorter < 4 || x[0] > 0x2e7f || y[0] > 0x2e7f || max(len(x), len(y))-shorter > 2 {
		return false
	}
	most := 1
	if shorter >= 8 {
		most = 2
	}
	return distance(x, y) <= most
}

// distance is the number of changed, missing and exchanged letters between two words (Damerau and Levenshtein's, in its form
// without overlaps).
func distance(a, b []rune) int {
	before, last, this := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		this[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			this[j] = min(last[j]+1, this[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				this[j] = min(this[j], before[j-2]+1)
			}
		}
		before, last, this = last, this, before
	}
	return last[len(b)]
}
