package contact

import (
	"slices"
	"strings"
)

// arrays merges arrays by the kind of their elements; what is not such an array is one field. Both sides having put the shared
// elements into orders of their own is a conflict of the whole array.
func (m *merger) arrays(path []string, base, local, remote any) any {
	l, lOrder, ok := byKind(local)
	r, rOrder, too := byKind(remote)
	b, bOrder, was := byKind(base)
	if !ok || !too || !was && base != absent {
		return m.conflict(path, base, local, remote)
	}
	before := len(m.conflicts)
	elements := map[string]any{}
	path = append(path, "")
	for _, kind := range unionKeys(l, r) {
		path[len(path)-1] = kindPrefix + kind
		if v := m.merge(path, member(b, kind), member(l, kind), member(r, kind)); v != absent {
			elements[kind] = v
		}
	}
	path = path[:len(path)-1]
	order, ok := mergeOrder(bOrder, lOrder, rOrder, func(kind string) bool { return l[kind] != nil && r[kind] != nil })
	if !ok {
		m.conflicts = m.conflicts[:before]
		return m.conflict(path, base, local, remote)
	}
	out := make([]any, 0, len(elements))
	for _, kind := range order {
		if v, ok := elements[kind]; ok {
			out = append(out, v)
		}
	}
	if len(out) == 0 && len(l) > 0 && len(r) > 0 {
		return absent
	}
	return out
}

// mergeOrder is the order of all kinds of both sides. The shared ones stand as the side has them that changed their order; ok is
// false if both did. The others follow what they follow on their own side. It does not depend on which side is which.
func mergeOrder(base, local, remote []string, shared func(kind string) bool) (order []string, ok bool) {
	l, lHead, lAfter := anchored(local, shared)
	r, rHead, rAfter := anchored(remote, shared)
	anchors := l
	if !slices.Equal(l, r) {
		b, _, _ := anchored(base, shared) // lacks an element that both added, in two places: then it is neither's order
		switch {
		case slices.Equal(b, l):
			anchors = r
		case !slices.Equal(b, r):
			return nil, false
		}
	}
	order = append(order, interleave(lHead, rHead)...)
	for _, kind := range anchors {
		order = append(order, kind)
		order = append(order, interleave(lAfter[kind], rAfter[kind])...)
	}
	return order, true
}

// anchored splits an order into the kinds that are anchors, those before the first one, and those after each.
func anchored(order []string, anchor func(string) bool) (anchors, head []string, after map[string][]string) {
	after = map[string][]string{}
	for _, kind := range order {
		switch {
		case anchor(kind):
			anchors = append(anchors, kind)
		case len(anchors) == 0:
			head = append(head, kind)
		default:
			last := anchors[len(anchors)-1]
			after[last] = append(after[last], kind)
		}
	}
	return anchors, head, after
}

// interleave puts two runs of kinds, none of which is in both, one after the other: the one whose first kind is the smaller first.
func interleave(a, b []string) []string {
	if len(a) > 0 && len(b) > 0 && strings.Compare(b[0], a[0]) < 0 {
		a, b = b, a
	}
	return slices.Concat(a, b)
}
