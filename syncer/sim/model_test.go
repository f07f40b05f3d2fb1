package sim

import (
	"fmt"
	"regexp"
)

// model knows what people saved, without knowing anything of how it is synced. Each value that is saved holds a token of its own.
type model struct {
	tokens    int
	owner     map[string]string // token -> contact
	replaced  map[string]bool   // someone who saw the value took it away
	excused   map[string]bool   // its only device was restored from an older copy
	kept      string            // evidence of histories that are gone
	restored  bool              // the server was put back once: whatever any device still holds comes back, also a contact deleted since
	deleted   map[string]bool   // nobody has touched the contact since it was deleted in full knowledge
	committed func(id string, rev int64, deleted bool, card []byte)
	states    map[string]bool  // every state that the server ever had
	newest    map[string]int64 // contact -> its newest rev
}

func newModel() model {
	m := model{owner: map[string]string{}, replaced: map[string]bool{}, excused: map[string]bool{}, deleted: map[string]bool{}, states: map[string]bool{}, newest: map[string]int64{}}
	states, newest := m.states, m.newest
	m.committed = func(id string, rev int64, deleted bool, card []byte) {
		states[state(id, rev, deleted, card)] = true
		newest[id] = max(newest[id], rev)
	}
	return m
}

func state(id string, rev int64, deleted bool, card []byte) string {
	if deleted {
		return fmt.Sprint(id, " ", rev, " deleted")
	}
	return fmt.Sprint(id, " ", rev, " ", string(card))
}

var tokenPattern = regexp.MustCompile(`t\d+z`)

func tokensIn(text string) map[string]bool {
	all := map[string]bool{}
	for _, t := range tokenPattern.FindAllString(text, -1) {
		all[t] = true
	}
	return all
}

func (m *model) token() string { m.tokens++; return fmt.Sprintf("t%dz", m.tokens) }

// saved notes an acknowledged save of a contact: what the user saw before, and what is there now.
func (m *model) saved(id, before, after string) {
	now := tokensIn(after)
	for t := range now {
		if _, ok := m.owner[t]; !ok {
			m.owner[t] = id
		}
	}
	for t := range tokensIn(before) {
		if !now[t] {
			m.replaced[t] = true
		}
	}
}

// removed notes that d's user deleted a contact. If that user had seen every edit of it, it must not come back by itself.
func (m *model) removed(w *world, d *device, id string) {
	c, _ := d.contact(id)
	m.deleted[id] = c.Rev == m.newest[id] && !m.restored
	for _, o := range w.devices {
		if o == d {
			continue
		}
		if c, ok := o.contact(id); ok && c.Pending {
			m.deleted[id] = false
		}
	}
}

func (m *model) touched(id string)    { delete(m.deleted, id) }
func (m *model) reset()               { clear(m.deleted) }
func (m *model) keep(evidence string) { m.kept += evidence }
func (m *model) excuse(held string) {
	for t := range tokensIn(held) {
		m.excused[t] = true
	}
}
