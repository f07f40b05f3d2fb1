package data

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"kith/contact"
)

// poison is a contact at the server that this version can't read.
func (r *remote) poison(id, raw string) RemoteChange {
	r.seq++
	c := RemoteChange{ID: id, Rev: r.seq, EditedAt: r.seq, DeviceName: "Newer", User: "bob", Unreadable: "nested too deeply", Raw: []byte(raw)}
	r.contacts[id] = c
	return c
}

func (r *remote) aside() []SetAside {
	r.t.Helper()
	all, err := r.s.SetAside(r.t.Context())
	must(r.t, err)
	in := 0
	for _, a := range all {
		if !a.Out {
			in++
		}
	}
	n, err := r.s.Unreadable(r.t.Context(), DefaultBook)
	must(r.t, err)
	if n != in {
		r.t.Errorf("%d are counted, %d listed", n, in)
	}
	return all
}

func (r *remote) tryAgain(left int) {
	r.t.Helper()
	n, err := r.s.TryAgain(r.t.Context())
	must(r.t, err)
	if n != left {
		r.t.Errorf("%d are left, want %d", n, left)
	}
	r.check()
}

func TestUnreadableStopsNothing(t *testing.T) {
	r := newRemote(t, newStore(t))
	old := r.agreed(card("Old"))
	r.poison("new", `{"name":{"full":"New one"},`)
	r.poison(old.ID, `["raw"]`)
	behind := r.edit(card("Behind"))
	r.sync()
	r.clean(behind.ID)
	all := r.aside()
	if len(all) != 2 {
		t.Fatalf("set aside: %+v", all)
	}
	if a := all[1]; a.ID != old.ID || a.Name != "Old" || !a.Here || a.Out || string(a.Raw) != `["raw"]` || a.Reason != "nested too deeply" ||
		a.Device != "Newer" || a.User != "bob" || a.Rev != r.contacts[old.ID].Rev || a.At.IsZero() {
		t.Errorf("set aside: %+v", a)
	}
	if a := all[0]; a.ID != "new" || a.Here {
		t.Errorf("set aside: %+v", a)
	}

	// An edit of it here must not overwrite what can't be read, and waits.
	edited := mustSave(t, r.s, old, old.Card.WithNote("mine"))
	r.sync()
	if got := mustContact(t, r.s, old.ID); !got.Pending || got.Card.Note() != "mine" || r.contacts[old.ID].Unreadable == "" {
		t.Errorf("%+v", got)
	}
	if w, err := r.s.Waiting(t.Context(), DefaultBook); err != nil || w.Blocked != 1 || w.Sendable != 0 {
		t.Errorf("waiting %+v, %v", w, err)
	}
	r.tryAgain(2)

	// A newer version that can be read takes its place, and is merged.
	r.edit(old.Card.WithTitle("theirs"))
	r.delete(card("x"))
	r.sync()
	if got := r.clean(edited.ID); got.Card.Note() != "mine" || got.Card.Title() != "theirs" {
		t.Errorf("merged: %s", got.Card.JSON())
	}
	if all := r.aside(); len(all) != 1 || all[0].ID != "new" {
		t.Errorf("still set aside: %+v", all)
	}
	gone := r.contacts["new"]
	r.seq++
	r.contacts["new"] = RemoteChange{ID: "new", Rev: r.seq, Deleted: true, EditedAt: gone.EditedAt}
	r.sync()
	if all := r.aside(); len(all) != 0 {
		t.Errorf("a deletion leaves it aside: %+v", all)
	}
}

// A push that meets what can't be read leaves the edit where it is.
func TestUnreadableAnswer(t *testing.T) {
	r := newRemote(t, newStore(t))
	c := r.agreed(card("Both"))
	mustSave(t, r.s, c, c.Card.WithNote("mine"))
	out := r.take()
	there := r.poison(c.ID, "{")
	r.answer(r.receive(out)...)
	if all := r.aside(); len(all) != 1 || all[0].Rev != there.Rev {
		t.Errorf("set aside: %+v", all)
	}
	r.sync()
	if got := mustContact(t, r.s, c.ID); !got.Pending || got.Card.Note() != "mine" {
		t.Errorf("%+v", got)
	}
}

