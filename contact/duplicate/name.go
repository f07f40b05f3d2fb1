package duplicate

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kith/contact"
)

// personName is a person's name as it is compared: words in the order in which they were written.
type personName struct {
	given, middle, surname []string
	generation             string   // "jr", "sr", "ii", …
	joined                 string   // all words but the generation, without blanks between: 山田太郎 is 山田 太郎
	sorted                 []string // the same words in the alphabet's order: Ada Lovelace is Lovelace Ada
	reading                string   // how it is read, in kana, where a name of Chinese characters says so
}

func (n personName) isZero() bool { return len(n.sorted) == 0 }

// isWhole reports whether it is more than one word: half a name says nothing. Chinese characters need no blank.
func (n personName) isWhole() bool {
	return len(n.sorted) > 1 || n.joined != "" && first(n.joined) > 0x2e7f && utf8.RuneCountInString(n.joined) > 2
}

// readName takes the name apart; a name that has no components is parted as the window parts what people type.
func readName(c contact.Card) personName {
	parts := c.NameParts()
	if len(parts) == 0 && c.FullName() != "" {
		parts = contact.Card{}.WithFullName(c.FullName()).NameParts()
	}
	var n personName
	var readings []string
	for _, p := range parts {
		words := tokens(p.Value)
		switch p.Kind {
		case "given":
			if len(words) > 1 && len(n.given) == 0 && !strings.Contains(p.Value, "-") { // María José, John Edward
				n.given, n.middle = words[:1], append(n.middle, words[1:]...)
			} else {
				n.given = append(n.given, words...)
			}
		case "given2":
			n.middle = append(n.middle, words...)
		case "surname", "surname2":
			n.surname = append(n.surname, words...)
		case "generation":
			n.generation = generation(words)
		default:
			continue
		}
		if p.Phonetic != "" {
			readings = append(readings, tokens(p.Phonetic)...)
		}
	}
	n.sorted = slices.Concat(n.given, n.middle, n.surname)
	n.joined = strings.Join(slices.Concat(n.surname, n.given, n.middle), "")
	slices.Sort(n.sorted)
	n.reading = strings.Join(readings, "")
	if n.reading == "" && isKana(n.joined) {
		n.reading = n.joined
	}
	return n
}

// generation gives one word for the ways to write which one of a family's namesakes is meant.
func generation(words []string) string {
	if len(words) == 0 {
		return ""
	}
	switch w := words[0]; w {
	case "junior", "jr", "jun", "jnr", "2nd":
		return "jr"
	case "senior", "sr", "sen", "snr":
		return "sr"
	default:
		return w
	}
}

func isKana(s string) bool {
	for _, r := range s {
		if !unicode.In(r, unicode.Hiragana, unicode.Katakana) && r != 'ー' {
			return false
		}
	}
	return s != ""
}

// relation says how two names stand to each other.
type relation int

const (
	nameless    relation = iota // one of them, or both, is missing
	different                   // two people's names
	family                      // one surname, two given names
	renamed                     // one given name, two surnames
	partial                     // one is a part of the other
	initials                    // J. Smith, John Smith
	similar                     // a short form, a slip of the pen
	sameReading                 // one written in other signs
	same
)

// compareNames relates two names, and says in which kind of words (a Reason's) they are related.
func compareNames(a, b personName) relation {
	switch {
	case a.isZero() || b.isZero():
		return nameless
	case slices.Equal(a.sorted, b.sorted), a.joined == b.joined:
		return same
	case a.reading != "" && a.reading == b.reading:
		return sameReading
	}
	forward := compareOrdered(a, b)
	if len(a.given) > 0 && len(a.surname) > 0 { // the other program asked for the names in the other order
		swapped := a
		swapped.given, swapped.surname = a.surname, a.given
		return max(forward, min(compareOrdered(swapped, b), similar))
	}
	return forward
}

func compareOrdered(a, b personName) relation {
	given := compareGiven(a.given, b.given)
	surname := compareSurnames(a.surname, b.surname)
	switch {
	case surname == same && given == same:
		if middlesDiffer(a.middle, b.middle) {
			return initials // as weak: it may be a cousin
		}
		return same
	case surname >= similar && given >= initials:
		if middlesDiffer(a.middle, b.middle) {
			return different
		}
		if surname == similar && given == similar {
			return initials // two slips in one name are a weaker sign
		}
		return min(surname, given)
	case surname == nameless && given >= similar, given == nameless && surname >= similar:
		return partial
	case surname >= similar && given == different:
		return family
	case surname == different && given == same:
		return renamed
	}
	return different
}

// compareGiven relates given names: nameless, different, initials, similar or same.
func compareGiven(a, b []string) relation {
	if len(a) == 0 || len(b) == 0 {
		return nameless
	}
	x, y := strings.Join(a, ""), strings.Join(b, "")
	switch {
	case x == y:
		return same
	case utf8.RuneCountInString(x) == 1 || utf8.RuneCountInString(y) == 1:
		if first(x) == first(y) {
			return initials
		}
		return different
	case a[0] == b[0] && (len(a) == 1 || len(b) == 1): // Anna, Anna-Lena
		return similar
	case nicknames().same(x, y), nicknames().same(a[0], b[0]), closeTo(x, y):
		return similar
	}
	return different
}

// compareSurnames relates surnames: nameless, different, similar or same. One of a double name, and one of two surnames, is similar.
func compareSurnames(a, b []string) relation {
	if len(a) == 0 || len(b) == 0 {
		return nameless
	}
	x, y := strings.Join(a, ""), strings.Join(b, "")
	switch {
	case x == y:
		return same
	case closeTo(x, y), within(a, b), within(b, a):
		return similar
	}
	return different
}

// within reports whether one of b's words is all of a: Schmidt in Schmidt-Rottluff, García in García Márquez. Particles are no name.
func within(a, b []string) bool {
	return len(a) == 1 && utf8.RuneCountInString(a[0]) > 2 && slices.Contains(b, a[0])
}

// middlesDiffer reports whether both have middle names, and they are not each other's initials.
func middlesDiffer(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	for i := range min(len(a), len(b)) {
		x, y := a[i], b[i]
		short := utf8.RuneCountInString(x) == 1 || utf8.RuneCountInString(y) == 1
		if x != y && !(short && first(x) == first(y)) && !closeTo(x, y) && !nicknames().same(x, y) {
			return true
		}
	}
	return false
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// key is the same for names that may be one: the given name by all its short forms, and the last surname, in the alphabet's order. A name
// without one of the two has none: half a name finds too many.
func (n personName) key() string {
	if len(n.given) == 0 || len(n.surname) == 0 {
		if len(n.sorted) == 1 && n.reading == "" && utf8.RuneCountInString(n.sorted[0]) < 3 {
			return ""
		}
		return strings.Join(n.sorted, " ")
	}
	words := []string{nicknames().classOf(n.given[0]), n.surname[len(n.surname)-1]}
	slices.Sort(words)
	return strings.Join(words, " ")
}
