package contact

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// Edit is one changed leaf: Old or New is nil where the member was or is absent. A leaf is any value but an object; a whole object
// where it is added or removed; and an array whose elements do not each have a `kind` of their own. Path is a JSON pointer
// (RFC 6901), "" for the whole card, with one extension: below an array a segment names the element of that kind, as in
// /name/components/kind:given/value.
type Edit struct {
	Path string          `json:"path"`
	Old  json.RawMessage `json:"old,omitempty"`
	New  json.RawMessage `json:"new,omitempty"`
}

// Patch is the difference of two cards, ordered by path; it works both ways.
type Patch []Edit

// Diff returns the patch that turns a into b: Diff(a, b).Apply(a) is b, and Diff(a, b).Invert() is Diff(b, a). It is nil if they
// are equal.
func Diff(a, b Card) Patch {
	p := diff(nil, nil, a.whole(), b.whole())
	slices.SortFunc(p, func(a, b Edit) int { return cmp.Compare(a.Path, b.Path) })
	return p
}

func diff(p Patch, path []string, a, b any) Patch {
	if equal(a, b) {
		return p
	}
	x, ok := a.(map[string]any)
	y, too := b.(map[string]any)
	if ok && too {
		return diffMembers(p, path, "", x, y)
	}
	if x, y, ok := orderedAlike(a, b); ok {
		return diffMembers(p, path, kindPrefix, x, y)
	}
	return append(p, Edit{Path: pointer(path), Old: raw(a), New: raw(b)})
}

func diffMembers(p Patch, path []string, prefix string, a, b map[string]any) Patch {
	path = append(path, "")
	for name, x := range a {
		path[len(path)-1] = prefix + name
		p = diff(p, path, x, member(b, name))
	}
	for name, y := range b {
		if _, both := a[name]; !both {
			path[len(path)-1] = prefix + name
			p = diff(p, path, absent, y)
		}
	}
	return p
}

// orderedAlike gives two arrays by kind if the edits of their elements alone, with new ones added at the end, turn each into the
// other; if not, the array is a leaf.
func orderedAlike(a, b any) (x, y map[string]any, ok bool) {
	x, xOrder, ok := byKind(a)
	if !ok {
		return nil, nil, false
	}
	y, yOrder, ok := byKind(b)
	return x, y, ok && slices.Equal(orderAfter(xOrder, x, y), yOrder) && slices.Equal(orderAfter(yOrder, y, x), xOrder)
}

// orderAfter is the order of the kinds once an array of that order and those elements has become others: what stays keeps its
// place, and new ones follow in the order in which a patch adds them.
func orderAfter(order []string, elements, others map[string]any) []string {
	var after []string
	for _, kind := range order {
		if others[kind] != nil {
			after = append(after, kind)
		}
	}
	var added []string
	for kind := range others {
		if elements[kind] == nil {
			added = append(added, kind)
		}
	}
	slices.SortFunc(added, func(a, b string) int { return cmp.Compare(escaper.Replace(a), escaper.Replace(b)) })
	return append(after, added...)
}

// Apply applies a patch; Invert().Apply undoes it. An edit whose Old is not what the card holds is an error, and then c is
// returned as it is.
func (p Patch) Apply(c Card) (Card, error) {
	v := c.whole()
	for _, e := range p {
		next, err := e.apply(v)
		if err != nil {
			return c, fmt.Errorf("apply edit of %q: %w", e.Path, err)
		}
		v = next
	}
	if v == absent {
		return Card{}, nil
	}
	return Card{members: v.(map[string]any)}, nil
}

func (e Edit) apply(v any) (any, error) {
	path, err := segments(e.Path)
	if err != nil {
		return nil, err
	}
	old, err := parseRaw(e.Old)
	if err != nil {
		return nil, fmt.Errorf("parse the old value: %w", err)
	}
	value, err := parseRaw(e.New)
	if err != nil {
		return nil, fmt.Errorf("parse the new value: %w", err)
	}
	if held := at(v, path); !equal(held, old) {
		return nil, fmt.Errorf("the card holds %s, not %s", shown(raw(held)), shown(e.Old))
	}
	if len(path) == 0 && value != absent && object(value) == nil {
		return nil, fmt.Errorf("%s is not a card", shown(e.New))
	}
	return put(v, path, value)
}

// shown is a value for an error message.
func shown(b json.RawMessage) string {
	if b == nil {
		return "nothing"
	}
	const most = 80
	if len(b) > most {
		return string(bytes.ToValidUTF8(b[:most], nil)) + "…"
	}
	return string(b)
}

// Invert returns the patch that undoes p.
func (p Patch) Invert() Patch {
	if p == nil {
		return nil
	}
	back := make(Patch, len(p))
	for i, e := range p {
		back[i] = Edit{Path: e.Path, Old: e.New, New: e.Old}
	}
	return back
}
