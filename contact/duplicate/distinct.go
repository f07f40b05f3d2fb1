package duplicate

import (
	"encoding/json"
	"iter"
	"maps"
	"slices"

	"kith/contact"
)

// notDuplicateOf is the member, named as RFC 9553, section 1.8.1 asks of a vendor's, that holds the uids of the contacts which the user
// told apart from this one: a set, so that two devices which each add one have both after a merge.
const notDuplicateOf = "kith.app:notDuplicateOf"

func keysOf[M ~map[K]V, K comparable, V any](m M) iter.Seq[K] { return maps.Keys(m) }

// NotDuplicatesOf are the uids of contacts that the user told apart from this one.
func NotDuplicatesOf(c contact.Card) []string {
	var uids map[string]any
	if json.Unmarshal(c.At("/"+notDuplicateOf), &uids) != nil {
		return nil // none, or another program's idea of the member
	}
	return slices.Sorted(keysOf(uids))
}

// WithNotDuplicate returns the card that says that it is not the contact of that uid; off takes it back.
func WithNotDuplicate(c contact.Card, uid string, on bool) (contact.Card, error) {
	value := ""
	if on {
		value = "true"
	}
	return c.WithField("/"+notDuplicateOf+"/"+escape(uid), value)
}

// toldApart reports whether one of the two says that it is not the other.
func toldApart(a, b *Profile) bool {
	return slices.Contains(a.notDuplicates, b.uid) || slices.Contains(b.notDuplicates, a.uid)
}
