package sim

import (
	"fmt"
	"regexp"
	gosync "sync"

	"kith/syncer/memremote"
)

// model knows what people saved, without knowing anything of how it is synced. Each value that is saved holds a token of its own.
type model struct {
	tokens   int
	owner    map[string]string // token -> contact
	replaced map[string]bool   // someone who saw the value took it away
	excused  map[string]bool   // its only device was restored from an older copy
	kept     string            // evidence of histories that are gone
	restored bool              // the server was put back once: whatever any device still holds comes back, also a contact deleted since
	deleted  map[string]bool   // nobody has touched the contact since it was deleted in full knowledge
	server   *server
}

// server is what the server ever did, as the wire saw it.
type server struct {
	mu      gosync.Mutex
	states  map[string]bool   // every state that it ever had
	newest  map[string]int64  // contact -> its newest rev
	latest  map[string]string // contact -> its state at that rev, in this history
	applied map[string]int64  // change id -> the rev that it made, in this history, for as long as answers are kept
	twice   string            // a change that took effect twice
}

func newModel() model {
	return model{owner: map[string]string{}, replaced: map[string]bool{}, excused: map[string]bool{}, deleted: map[string]bool{},
		server: &server{states: map[string]bool{}, newest: map[string]int64{}, latest: map[string]string{}, applied: map[string]int64{}}}
}

// committed notes a new state of a contact at the server.
func (m *model) committed(c memremote.Commit) {
	s := m.server
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.states[state(c.ID, c.Rev, c.Deleted, c.Card)]
	s.states[state(c.ID, c.Rev, c.Deleted, c.Card)] = true
	s.newest[c.ID] = max(s.newest[c.ID], c.Rev)
	if c.ChangeID == "" {
		return
	}
	if rev, ok := s.applied[c.ChangeID]; ok && rev != c.Rev {
		s.twice = fmt.Sprintf("change %s of contact %s took effect at rev %d and again at rev %d", c.ChangeID, c.ID, rev, c.Rev)
	}
	if _, ok := s.applied[c.ChangeID]; !ok {
		now := state(c.ID, 0, c.Deleted, c.Card)
		if s.latest[c.ID] == now && !known { // known: the server has kept its answer for longer than it must
			s.twice = fmt.Sprintf("contact %s was changed at rev %d to what it was", c.ID, c.Rev)
		}
		if c.Rev == s.newest[c.ID] {
			s.latest[c.ID] = now
		}
	}
	s.applied[c.ChangeID] = c.Rev
}

// forgot notes that the server no longer has the answers that it gave.
func (m *model) forgot() {
	m.server.mu.Lock()
	defer m.server.mu.Unlock()
	clear(m.server.applied)
	clear(m.server.latest)
}

// rewound begins another history of the server, which counts its revs anew.
func (m *model) rewound() {
	m.restored = true
	m.reset()
	m.forgot()
	m.server.mu.Lock()
	defer m.server.mu.Unlock()
	clear(m.server.newest)
}

func (m *model) had(state string) bool {
	m.server.mu.Lock()
	defer m.server.mu.Unlock()
	return m.server.states[state]
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
	m.server.mu.Lock()
	m.deleted[id] = c.Rev == m.server.newest[id] && !m.restored
	m.server.mu.Unlock()
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
