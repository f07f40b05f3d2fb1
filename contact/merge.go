package contact

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// Side names one of the two versions that are merged.
type Side int

const (
	Local Side = iota
	Remote
)

// Other is the other side.
func (s Side) Other() Side { return Remote - s }

// Conflict is one field that both sides changed to different values. A nil value: absent.
type Conflict struct {
	Path   string          `json:"path"` // as in Edit; "" is the whole contact (deleted on one side, edited on the other)
	Base   json.RawMessage `json:"base,omitempty"`
	Local  json.RawMessage `json:"local,omitempty"`
	Remote json.RawMessage `json:"remote,omitempty"`
}

// Merge joins two edits of one base. Where both changed a field to different values, prefer's value stands in the result and the
// field is listed, in the order of the paths. Pure; laws: Merge(b,b,x) = Merge(b,x,b) = Merge(b,x,x) = x; sides that are swapped,
// prefer with them, give the same card; no value appears from nowhere (name.full, which is derived from its components, and a note,
// whose lines are merged, aside). A zero base merges by union; a zero side is a deletion.
//
// Objects merge member by member. Arrays whose elements each have a kind of their own merge by it. Any other value is one field,
// and so are a date, which would not be a date any more if its day came from one side and its month from the other, and a whole
// entry (a phone, an address) that one side removed and the other changed.
func Merge(base, local, remote Card, prefer Side) (Card, []Conflict) {
	m := merger{prefer: prefer, local: local.members, remote: remote.members}
	v := m.merge(nil, base.whole(), local.whole(), remote.whole())
	slices.SortFunc(m.conflicts, func(a, b Conflict) int { return strings.Compare(a.Path, b.Path) })
	if v == absent {
		return Card{}, m.conflicts
	}
	return Card{members: v.(map[string]any)}, m.conflicts
}

type merger struct {
	prefer        Side
	local, remote map[string]any     // the cards
	references    [2]map[string]bool // of each side, made when first asked for
	conflicts     []Conflict
}

// merge joins the three values at path, any of which may be absent.
func (m *merger) merge(path []string, base, local, remote any) any {
	switch {
	case equal(local, remote), equal(base, remote):
		return local
	case equal(base, local):
		return remote
	}
	switch {
	case isUpdated(path):
		return later(local, remote)
	case isDate(path):
		return m.conflict(path, base, local, remote)
	case isNoteText(path):
		if merged, ok := mergeText(base, local, remote); ok {
			return merged
		}
		return m.conflict(path, base, local, remote)
	}
	if len(path) > 0 && isContainer(path, base, local, remote) {
		return m.members(path, object(base), object(local), object(remote))
	}
	l, ok := local.(map[string]any)
	r, too := remote.(map[string]any)
	switch {
	case !ok || !too:
		return m.arrays(path, base, local, remote)
	case isName(path):
		return m.name(path, object(base), l, r)
	}
	return m.members(path, object(base), l, r)
}

// conflict lists the field and returns the value that stands.
func (m *merger) conflict(path []string, base, local, remote any) any {
	m.conflicts = append(m.conflicts, Conflict{Path: pointer(path), Base: raw(base), Local: raw(local), Remote: raw(remote)})
	if m.prefer == Local {
		return local
	}
	return remote
}

// members merges objects. One that is empty only because each side removed a part of it goes.
func (m *merger) members(path []string, base, local, remote map[string]any) any {
	var twins map[string]bool
	if len(path) == 1 {
		twins = m.twins(base, local, remote)
	}
	out := make(map[string]any, max(len(local), len(remote)))
	path = append(path, "")
	for _, name := range unionKeys(local, remote) { // a member of base alone was removed by both
		if twins[name] {
			continue
		}
		path[len(path)-1] = name
		if v := m.merge(path, member(base, name), member(local, name), member(remote, name)); v != absent {
			out[name] = v
		}
	}
	empty := func(m map[string]any) bool { return m != nil && len(m) == 0 }
	if len(out) == 0 && len(path) > 1 && !empty(local) && !empty(remote) {
		return absent
	}
	return out
}

func unionKeys(a, b map[string]any) []string {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.Sort(keys)
	return slices.Compact(keys)
}

