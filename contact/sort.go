package contact

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// collator is one collator with its buffer; neither is safe for concurrent use.
type collator struct {
	*collate.Collator
	buffer collate.Buffer
}

var collators = sync.Pool{New: func() any { return &collator{Collator: collate.New(language.Und)} }}

// SortKey is the display name's collation key (Unicode collation, root order, by golang.org/x/text/collate); bytewise order is
// the list's order. A card without a name sorts last.
func SortKey(displayName string) []byte {
	displayName = strings.TrimSpace(displayName)
	if displayName == "" {
		return []byte{0xff}
	}
	c := collators.Get().(*collator)
	defer collators.Put(c)
	c.buffer.Reset()
	return append([]byte{1}, c.KeyFromString(&c.buffer, displayName)...)
}

// Section is the letter under which a name stands: "A" to "Z" without accents, another script's letter, or "#".
func Section(displayName string) string {
	r, _ := utf8.DecodeRuneInString(strings.TrimSpace(displayName))
	if r == 'þ' || r == 'Þ' {
		return "Þ" // a letter of its own, after Z, for the collation too
	}
	first, _ := utf8.DecodeRuneInString(strings.ToUpper(Fold(string(r))))
	if !unicode.IsLetter(first) {
		return "#"
	}
	return string(first)
}

// FamilyName is the display name with the surname first, as in a telephone directory; without a surname it is the display name.
func (c Card) FamilyName() string {
	surname := c.Surname()
	if surname == "" {
		return c.DisplayName()
	}
	return strings.TrimSpace(surname + " " + c.Given())
}
