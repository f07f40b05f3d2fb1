package contact

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// severalOf are the maps of which a contact may hold several entries, and the members that an entry is there for: where both sides
// gave one entry another number, two entries are as good an answer as one. Two labels of one number are not, nor are two birthdays.
var severalOf = map[string][]string{
	"emails": {"address"}, "phones": {"number"}, "links": {"uri"}, "notes": {"note"}, "titles": {"name"}, "nicknames": {"name"},
	"organizations": {"name", "units"}, "addresses": {"components", "full"}, "onlineServices": {"uri", "user", "service"},
	"personalInfo": {"value"}, "preferredLanguages": {"language"}, "schedulingAddresses": {"uri"}, "calendars": {"uri"},
	"directories": {"uri"}, "cryptoKeys": {"uri"},
}

// CanKeepBoth reports whether a contact has room for two values of the field at path, as Edit and Conflict name it.
func CanKeepBoth(path string, a, b json.RawMessage) bool {
	p, err := segments(path)
	return err == nil && len(p) > 2 && slices.Contains(severalOf[p[0]], p[2]) && a != nil && b != nil && !bytes.Equal(a, b)
}

// ErrOneValue is the error of WithBoth for a field that can hold only one of two values.
var ErrOneValue = errors.New("this field has room for one value only")

// WithBoth returns the card with the value that it holds at path and the one that other holds there: two texts of a note are joined
// line by line, any other value is kept in a further entry, beside the one that it would have replaced. The key of that entry
// follows from what it holds, so that two devices which keep both make the same card. ErrOneValue.
func (c Card) WithBoth(path string, other Card) (Card, error) {
	mine, theirs := c.At(path), other.At(path)
	switch {
	case theirs == nil, bytes.Equal(mine, theirs):
		return c, nil
	case mine == nil:
		return c.WithAt(path, theirs)
	case !CanKeepBoth(path, mine, theirs):
		return c, fmt.Errorf("keep both of %q: %w", path, ErrOneValue)
	}
	p, err := segments(path)
	if err != nil {
		return c, err
	}
	if isNoteText(p) {
		a, aText := at(c.whole(), p).(string)
		b, bText := at(other.whole(), p).(string)
		if aText && bText {
			return c.WithAt(path, encode(bothTexts(a, b)))
		}
	}
	entries, entry := object(c.members[p[0]]), object(at(other.whole(), p[:2]))
	if entry == nil {
		return c, fmt.Errorf("keep both of %q: %w", path, ErrOneValue)
	}
	for _, held := range entries {
		if equal(held, entry) {
			return c, nil
		}
	}
	return c.with(entry, p[0], furtherKey(entries, p[1], entry)), nil
}

// furtherKey is a free key for an entry that stands beside the one at key. It sorts right behind that.
func furtherKey(entries map[string]any, key string, entry map[string]any) string {
	const longest = 255 // RFC 9553, section 1.4.1
	seed := encode(entry)
	for {
		sum := sha256.Sum256(seed)
		mark := "-" + hex.EncodeToString(sum[:4])
		further := key[:min(len(key), longest-len(mark))] + mark
		if entries[further] == nil {
			return further
		}
		seed = sum[:]
	}
}

// bothTexts has every line of both texts, in the order of each; lines that they share stand once.
func bothTexts(a, b string) string {
	old := strings.Split(a, "\n")
	var lines []string
	next := 0
	for _, h := range lineDiff(old, strings.Split(b, "\n")) {
		lines = slices.Concat(lines, old[next:h.to], h.lines)
		next = h.to
	}
	return strings.Join(append(lines, old[next:]...), "\n")
}

// TypedValue is what a person typed for the field at path, as the value to be put there with WithAt. like is what the field holds
// on either side: a whole entry (a phone number that one side removed) takes the text as its number, a date is read by ParseDate.
// An error for a field that is no text to a person.
func TypedValue(path, typed string, like json.RawMessage) (json.RawMessage, error) {
	p, err := segments(path)
	if err != nil {
		return nil, err
	}
	if len(p) == 0 {
		return nil, errors.New("a whole contact is no text")
	}
	if typed = strings.TrimSpace(typed); typed == "" {
		return nil, errors.New("type a value")
	}
	held, err := parseRaw(like)
	if err != nil {
		return nil, fmt.Errorf("parse the value: %w", err)
	}
	if isDate(p) {
		d, err := ParseDate(typed)
		if err != nil {
			return nil, err
		}
		return encode(d.partial()), nil
	}
	if entry := object(held); entry != nil {
		value := mainText(p, entry)
		if value == "" {
			return nil, fmt.Errorf("%q is more than a line of text", path)
		}
		entry = maps.Clone(entry)
		entry[value] = typed
		return encode(entry), nil
	}
	// Where nothing is held, the path says what belongs there: a map of entries, or an entry, is no text.
	_, isMap := severalOf[p[0]]
	if _, isText := held.(string); !isText && (held != absent || len(p) == 1 || len(p) == 2 && isMap) {
		return nil, fmt.Errorf("%q is not a text", path)
	}
	return encode(typed), nil
}

// CanType reports whether a person may type a value for the field at path, which holds like on either side: see TypedValue.
func CanType(path string, like json.RawMessage) bool {
	p, err := segments(path)
	if err != nil {
		return false
	}
	if isDate(p) {
		return true
	}
	_, err = TypedValue(path, "x", like)
	return err == nil
}

// mainText is the member of an entry, or of a component, that a person reads as its value; "": it has none.
func mainText(path []string, entry map[string]any) string {
	var candidates []string
	switch {
	case strings.HasPrefix(path[len(path)-1], kindPrefix):
		candidates = []string{"value"}
	case len(path) == 2:
		candidates = severalOf[path[0]]
	}
	for _, name := range candidates {
		if text(entry[name]) != "" {
			return name
		}
	}
	return ""
}
