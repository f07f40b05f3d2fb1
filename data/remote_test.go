package data

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kith/contact"
)

// remote is a book at a server, as far as the store can tell: the newest version of each contact, at its rev.
type remote struct {
	t        *testing.T
	s        *Store
	id       string // the local book
	seq      int64
	contacts map[string]RemoteChange
	answers  map[string]PushResult
	trust    bool // the store is not checked after every step: the test does that itself
}

func newRemote(t *testing.T, s *Store) *remote { return newRemoteOf(t, s, DefaultBook) }

func newRemoteOf(t *testing.T, s *Store, book string) *remote {
	return &remote{t: t, s: s, id: book, contacts: make(map[string]RemoteChange), answers: make(map[string]PushResult)}
}

// edit is an edit by another device, at a time later than all before.
func (r *remote) edit(c contact.Card) RemoteChange { return r.set(c, false) }

func (r *remote) delete(c contact.Card) RemoteChange { return r.set(c, true) }

func (r *remote) set(c contact.Card, deleted bool) RemoteChange {
	r.seq++
	change := RemoteChange{ID: c.UID(), Rev: r.seq, Deleted: deleted, EditedAt: time.Now().UnixMicro() + r.seq, Device: "d2", DeviceName: "Laptop", User: "bob"}
	if !deleted {
		change.Card = c
	}
	r.contacts[change.ID] = change
	return change
}

// pull applies everything after the book's cursor as one page.
func (r *remote) pull() Applied {
	r.t.Helper()
	since := r.book().Cursor
	var at int64
	fmt.Sscan(since, &at)
	return r.apply(Page{Since: since, Cursor: fmt.Sprint(r.seq), Changes: r.feed(at, r.seq)})
}

// feed is what lies after at and up to end; from the beginning, without tombstones.
func (r *remote) feed(at, end int64) []RemoteChange {
	var changes []RemoteChange
	for _, c := range r.contacts {
		if c.Rev > at && c.Rev <= end && !(at == 0 && c.Deleted) {
			changes = append(changes, c)
		}
	}
	slices.SortFunc(changes, func(a, b RemoteChange) int { return int(a.Rev - b.Rev) })
	return changes
}

func (r *remote) apply(p Page) Applied {
	r.t.Helper()
	applied, err := r.s.ApplyPage(r.t.Context(), r.id, p)
	if err != nil {
		r.t.Fatal(err)
	}
	r.check()
	return applied
}

func (r *remote) check() {
	r.t.Helper()
	if !r.trust {
		mustCheck(r.t, r.s)
	}
}

func (r *remote) book() Book {
	r.t.Helper()
	b, err := r.s.Book(r.t.Context(), r.id)
	if err != nil {
		r.t.Fatal(err)
	}
	return b
}

func (r *remote) take() []Outgoing {
	r.t.Helper()
	out, err := r.s.TakePush(r.t.Context(), r.id, 100, 1<<20)
	if err != nil {
		r.t.Fatal(err)
	}
	r.check()
	return out
}

// receive is the server's side of a push: conditional, and exactly once.
func (r *remote) receive(out []Outgoing) []PushResult {
	r.t.Helper()
	var results []PushResult
	for _, o := range out {
		if answer, ok := r.answers[o.ChangeID]; ok {
			results = append(results, answer)
			continue
		}
		now, there := r.contacts[o.ID]
		if now.Rev != o.BaseRev {
			result := PushResult{ChangeID: o.ChangeID, Status: "conflict"}
			if there {
				result.Current = &now
			}
			results = append(results, result)
			continue
		}
		r.seq++
		change := RemoteChange{ID: o.ID, Rev: r.seq, Deleted: o.Operation == opDelete, EditedAt: o.EditedAt, Device: "d1"}
		if o.Card != nil {
			c, err := contact.Parse(o.Card)
			if err != nil {
				r.t.Fatal(err)
			}
			change.Card = c
		}
		r.contacts[o.ID] = change
		result := PushResult{ChangeID: o.ChangeID, Status: "applied", Rev: r.seq, EditedAt: o.EditedAt}
		r.answers[o.ChangeID] = result
		results = append(results, result)
	}
	return results
}

func (r *remote) answer(results ...PushResult) Applied {
	r.t.Helper()
	applied, err := r.s.ApplyResults(r.t.Context(), r.id, "", "", results)
	if err != nil {
		r.t.Fatal(err)
	}
	r.check()
	return applied
}

// sync is a whole pass without faults.
func (r *remote) sync() {
	r.t.Helper()
	for range 10 {
		r.answer(r.receive(r.inFlight())...)
		r.pull()
		out := r.take()
		if len(out) == 0 {
			return
		}
		r.answer(r.receive(out)...)
	}
	r.t.Fatal("the pass does not end")
}

func (r *remote) inFlight() []Outgoing {
	r.t.Helper()
	out, err := r.s.InFlight(r.t.Context(), r.id)
	if err != nil {
		r.t.Fatal(err)
	}
	return out
}

func (r *remote) strategy(st contact.Strategy) {
	r.t.Helper()
	if err := r.s.SetStrategy(r.t.Context(), r.id, st); err != nil {
		r.t.Fatal(err)
	}
}

// agreed is a contact that both sides have.
func (r *remote) agreed(c contact.Card) Contact {
	r.t.Helper()
	mustAdd(r.t, r.s, c)
	r.sync()
	return r.clean(c.UID())
}

func (r *remote) clean(id string) Contact {
	r.t.Helper()
	c := mustContact(r.t, r.s, id)
	if c.Pending || c.Rev != r.contacts[id].Rev || c.Deleted.IsZero() == r.contacts[id].Deleted ||
		c.Deleted.IsZero() && !c.Card.Equal(r.contacts[id].Card) {
		r.t.Errorf("%s is %+v %s, the server has %+v %s", id, c, c.Card.JSON(), r.contacts[id], r.contacts[id].Card.JSON())
	}
	return c
}
