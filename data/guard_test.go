package data

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// agreedMany are n contacts that both sides have.
func (r *remote) agreedMany(n int) []Contact {
	r.t.Helper()
	all := make([]Contact, n)
	for i := range all {
		all[i] = mustAdd(r.t, r.s, card(fmt.Sprintf("Contact %03d", i)))
	}
	r.sync()
	for i := range all {
		all[i] = r.clean(all[i].ID)
	}
	return all
}

func (r *remote) held() Held {
	r.t.Helper()
	h, err := r.s.Held(r.t.Context(), DefaultBook)
	if err != nil {
		r.t.Fatal(err)
	}
	all, err := r.s.HeldDeletions(r.t.Context(), DefaultBook)
	if err != nil {
		r.t.Fatal(err)
	}
	if len(all) != h.In+h.Out {
		r.t.Errorf("%d deletions are listed, %+v counted", len(all), h)
	}
	return h
}

func (r *remote) wantHeld(in, out, live int) {
	r.t.Helper()
	if got, want := r.held(), (Held{in, out, live}); got != want {
		r.t.Errorf("held %+v, want %+v", got, want)
	}
}

func (r *remote) deleteThere(all []Contact) {
	for _, c := range all {
		r.delete(c.Card)
	}
}

func (r *remote) live() (n int) {
	for _, c := range r.contacts {
		if !c.Deleted {
			n++
		}
	}
	return n
}

func ids(all []Contact) []string {
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = c.ID
	}
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestGuardAsks(t *testing.T) {
	for _, tt := range []struct {
		name     string
		of, gone int
		asks     bool
	}{
		{"one of one", 1, 1, false},
		{"all of ten", 10, 10, false},
		{"all of eleven", 11, 11, true},
		{"a quarter", 44, 11, false},
		{"more than a quarter", 43, 11, true},
		{"ten of many", 20, 10, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			here, there := 0, 0
			if tt.asks {
				here, there = tt.gone, tt.gone
			}
			t.Run("in", func(t *testing.T) {
				r := newRemote(t, newStore(t))
				all := r.agreedMany(tt.of)
				r.deleteThere(all[:tt.gone])
				r.sync()
				r.wantHeld(here, 0, tt.of-tt.gone+here)
			})
			t.Run("out", func(t *testing.T) {
				r := newRemote(t, newStore(t))
				all := r.agreedMany(tt.of)
				for _, id := range ids(all[:tt.gone]) {
					must(t, r.s.Delete(t.Context(), id)) // one at a time counts the same
				}
				r.sync()
				r.wantHeld(0, there, tt.of-tt.gone)
				if live := r.live(); live != tt.of-tt.gone+there {
					t.Errorf("%d contacts at the server", live)
				}
			})
		})
	}
}

// Everything else of the same pages comes in, the cursor moves on, and a restart remembers what waits.
func TestHeldPull(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer func(r *remote, ids []string) error
		undone bool
		left   int // contacts in the end, of 41 then
	}{
		{"allowed", func(r *remote, ids []string) error { return r.s.AllowDeletions(r.t.Context(), ids...) }, false, 21},
		{"kept", func(r *remote, ids []string) error { return r.s.RefuseDeletions(r.t.Context(), ids...) }, false, 41},
		{"allowed and undone", func(r *remote, ids []string) error { return r.s.AllowDeletions(r.t.Context(), ids...) }, true, 41},
		{"kept and undone", func(r *remote, ids []string) error { return r.s.RefuseDeletions(r.t.Context(), ids...) }, true, 21},
		{"allowed in part", func(r *remote, ids []string) error { return r.s.AllowDeletions(r.t.Context(), ids[:15]...) }, false, 26},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "profile")
			s, err := Open(t.Context(), dir, Options{})
			must(t, err)
			r := newRemote(t, s)
			all := r.agreedMany(40)
			r.deleteThere(all[:20])
			other := r.edit(card("Another"))
			r.edit(all[30].Card.WithNote("edited there"))
			mustSave(t, s, all[31], all[31].Card.WithNote("edited here"))
			r.sync()
			r.wantHeld(20, 0, 41)
			r.clean(other.ID)
			if got := r.clean(all[30].ID); got.Card.Note() != "edited there" {
				t.Error("the rest of the page was not applied")
			}
			if got := r.clean(all[31].ID); got.Card.Note() != "edited here" {
				t.Error("an edit was not sent")
			}
			list, err := s.HeldDeletions(t.Context(), DefaultBook)
			must(t, err)
			if h := list[0]; h.Name != "Contact 000" || h.Out || h.Device != "Laptop" || h.At.IsZero() {
				t.Errorf("listed: %+v", h)
			}

			must(t, s.Close())
			r.s = openStore(t, dir)
			r.wantHeld(20, 0, 41)
			r.sync()
			r.wantHeld(20, 0, 41)

			must(t, tt.answer(r, ids(all[:20])))
			if tt.undone {
				u, err := r.s.Undo(t.Context())
				must(t, err)
				if len(u.IDs) != 20 {
					t.Errorf("undone: %+v", u)
				}
			}
			r.sync()
			if list, err = r.s.HeldDeletions(t.Context(), DefaultBook); err != nil || len(list) > 5 {
				t.Errorf("still held: %v, %v", list, err)
			}
			for _, h := range list { // those that the user has not spoken of
				must(t, r.s.RefuseDeletions(t.Context(), h.ID))
			}
			r.sync()
			if live := r.live(); live != tt.left {
				t.Errorf("%d contacts at the server, want %d", live, tt.left)
			}
			for id := range r.contacts {
				r.clean(id)
			}
			r.wantHeld(0, 0, tt.left)
			must(t, r.s.AllowDeletions(t.Context(), ids(all)...)) // an answer to what nobody asks any more changes nothing
			if live := r.live(); live != tt.left {
				t.Errorf("%d contacts, want %d", live, tt.left)
			}
		})
	}
}

