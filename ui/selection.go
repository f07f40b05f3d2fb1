package ui

import (
	"maps"
	"slices"

	"kith/data"
)

// selection is which contacts of a list are chosen. current is the one that is shown and that the keyboard stands on; the others
// were added with Ctrl or Shift. It names contacts, not places, so it stays on them when the list changes under it.
type selection struct {
	current data.RowID
	at      int // current's place when it was last seen, so that its neighbour can take over when it is gone
	anchor  data.RowID
	chosen  map[data.RowID]bool // includes current
}

func (s *selection) has(id data.RowID) bool { return s.chosen[id] }
func (s *selection) count() int             { return len(s.chosen) }

// only chooses one contact.
func (s *selection) only(id data.RowID, at int) {
	s.current, s.anchor, s.at = id, id, at
	s.chosen = map[data.RowID]bool{id: true}
}

func (s *selection) clear() { *s = selection{} }

// toggle is a click with Ctrl on place at: it adds that contact, or takes it away; the nearest that stays chosen is current then.
func (s *selection) toggle(order []data.RowID, at int) {
	id := order[at]
	if s.chosen == nil {
		s.chosen = map[data.RowID]bool{}
	}
	if s.chosen[id] && len(s.chosen) > 1 {
		delete(s.chosen, id)
		if s.current == id {
			s.current, s.at = s.nearest(order, at)
		}
		s.anchor = id
		return
	}
	s.chosen[id] = true
	s.current, s.anchor, s.at = id, id, at
}

// nearest is the chosen contact that is nearest to a place, and its own place.
func (s *selection) nearest(order []data.RowID, at int) (data.RowID, int) {
	for d := 1; d < len(order); d++ {
		for _, i := range [...]int{at + d, at - d} {
			if i >= 0 && i < len(order) && s.chosen[order[i]] {
				return order[i], i
			}
		}
	}
	return slices.Min(slices.Collect(maps.Keys(s.chosen))), at // none of them is listed
}

// extend is a click with Shift, or an arrow with Shift: everything from the anchor to place at.
func (s *selection) extend(order []data.RowID, at int) {
	from := slices.Index(order, s.anchor)
	if from < 0 {
		s.only(order[at], at)
		return
	}
	s.chosen = make(map[data.RowID]bool, max(at, from)-min(at, from)+1)
	for i := min(at, from); i <= max(at, from); i++ {
		s.chosen[order[i]] = true
	}
	s.current, s.at = order[at], at
}

// all chooses the whole list; the current contact stays.
func (s *selection) all(order []data.RowID) {
	s.chosen = make(map[data.RowID]bool, len(order))
	for _, id := range order {
		s.chosen[id] = true
	}
	if len(order) > 0 && !s.chosen[s.current] {
		s.current, s.at = order[0], 0
	}
	s.anchor = s.current
}

// place is where the current contact stands in order; -1: nowhere.
func (s *selection) place(order []data.RowID) int {
	if s.at >= 0 && s.at < len(order) && order[s.at] == s.current {
		return s.at
	}
	return slices.Index(order, s.current)
}

// follow fits the selection to a new order: contacts that are gone are no longer chosen, and where the current one is gone, the one
// that took its place is. With keep, a current contact that is not in the list (a search hides it) stays; the view still shows it.
func (s *selection) follow(order []data.RowID, keep bool) {
	if s.current == 0 {
		return
	}
	at := slices.Index(order, s.current)
	if len(s.chosen) > 1 {
		there := make(map[data.RowID]bool, len(s.chosen))
		for _, id := range order {
			if s.chosen[id] {
				there[id] = true
			}
		}
		s.chosen = there
	}
	switch {
	case at >= 0:
		s.at = at
		s.chosen[s.current] = true
	case keep:
		s.chosen = map[data.RowID]bool{s.current: true}
	case len(order) == 0:
		s.clear()
	default:
		at = min(s.at, len(order)-1)
		s.only(order[at], at)
	}
}