// twins finds entries that both sides added with the same value, under different keys: the phone number that was typed on both
// devices. It returns the keys that go; the smaller of two stays. A key that something else in the card refers to never goes.
func (m *merger) twins(base, local, remote map[string]any) map[string]bool {
	there := addedAlone(base, remote, local)
	if len(there) == 0 {
		return nil
	}
	byValue := map[string][]string{} // the remote's keys, in order
	for _, key := range there {
		value := string(encode(remote[key]))
		byValue[value] = append(byValue[value], key)
	}
	goes := map[string]bool{}
	for _, key := range addedAlone(base, local, remote) {
		value := string(encode(local[key]))
		if len(byValue[value]) == 0 {
			continue
		}
		twin := byValue[value][0]
		byValue[value] = byValue[value][1:]
		switch {
		case key < twin && !m.refersTo(Remote, twin):
			goes[twin] = true
		case key > twin && !m.refersTo(Local, key):
			goes[key] = true
		}
	}
	return goes
}

// addedAlone are the keys of the objects that mine alone added, in order.
func addedAlone(base, mine, other map[string]any) []string {
	var keys []string
	for key, v := range mine {
		_, old := base[key]
		_, shared := other[key]
		if !old && !shared && object(v) != nil {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// refersTo reports whether a side's card uses key as a value (a title's organizationId) or in a name that is a path (localizations).
func (m *merger) refersTo(side Side, key string) bool {
	if m.references[side] == nil {
		card := m.local
		if side == Remote {
			card = m.remote
		}
		m.references[side] = map[string]bool{}
		collectReferences(m.references[side], card)
	}
	return m.references[side][key]
}

func collectReferences(to map[string]bool, v any) {
	switch v := v.(type) {
	case string:
		to[v] = true
	case []any:
		for _, v := range v {
			collectReferences(to, v)
		}
	case map[string]any:
		for name, v := range v {
			if strings.Contains(name, "/") {
				for _, segment := range strings.Split(name, "/") {
					to[segment] = true
				}
			}
			collectReferences(to, v)
		}
	}
}

// name merges the name. Its full form is derived, and so is made anew from the merged components, where it is the join of the
// components on each side; where a person typed another one it is a field like any other.
func (m *merger) name(path []string, base, local, remote map[string]any) any {
	if !hasDerivedFull(local) || !hasDerivedFull(remote) {
		return m.members(path, base, local, remote)
	}
	base, local, remote = maps.Clone(base), maps.Clone(local), maps.Clone(remote)
	for _, name := range []map[string]any{base, local, remote} {
		delete(name, "full")
	}
	merged := object(m.members(path, base, local, remote))
	if merged == nil {
		return absent
	}
	return withDerivedFull(merged)
}

func hasDerivedFull(name map[string]any) bool {
	full := text(name["full"])
	return full != "" && full == joinComponents(name)
}

// withDerivedFull changes name, which must be new, and returns it.
func withDerivedFull(name map[string]any) map[string]any {
	if full := joinComponents(name); full != "" {
		name["full"] = full
	} else {
		delete(name, "full")
	}
	return name
}

func isName(path []string) bool    { return len(path) == 1 && path[0] == "name" }
func isUpdated(path []string) bool { return len(path) == 1 && path[0] == "updated" }
func isDate(path []string) bool {
	return len(path) == 3 && path[0] == "anniversaries" && path[2] == "date"
}
func isNoteText(path []string) bool {
	return len(path) == 3 && path[0] == "notes" && path[2] == "note"
}

// isContainer reports whether the values are objects that matter for what they hold alone, so that one that is missing is as good
// as an empty one: a map of entries (emails), or a set (contexts, keywords).
func isContainer(path []string, values ...any) bool {
	entries, set := len(path) == 1, true
	for _, v := range values {
		if v == absent {
			continue
		}
		held, ok := v.(map[string]any)
		if !ok {
			return false
		}
		for _, v := range held {
			entries = entries && object(v) != nil
			set = set && v == true
		}
	}
	return entries || set
}

// later is the later one of two values of `updated`; one that is no time is earlier than any. Of equal ones, the greater text.
func later(a, b any) any {
	x, xErr := time.Parse(time.RFC3339, text(a))
	y, yErr := time.Parse(time.RFC3339, text(b))
	switch {
	case xErr != nil && yErr == nil:
		return b
	case yErr != nil && xErr == nil:
		return a
	case xErr == nil && yErr == nil && !x.Equal(y):
		if x.After(y) {
			return a
		}
		return b
	case string(raw(a)) > string(raw(b)):
		return a
	}
	return b
}
