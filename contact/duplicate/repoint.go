package duplicate

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kith/contact"
)

// Repoint returns the card with its relations (RFC 9553, section 2.1.8) and members (section 2.1.6) that point to merged contacts
// pointing to where those went. A relation of the survivor to one that is now itself goes: it has nobody to speak of.
func Repoint(c contact.Card, gone map[string]string) (contact.Card, error) {
	members, err := decode(c)
	if err != nil {
		return c, err
	}
	changed := false
	for _, name := range []string{"relatedTo", "members"} {
		held := maps.Clone(object(members[name]))
		for _, uid := range slices.Sorted(maps.Keys(held)) {
			prefix, bare := cutURN(uid)
			to, went := gone[bare]
			if !went {
				to, went = gone[uid]
				prefix = ""
			}
			if !went {
				continue
			}
			for next, again := gone[to]; again && next != to; next, again = gone[to] {
				to = next // the survivor of one merge went in another
			}
			value := held[uid]
			delete(held, uid)
			changed = true
			if to == c.UID() {
				continue
			}
			held[prefix+to] = joinRelations(held[prefix+to], value)
		}
		if members[name] != nil && isObject(members[name]) {
			if members[name] = held; len(held) == 0 && changed {
				delete(members, name)
			}
		}
	}
	if !changed {
		return c, nil
	}
	text, err := json.Marshal(members)
	if err != nil {
		return c, fmt.Errorf("repoint relations: %w", err)
	}
	return contact.Parse(text)
}

// cutURN parts the scheme that some programs write before a UUID from it.
func cutURN(uid string) (scheme, bare string) {
	const urn = "urn:uuid:"
	if bare, ok := strings.CutPrefix(uid, urn); ok {
		return urn, bare
	}
	return "", uid
}

// joinRelations is both kinds of relation, where there was one to each of the two.
func joinRelations(held, value any) any {
	h, v := object(held), object(value)
	if h == nil || v == nil {
		if held == nil {
			return value
		}
		return held
	}
	out := maps.Clone(h)
	for _, name := range slices.Sorted(maps.Keys(v)) {
		out[name] = joinRelations(h[name], v[name])
	}
	return out
}
