package contact

import (
	"crypto/rand"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
)

// MaxBytes is the largest card, in bytes of canonical JSON, that a book accepts.
const MaxBytes = 256 << 10

// Card is an immutable JSContact Card. The zero Card stands for "no card". Methods named With… return a changed copy that
// keeps every member they do not speak of, known or not. Safe for concurrent use.
type Card struct {
	members map[string]any // of map[string]any, []any, string, json.Number, bool and nil; never changed in place
}

// New returns an empty card with a new uid (UUIDv7, RFC 9562).
func New() Card {
	return Card{members: map[string]any{
		"@type": "Card", "version": "1.0", "uid": uuid.Must(uuid.NewV7()).String(), // fails only if the system has no randomness
	}}
}

// IsZero tells "no card" from a card without members.
func (c Card) IsZero() bool { return c.members == nil }

// Equal reports whether both hold the same members with the same values.
func (c Card) Equal(o Card) bool {
	if c.members == nil || o.members == nil {
		return c.members == nil && o.members == nil
	}
	return equal(c.members, o.members)
}

// UID is RFC 9553's uid; "" if there is none.
func (c Card) UID() string { return text(c.members["uid"]) }

// text is v if it is a string, else "".
func text(v any) string {
	s, _ := v.(string)
	return s
}

// object is v if it is an object, else nil, which can be read from like an empty one.
func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// list is v if it is an array, else nil.
func list(v any) []any {
	a, _ := v.([]any)
	return a
}

// with returns the card with the member at path set to v, or removed when v is nil. Objects on the way are copied, made when they
// are missing, and removed when a removal leaves them empty.
func (c Card) with(v any, path ...string) Card {
	members, _ := withMember(c.members, v, path).(map[string]any)
	if members == nil {
		members = map[string]any{}
	}
	return Card{members: members}
}

func withMember(in map[string]any, v any, path []string) any {
	out := maps.Clone(in)
	if out == nil {
		out = map[string]any{}
	}
	name, rest := path[0], path[1:]
	if len(rest) > 0 {
		if v == nil && object(out[name]) == nil {
			return out
		}
		v = withMember(object(out[name]), v, rest)
		if m, ok := v.(map[string]any); ok && len(m) == 0 {
			v = nil
		}
	}
	if v == nil {
		delete(out, name)
	} else {
		out[name] = v
	}
	return out
}

// sortedKeys are the keys of a keyed map in the order in which its entries were added, as far as the keys tell.
func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

// keyAlphabet is base32hex in lower case: it sorts as its values do, and all of it is allowed in an RFC 9553 Id.
const keyAlphabet = "0123456789abcdefghijklmnopqrstuv"

// newKey returns a key for an entry: 11 characters of time, in microseconds, so that entries keep the order in which they were
// added, and 5 random ones, so that two devices which each add one never collide. nth keeps keys of one moment in order.
func newKey(now time.Time, nth int) string {
	var key [16]byte
	stamp := uint64(now.UnixMicro()) + uint64(nth)
	for i := 10; i >= 0; i-- {
		key[i] = keyAlphabet[stamp&31]
		stamp >>= 5
	}
	_, _ = rand.Read(key[11:]) // never fails (crypto/rand since Go 1.24)
	for i := 11; i < len(key); i++ {
		key[i] = keyAlphabet[key[i]&31]
	}
	return string(key[:])
}
