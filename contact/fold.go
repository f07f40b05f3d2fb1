package contact

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// foldings are letters that compatibility decomposition leaves whole, though people type them without their stroke or ligature.
var foldings = strings.NewReplacer(
	"ø", "o", "ł", "l", "đ", "d", "ð", "d", "ħ", "h", "ŧ", "t", "þ", "th", "ß", "ss", "æ", "ae", "œ", "oe", "ı", "i", "ŋ", "n", "ƒ", "f", "ς", "σ",
)

// Fold is what search compares: lower case, no accents (ø, ł, ß, æ too), width and compatibility forms folded, blanks made one.
// Marks that make another letter rather than an accent (dakuten, vowel signs of Indic scripts) stay.
func Fold(s string) string {
	if plain(s) {
		return strings.Join(strings.Fields(strings.ToLower(s)), " ")
	}
	var b strings.Builder
	b.Grow(len(s))
	var before rune
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if unicode.Is(unicode.Mn, r) && accentable(before) {
			continue
		}
		if unicode.Is(unicode.Cf, r) { // joiners and direction marks, which nobody types
			continue
		}
		b.WriteRune(r)
		before = r
	}
	return strings.Join(strings.Fields(foldings.Replace(norm.NFC.String(b.String()))), " ")
}

// accentable reports whether a mark on r is an accent that people leave out.
func accentable(r rune) bool {
	return unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Hebrew, unicode.Arabic)
}

// plain reports whether s is ASCII, which needs no tables.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// SearchText is everything in the card that can be found, folded: one line for each value. Phone numbers stand there as typed and
// as digits only.
func (c Card) SearchText() string {
	var lines []string
	add := func(value string) {
		if v := Fold(value); v != "" {
			lines = append(lines, v)
		}
	}
	for _, v := range c.SearchValues() {
		add(v)
	}
	for _, p := range c.Phones() {
		add(Digits(p.Value))
	}
	return strings.Join(lines, "\n")
}

// SearchValues are the texts in the card that can be found, as they were written.
func (c Card) SearchValues() []string {
	var values []string
	add := func(v string) {
		if v != "" {
			values = append(values, v)
		}
	}
	name := object(c.members["name"])
	add(c.FullName())
	for _, v := range list(name["components"]) {
		add(text(object(v)["phonetic"]))
		if text(object(v)["kind"]) != "separator" && text(name["full"]) != "" {
			add(text(object(v)["value"]))
		}
	}
	for _, sortAs := range sortedKeys(object(name["sortAs"])) {
		add(text(object(name["sortAs"])[sortAs]))
	}
	for _, member := range sortedKeys(searched) {
		entries := object(c.members[member])
		for _, id := range sortedKeys(entries) {
			entry := object(entries[id])
			for _, value := range searched[member].([]string) {
				add(text(entry[value]))
			}
			for _, v := range list(entry["units"]) {
				add(text(object(v)["name"]))
			}
			for _, v := range list(entry["components"]) {
				add(text(object(v)["value"]))
			}
		}
	}
	for _, p := range c.Phones() {
		add(p.Value)
	}
	for _, label := range sortedKeys(object(c.members["keywords"])) {
		if label != starred {
			add(label)
		}
	}
	return values
}

// searched names the text members of each keyed map's entries that search looks at.
var searched = map[string]any{
	"nicknames": []string{"name"}, "organizations": []string{"name"}, "titles": []string{"name"}, "emails": []string{"address", "label"},
	"phones": []string{"label"}, "addresses": []string{"full", "label"}, "notes": []string{"note"}, "links": []string{"uri", "label"},
	"onlineServices": []string{"service", "uri", "user"}, "relatedTo": []string{"label"}, "personalInfo": []string{"value"},
	CustomMember: []string{"label", "value"},
}

// Digits are the digits of a phone number, of any script, as ASCII.
func Digits(number string) string {
	var b strings.Builder
	for _, r := range norm.NFKC.String(number) {
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if unicode.IsDigit(r) {
			b.WriteRune('0' + digitValue(r))
		}
	}
	return b.String()
}

// digitValue is the value of a decimal digit: Unicode's digits stand in runs of ten, from zero up.
func digitValue(r rune) rune {
	value := rune(0)
	for value < 9 && unicode.IsDigit(r-value-1) {
		value++
	}
	return value
}