// What counts is the whole pull, however it is cut into pages, broken off and resumed.
func TestHeldOverPages(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "profile")
	s, err := Open(t.Context(), dir, Options{})
	must(t, err)
	r := newRemote(t, s)
	all := r.agreedMany(30)
	since := r.seq
	for i, c := range all[:12] {
		r.delete(c.Card)
		r.edit(card(fmt.Sprintf("New %d", i))) // the many that come do not make the few that go fewer
		r.edit(card(fmt.Sprintf("New too %d", i)))
		r.edit(card(fmt.Sprintf("New as well %d", i)))
	}
	for at := since; at < r.seq; at += 8 {
		end := min(at+8, r.seq)
		r.apply(Page{Since: fmt.Sprint(at), Cursor: fmt.Sprint(end), Changes: r.feed(at, end), More: end < r.seq})
		if at == since+8 {
			must(t, r.s.Close())
			r.s = openStore(t, dir)
			r.wantHeld(0, 0, mustCounts(t, r.s).All) // nothing is asked before the end, and nothing is deleted
		}
	}
	r.wantHeld(12, 0, 30+36)
}

// Few deletions over several pages are done at the end.
func TestFewDeletionsOverPages(t *testing.T) {
	r := newRemote(t, newStore(t))
	all := r.agreedMany(20)
	since := r.seq
	r.deleteThere(all[:9])
	back := r.edit(all[0].Card.WithNote("back")) // met twice in one pull
	mustSave(t, r.s, all[1], all[1].Card.WithNote("edited here"))
	r.apply(Page{Since: fmt.Sprint(since), Cursor: fmt.Sprint(since + 5), Changes: []RemoteChange{
		{ID: all[0].ID, Rev: since + 1, Deleted: true, EditedAt: 1}, r.contacts[all[1].ID], r.contacts[all[2].ID]}, More: true})
	if got := mustContact(t, r.s, all[2].ID); !got.Deleted.IsZero() {
		t.Error("deleted before the end of the pull")
	}
	r.apply(Page{Since: fmt.Sprint(since + 5), Cursor: fmt.Sprint(r.seq), Changes: r.feed(since+3, r.seq)})
	r.sync()
	r.wantHeld(0, 0, 13)
	r.clean(back.ID)
	r.clean(all[1].ID)
	for id := range r.contacts {
		r.clean(id)
	}
}

// A contact that is edited, deleted or brought back while its deletion is held goes its own way.
func TestHeldAndTouched(t *testing.T) {
	r := newRemote(t, newStore(t))
	all := r.agreedMany(20)
	r.deleteThere(all)
	r.sync()
	r.wantHeld(20, 0, 20)
	mustSave(t, r.s, all[0], all[0].Card.WithNote("edited"))
	must(t, r.s.Delete(t.Context(), all[1].ID))
	back := r.edit(all[2].Card.WithNote("back"))
	r.sync()
	r.wantHeld(17, 0, 19)
	if got := r.clean(all[0].ID); got.Card.Note() != "edited" || !got.Deleted.IsZero() {
		t.Error("the edit did not bring the contact back")
	}
	r.clean(all[1].ID)
	r.clean(back.ID)

	r.delete(all[2].Card)
	r.sync()
	r.wantHeld(18, 0, 19) // one more joins those that wait
	must(t, r.s.Delete(t.Context(), ids(all[3:])...))
	r.sync() // all of them deleted by hand: the server has them deleted already, so there is nothing to ask
	r.wantHeld(1, 0, 2)
	for _, c := range all[3:] {
		r.clean(c.ID)
	}
}

