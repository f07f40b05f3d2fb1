package vcard

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// namespace is that of the UUIDs (version 5, RFC 9562) that stand for a UID of other form, or for the content of a card without one.
var namespace = uuid.MustParse("6f1c8a52-3c0b-5d4e-9a77-0b6f2d1e4c93")

const uuidPrefix = "urn:uuid:"

func isUUID(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil }

// cutUUID takes "urn:uuid:" off.
func cutUUID(s string) (string, bool) {
	if len(s) == len(uuidPrefix)+36 && strings.EqualFold(s[:len(uuidPrefix)], uuidPrefix) && isUUID(s[len(uuidPrefix):]) {
		return s[len(uuidPrefix):], true
	}
	return s, false
}

// usableID are the identifiers that can stand in a path as they are: 1 to 255 characters, as RFC 9553 section 1.4.1 has them.
func usableID(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; !('A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 255
}

// uidOf is the uid that a UID stands for.
func uidOf(value string) string {
	if id, ok := cutUUID(value); ok {
		return id
	}
	if usableID(value) {
		return value
	}
	return uuid.NewSHA1(namespace, []byte(value)).String()
}

// contentUID is the uid of a card without UID: its properties in any order, but for when and by what it was written. It is made of what
// the file says, not of what is made of that, so that a later version of this package gives the same.
func contentUID(props []property) string {
	lines := make([]string, 0, len(props))
	for _, p := range props {
		if p.Name == "REV" || p.Name == "PRODID" {
			continue
		}
		p = p.clone()
		p.Group = ""
		slices.SortFunc(p.Params, func(a, b param) int { return strings.Compare(a.Name, b.Name) })
		lines = append(lines, format(p))
	}
	slices.Sort(lines)
	sum := sha256.New()
	for _, line := range lines {
		fmt.Fprintf(sum, "%s\n", line) // a line holds no line end
	}
	return uuid.NewSHA1(namespace, sum.Sum([]byte("content:"))).String()
}

// canonical is JSON as contact.Card.JSON has it.
func canonical(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("vcard: a card holds what JSON can't: " + err.Error()) // only a bug here can bring that about
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

const keyAlphabet = "0123456789abcdefghijklmnopqrstuv"

// entryKey is made of the place and the value, so that entries sort as they stood in the file, before any that is added later, and the
// same file gives the same keys everywhere.
func entryKey(r *rule, place int, value string) string {
	sum := sha256.Sum256([]byte(r.member + ":" + value))
	key := make([]byte, 16)
	key[0] = '0'
	key[1] = keyAlphabet[r.rank&31]
	for i := 4; i >= 2; i-- {
		key[i] = keyAlphabet[place&31]
		place >>= 5
	}
	for i := 5; i < len(key); i++ {
		key[i] = keyAlphabet[sum[i]&31]
	}
	return string(key)
}
