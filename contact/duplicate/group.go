package duplicate

import (
	"cmp"
	"maps"
	"slices"
)

// Pair is a verdict about two contacts, by the numbers that the caller knows them by; A < B.
type Pair struct {
	A, B int64
	Verdict
}

// Group is contacts that are one, as sure as Lane.
type Group struct {
	Lane    Lane
	Score   int
	Members []int64 // in order
	Reasons []Reason
}

// Groups joins pairs to groups, the surest first. A contact stands in one group at most: in that of its surest pair; what else it may
// be part of shows once that group is settled. Two contacts that a pair says are Apart are never in one group.
func Groups(pairs []Pair) []Group {
	sorted := slices.Clone(pairs)
	slices.SortFunc(sorted, func(p, q Pair) int {
		return cmp.Or(cmp.Compare(q.Lane, p.Lane), cmp.Compare(q.Score, p.Score), cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
	})
	apart := map[[2]int64]bool{}
	for _, p := range pairs {
		if p.Lane == Apart {
			apart[[2]int64{p.A, p.B}] = true
		}
	}
	of := map[int64]*Group{}
	for _, p := range sorted {
		if p.Lane < Look {
			continue
		}
		a, b := of[p.A], of[p.B]
		switch {
		case a == nil && b == nil:
			g := &Group{Lane: p.Lane, Score: p.Score, Members: []int64{p.A, p.B}, Reasons: p.Reasons}
			of[p.A], of[p.B] = g, g
		case a == b, a != nil && a.Lane != p.Lane, b != nil && b.Lane != p.Lane:
		case a == nil:
			join(of, b, []int64{p.A}, apart)
		case b == nil:
			join(of, a, []int64{p.B}, apart)
		default:
			join(of, a, b.Members, apart)
		}
	}
	unique := map[*Group]bool{}
	for _, g := range of {
		unique[g] = true
	}
	groups := make([]Group, 0, len(unique))
	for g := range maps.Keys(unique) {
		slices.Sort(g.Members)
		groups = append(groups, *g)
	}
	slices.SortFunc(groups, func(g, h Group) int {
		return cmp.Or(cmp.Compare(h.Lane, g.Lane), cmp.Compare(h.Score, g.Score), cmp.Compare(g.Members[0], h.Members[0]))
	})
	return groups
}

// join adds members to a group, unless one of them is apart from one of it.
func join(of map[int64]*Group, g *Group, members []int64, apart map[[2]int64]bool) {
	for _, x := range g.Members {
		for _, y := range members {
			if apart[[2]int64{min(x, y), max(x, y)}] {
				return
			}
		}
	}
	g.Members = append(g.Members, members...)
	for _, m := range members {
		of[m] = g
	}
}