// What a newer version of the program can read, it takes in: here the cards were never wrong.
func TestReadAgain(t *testing.T) {
	r := newRemote(t, newStore(t))
	c := r.agreed(card("Both"))
	fresh := card("Fresh")
	r.poison(fresh.UID(), string(fresh.JSON()))
	r.poison(c.ID, string(c.Card.WithTitle("theirs").JSON()))
	r.poison("hopeless", "{")
	r.sync()
	mustSave(t, r.s, c, c.Card.WithNote("mine"))
	for id, change := range r.contacts { // what the server really has
		for _, good := range []string{c.ID, fresh.UID()} {
			if id == good {
				change.Unreadable = ""
				change.Card = mustParse(t, change.Raw)
				r.contacts[id] = change
			}
		}
	}
	r.tryAgain(1)
	r.sync()
	if got := r.clean(c.ID); got.Card.Note() != "mine" || got.Card.Title() != "theirs" {
		t.Errorf("merged: %s", got.Card.JSON())
	}
	r.clean(fresh.UID())
	if all := r.aside(); len(all) != 1 || all[0].ID != "hopeless" {
		t.Errorf("set aside: %+v", all)
	}
}

// A card that can be read and not stored is put aside by itself; the page's other changes are applied once.
func TestUnstorable(t *testing.T) {
	r := newRemote(t, newStore(t))
	var good []string
	for i := range 10 {
		good = append(good, r.edit(card(fmt.Sprint("Good ", i))).ID)
		r.seq++
		id := fmt.Sprint("bad", i)
		r.contacts[id] = RemoteChange{ID: id, Rev: r.seq, EditedAt: r.seq} // no card at all
	}
	r.sync()
	for _, id := range good {
		r.clean(id)
	}
	if all := r.aside(); len(all) != 10 || !strings.Contains(all[0].Reason, "no card") {
		t.Errorf("set aside: %+v", all)
	}
	if err := safely(func() error { panic("a bug") }); err == nil || !isRecordFault(err) {
		t.Errorf("a panic: %v", err)
	}
	for _, err := range []error{t.Context().Err(), ErrDiskFull, ErrNotWritable} {
		if err != nil && isRecordFault(fmt.Errorf("write: %w", err)) {
			t.Errorf("%v is taken for a fault of a record", err)
		}
	}
}

func TestUnreadableAndWalks(t *testing.T) {
	for _, why := range []ResetReason{CursorUnknown, CursorExpired} {
		t.Run(fmt.Sprint(why), func(t *testing.T) {
			r := newRemote(t, newStore(t))
			here := r.agreed(card("Here"))
			stays := r.poison("stays", "{")
			lost := card("Lost there")
			r.poison(lost.UID(), string(lost.JSON()))
			r.poison(here.ID, "{")
			r.sync()
			delete(r.contacts, lost.UID())
			r.begin(why)
			r.walk(1, false)
			left := map[string]bool{}
			for _, a := range r.aside() {
				left[a.ID] = true
			}
			if !left[stays.ID] || !left[here.ID] || left[lost.UID()] != (why == CursorUnknown) {
				t.Errorf("set aside: %v", left)
			}
			if got := mustContact(t, r.s, here.ID); !got.Deleted.IsZero() {
				t.Error("the walk showed it, and it was taken for deleted")
			}
			if why == CursorUnknown {
				r.tryAgain(2)
				r.sync()
				if r.clean(lost.UID()); r.live() != 3 {
					t.Errorf("%d at the server", r.live())
				}
			}
		})
	}
}

func TestSendAgain(t *testing.T) {
	r := newRemote(t, newStore(t))
	c := mustAdd(t, r.s, card("Refused"))
	out := r.take()
	r.answer(PushResult{ChangeID: out[0].ChangeID, Status: "rejected", Reason: "too large"})
	if len(r.take()) != 0 {
		t.Error("what was refused is taken again")
	}
	if all := r.aside(); len(all) != 1 || !all[0].Out || all[0].Reason != "too large" || all[0].Name != "Refused" || len(all[0].Raw) == 0 {
		t.Errorf("set aside: %+v", all)
	}
	r.tryAgain(0)
	if w, err := r.s.Waiting(t.Context(), DefaultBook); err != nil || w.Sendable != 1 || w.Rejected != 0 {
		t.Errorf("waiting %+v, %v", w, err)
	}
	r.sync()
	r.clean(c.ID)
	if _, err := r.s.TryAgain(t.Context(), "nobody"); err != nil && !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func mustParse(t *testing.T, raw []byte) contact.Card {
	t.Helper()
	c, err := contact.Parse(raw)
	must(t, err)
	return c
}