func TestHeldAfterExpiredCursor(t *testing.T) {
	for _, keep := range []bool{false, true} {
		t.Run(fmt.Sprint("keep ", keep), func(t *testing.T) {
			r := newRemote(t, newStore(t))
			all := r.agreedMany(30)
			for _, c := range all[:15] {
				delete(r.contacts, c.ID) // deleted, and the tombstones are gone
			}
			r.begin(CursorExpired)
			r.walk(4, false)
			r.wantHeld(15, 0, 30)
			answer, left := r.s.AllowDeletions, 15
			if keep {
				answer, left = r.s.RefuseDeletions, 30
			}
			must(t, answer(t.Context(), ids(all)...))
			r.sync()
			if live := r.live(); live != left {
				t.Errorf("%d contacts at the server, want %d", live, left)
			}
			for id := range r.contacts {
				r.clean(id)
			}
			r.wantHeld(0, 0, left)
		})
	}
}

// A server that was put back knows nothing of the deletions any more: what the device holds goes there.
func TestHeldAndAnotherHistory(t *testing.T) {
	r := newRemote(t, newStore(t))
	all := r.agreedMany(20)
	r.deleteThere(all)
	r.sync()
	r.wantHeld(20, 0, 20)
	r.restored(map[string]RemoteChange{})
	r.begin(CursorUnknown)
	r.walk(5, false)
	r.sync()
	r.wantHeld(0, 0, 20)
	if r.live() != 20 {
		t.Errorf("%d contacts at the server", r.live())
	}
}

func TestHeldPush(t *testing.T) {
	for _, tt := range []struct {
		name  string
		then  func(t *testing.T, r *remote, ids []string)
		there int
	}{
		{"allowed", func(t *testing.T, r *remote, ids []string) { must(t, r.s.AllowDeletions(t.Context(), ids...)) }, 21},
		{"brought back", func(t *testing.T, r *remote, ids []string) { must(t, r.s.RefuseDeletions(t.Context(), ids...)) }, 41},
		{"undone", func(t *testing.T, r *remote, _ []string) { _, err := r.s.Undo(t.Context()); must(t, err) }, 41},
		{"brought back and undone", func(t *testing.T, r *remote, ids []string) {
			must(t, r.s.RefuseDeletions(t.Context(), ids...))
			_, err := r.s.Undo(t.Context())
			must(t, err)
			r.sync()
			r.wantHeld(0, 20, 21) // deleted again: another action, another question
			must(t, r.s.AllowDeletions(t.Context(), ids...))
		}, 21},
		{"a few restored by hand, the rest are few", func(t *testing.T, r *remote, ids []string) {
			must(t, r.s.Restore(t.Context(), ids[:12]...))
		}, 33},
		{"allowed, and few more before they are sent", func(t *testing.T, r *remote, ids []string) {
			must(t, r.s.AllowDeletions(t.Context(), ids...))
			order, err := r.s.Order(t.Context(), Query{})
			must(t, err)
			rows, err := r.s.Rows(t.Context(), order[:3])
			must(t, err)
			for _, row := range rows {
				must(t, r.s.Delete(t.Context(), row.ID))
			}
		}, 18},
		{"the book grows, and still nobody has said yes", func(t *testing.T, r *remote, ids []string) {
			for i := range 100 {
				r.edit(card(fmt.Sprint("Imported ", i)))
			}
			r.sync()
			r.wantHeld(0, 20, 121)
		}, 141},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRemote(t, newStore(t))
			all := r.agreedMany(40)
			added := mustAdd(t, r.s, card("Added"))
			must(t, r.s.Delete(t.Context(), ids(all[:20])...))
			r.sync()
			r.clean(added.ID) // everything else goes
			r.wantHeld(0, 20, 21)
			w, err := r.s.Waiting(t.Context(), DefaultBook)
			must(t, err)
			if w.Held != 20 || w.Sendable != 0 {
				t.Errorf("waiting %+v", w)
			}
			list, err := r.s.HeldDeletions(t.Context(), DefaultBook)
			must(t, err)
			if h := list[0]; h.Name != "Contact 000" || !h.Out || time.Since(h.At) > time.Hour {
				t.Errorf("listed: %+v", h)
			}
			tt.then(t, r, ids(all[:20]))
			r.sync()
			if live := r.live(); live != tt.there {
				t.Errorf("%d contacts at the server, want %d", live, tt.there)
			}
		})
	}
}

// A first sync, in either direction, asks nothing.
func TestFirstSyncAsksNothing(t *testing.T) {
	r := newRemote(t, newStore(t))
	all := r.agreedMany(30)
	r.deleteThere(all[:20])

	fresh := *r
	fresh.s = newStore(t)
	fresh.pull()
	fresh.sync()
	fresh.wantHeld(0, 0, 10)

	own := newRemote(t, newStore(t))
	var made []string
	for i := range 30 {
		made = append(made, mustAdd(t, own.s, card(fmt.Sprint("Own ", i))).ID)
	}
	must(t, own.s.Delete(t.Context(), made[:20]...)) // never sent
	own.sync()
	own.wantHeld(0, 0, 10)
}

func mustCounts(t *testing.T, s *Store) Counts {
	t.Helper()
	c, err := s.Counts(t.Context())
	must(t, err)
	if c.Trash > 0 {
		t.Errorf("%d contacts are in the trash", c.Trash)
	}
	return c
}
