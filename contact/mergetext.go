package contact

import (
	"cmp"
	"slices"
	"strings"
)

// mergeText merges two edits of a text by lines. ok is false if both changed the same lines differently, or if there was no text
// before. Lines that both added in one place are all kept.
func mergeText(base, local, remote any) (merged any, ok bool) {
	b, was := base.(string)
	l, lok := local.(string)
	r, rok := remote.(string)
	if !was || !lok || !rok {
		return nil, false
	}
	old := strings.Split(b, "\n")
	hunks, ok := mergeHunks(lineDiff(old, strings.Split(l, "\n")), lineDiff(old, strings.Split(r, "\n")))
	if !ok {
		return nil, false
	}
	var lines []string
	next := 0
	for _, h := range hunks {
		lines = append(append(lines, old[next:h.from]...), h.lines...)
		next = h.to
	}
	return strings.Join(append(lines, old[next:]...), "\n"), true
}

// hunk replaces the old lines from, …, to-1.
type hunk struct {
	from, to int
	lines    []string
}

func mergeHunks(local, remote []hunk) (merged []hunk, ok bool) {
	for len(local) > 0 && len(remote) > 0 {
		l, r := local[0], remote[0]
		switch {
		case l.from == r.from && l.to == r.to && slices.Equal(l.lines, r.lines):
			merged, local, remote = append(merged, l), local[1:], remote[1:]
		case l.from == l.to && r.from == r.to && l.from == r.from:
			l.lines = bothAdded(l.lines, r.lines)
			merged, local, remote = append(merged, l), local[1:], remote[1:]
		case l.from < r.to && r.from < l.to:
			return nil, false
		case cmp.Or(cmp.Compare(l.from, r.from), cmp.Compare(l.to, r.to)) < 0:
			merged, local = append(merged, l), local[1:]
		default:
			merged, remote = append(merged, r), remote[1:]
		}
	}
	return append(append(merged, local...), remote...), true
}

// bothAdded puts together what was added in one place: what both begin and end with once, and between them the lesser lines first.
func bothAdded(a, b []string) []string {
	head, tail := sharedEnds(a, b)
	first, second := a[head:len(a)-tail], b[head:len(b)-tail]
	if slices.Compare(first, second) > 0 {
		first, second = second, first
	}
	return slices.Concat(a[:head], first, second, a[len(a)-tail:])
}

// sharedEnds counts the lines that both begin with, and those after them that both end with.
func sharedEnds(a, b []string) (head, tail int) {
	shorter := min(len(a), len(b))
	for head < shorter && a[head] == b[head] {
		head++
	}
	for tail < shorter-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	return head, tail
}

// maxLineTable bounds the table of lineDiff. Two longer texts differ in one hunk between what they begin and end with.
const maxLineTable = 1 << 22

// lineDiff is the smallest set of hunks that turns the lines a into b, by a longest common subsequence.
func lineDiff(a, b []string) []hunk {
	head, tail := sharedEnds(a, b)
	a, b = a[head:len(a)-tail], b[head:len(b)-tail]
	if len(a) == 0 && len(b) == 0 {
		return nil
	}
	if len(a)*len(b) > maxLineTable {
		return []hunk{{head, head + len(a), b}}
	}
	width := len(b) + 1
	common := make([]int32, (len(a)+1)*width) // of a[i:] and b[j:]
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*width+j] = common[(i+1)*width+j+1] + 1
			} else {
				common[i*width+j] = max(common[(i+1)*width+j], common[i*width+j+1])
			}
		}
	}
	var hunks []hunk
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		if i < len(a) && j < len(b) && a[i] == b[j] {
			i, j = i+1, j+1
			continue
		}
		h := hunk{from: head + i}
		start := j
		for i < len(a) || j < len(b) {
			if i < len(a) && j < len(b) && a[i] == b[j] {
				break
			}
			if j == len(b) || i < len(a) && common[(i+1)*width+j] >= common[i*width+j+1] {
				i++
			} else {
				j++
			}
		}
		h.to, h.lines = head+i, b[start:j]
		hunks = append(hunks, h)
	}
	return hunks
}
