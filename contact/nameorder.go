package contact

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// nameManner is how the parts of a name stand, by the script of its surname (Unicode CLDR, person names): the same in a window of any
// language.
type nameManner struct {
	familyFirst bool // 山田太郎, 王伟, 김민수
	tight       bool // without a blank; names of katakana alone, which are foreign ones, have one
}

// manner is the manner of these parts; where there is no surname, of the given name.
func manner(parts []component) nameManner {
	surname, given := valueOf(parts, "surname"), valueOf(parts, "given")
	m := nameManner{familyFirst: surnameFirst(cmp.Or(surname, given))}
	m.tight = m.familyFirst && eastAsian(surname+given) && !spelledInKatakana(surname+given)
	return m
}

func valueOf(parts []component, kind string) string {
	if i := slices.IndexFunc(parts, func(p component) bool { return p.kind == kind }); i >= 0 {
		return parts[i].value
	}
	return ""
}

// eastAsian says that every character is of a script whose names begin with the surname.
func eastAsian(s string) bool {
	for _, r := range s {
		if !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) && r != 'ー' && r != '・' {
			return false
		}
	}
	return s != ""
}

func spelledInKatakana(s string) bool {
	for _, r := range s {
		if !unicode.Is(unicode.Katakana, r) && r != 'ー' && r != '・' {
			return false
		}
	}
	return true
}

// arrange brings parts without separators into the manner's order, and says what stands between them. Where that is nothing, blanks of
// their own keep what is in other letters apart: "Dr. 山田太郎".
func (m nameManner) arrange(parts []component) (arranged []component, separator string) {
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b component) int {
		return cmp.Compare(nameRank(a.kind, m.familyFirst), nameRank(b.kind, m.familyFirst))
	})
	if !m.tight {
		return parts, " "
	}
	return spaced(parts), ""
}

// nameRank is the place of a component: a surname that stands first follows the title.
func nameRank(kind string, familyFirst bool) int {
	if kind == "surname" && familyFirst {
		return 2*nameOrder["title"] + 1
	}
	return 2 * cmp.Or(nameOrder[kind], len(nameOrder)+1)
}

// spaced sets blanks between parts of which one is not East Asian.
func spaced(parts []component) []component {
	var out []component
	for i, p := range parts {
		if i > 0 && !(eastAsian(p.value) && eastAsian(parts[i-1].value)) {
			out = append(out, component{"separator", " "})
		}
		out = append(out, p)
	}
	return out
}

// inManner prepares a name object for parts of which somebody has just changed one, and returns the parts as they shall stand. A name that
// goes on being written as before keeps its own order and separators.
func inManner(name map[string]any, before, now []component) []component {
	m := manner(now)
	separator, has := name["defaultSeparator"].(string)
	bare := slices.DeleteFunc(slices.Clone(now), func(p component) bool { return p.kind == "separator" })
	switch {
	case len(before) == 0 || manner(before) != m:
		delete(name, "isOrdered")
		delete(name, "defaultSeparator")
		if !m.familyFirst {
			if len(before) == 0 {
				return now
			}
			bare, _ = m.arrange(bare)
			return bare
		}
		now, separator = m.arrange(bare)
		if name["isOrdered"] = true; separator != " " {
			name["defaultSeparator"] = separator
		}
	case m.tight && has && separator == "":
		now = spaced(bare)
	case m.familyFirst:
		name["isOrdered"] = true
	}
	return now
}

// SortName is what lists order a contact by: Text as the name is spoken, where it is written in characters that do not say so, and Then as
// it is written, between those that sound alike.
type SortName struct{ Text, Then string }

// SortName is for lists by the name as it is shown, without a title before it: Dr. Ada Lovelace stands with the other Adas.
func (c Card) SortName() SortName {
	shown := c.DisplayName()
	if title := c.nameComponent("title"); title != "" {
		if rest := strings.TrimSpace(strings.TrimPrefix(shown, title)); rest != "" {
			shown = rest
		}
	}
	if spoken := c.spokenName(); spoken != "" && c.FullName() != "" {
		return SortName{spoken, shown}
	}
	return SortName{shown, shown}
}

// FamilySortName is for lists by surname, as in a telephone directory; name.sortAs (RFC 9553, section 2.2.1.5) says where to look for one
// with particles. Without a surname it is SortName.
func (c Card) FamilySortName() SortName {
	written := c.FamilyName()
	surname, given := c.sortedAs("surname"), c.sortedAs("given")
	if surname == "" {
		return c.SortName()
	}
	return SortName{strings.TrimSpace(surname + " " + given), written}
}

// sortedAs is the text by which a component is ordered.
func (c Card) sortedAs(kind string) string {
	if as := text(object(object(c.members["name"])["sortAs"])[kind]); as != "" {
		return as
	}
	written := c.nameComponent(kind)
	if phonetic := c.Phonetic(kind); phonetic != "" && hasHan(written) {
		return phonetic
	}
	return written
}

// spokenName is the name with the readings of its characters, its parts in the order in which they are shown; "" : no reading is known.
func (c Card) spokenName() string {
	name := object(c.members["name"])
	parts := components(name)
	if ordered, _ := name["isOrdered"].(bool); !ordered {
		parts, _ = manner(parts).arrange(parts)
	}
	var spoken []string
	known := false
	for _, p := range parts {
		if p.kind == "separator" || p.value == "" {
			continue
		}
		if phonetic := c.Phonetic(p.kind); phonetic != "" && hasHan(p.value) {
			p.value, known = phonetic, true
		}
		spoken = append(spoken, p.value)
	}
	if !known {
		return ""
	}
	return strings.Join(spoken, " ")
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// FamilyFirst says whether the name begins with the surname; named is false for a name without both parts, which begins with neither.
func (c Card) FamilyFirst() (first, named bool) {
	name := object(c.members["name"])
	parts := components(name)
	if ordered, _ := name["isOrdered"].(bool); !ordered {
		parts, _ = manner(parts).arrange(parts)
	}
	place := func(kind string) int {
		return slices.IndexFunc(parts, func(p component) bool { return p.kind == kind })
	}
	surname, given := place("surname"), place("given")
	return surname < given, surname >= 0 && given >= 0
}
