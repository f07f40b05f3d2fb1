package data

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"kith/contact"
)

func (r *remote) begin(why ResetReason) {
	r.t.Helper()
	if err := r.s.BeginReconcile(r.t.Context(), DefaultBook, why); err != nil {
		r.t.Fatal(err)
	}
	r.check()
}

// walk pulls the whole book in pages of n; stop ends it before its last page.
func (r *remote) walk(n int, stop bool) {
	r.t.Helper()
	for {
		var at int64
		since := r.book().Cursor
		fmt.Sscan(since, &at)
		var changes []RemoteChange
		for _, c := range r.feed(0, r.seq) {
			if c.Rev > at && len(changes) < n {
				changes = append(changes, c)
			}
		}
		more := len(changes) == n
		cursor := fmt.Sprint(r.seq)
		if more {
			cursor = fmt.Sprint(changes[n-1].Rev)
		}
		if !more && stop {
			return
		}
		r.apply(Page{Since: since, Cursor: cursor, Changes: changes, More: more})
		if !more {
			return
		}
	}
}

// restored makes the remote a server whose backup is older: revs begin again after the newest that is left.
func (r *remote) restored(backup map[string]RemoteChange) {
	r.contacts, r.answers, r.seq = backup, make(map[string]PushResult), 0
	for _, c := range backup {
		r.seq = max(r.seq, c.Rev)
	}
}

func TestReconcileWithARestoredServer(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	same := r.agreed(card("Same"))
	older := r.agreed(card("Older").WithNote("v1"))
	trashed := r.agreed(card("Trashed"))
	dirty := r.agreed(card("Dirty").WithNote("v1"))
	backup := make(map[string]RemoteChange)
	for id, c := range r.contacts {
		backup[id] = c
	}
	// After the backup:
	lost := r.agreed(card("Lost"))
	dirtyLost := r.agreed(card("Dirty and lost"))
	trashedLost := r.agreed(card("Trashed and lost"))
	mustSave(t, s, older, older.Card.WithNote("v2"))
	mustSave(t, s, dirty, dirty.Card.WithNote("v2"))
	if err := s.Delete(t.Context(), trashed.ID, trashedLost.ID); err != nil {
		t.Fatal(err)
	}
	r.sync()
	dirty = mustContact(t, s, dirty.ID)
	mustSave(t, s, dirty, dirty.Card.WithTitle("unsent"))
	dirtyLost = mustContact(t, s, dirtyLost.ID)
	mustSave(t, s, dirtyLost, dirtyLost.Card.WithNote("unsent"))
	added := mustAdd(t, s, card("Added"))
	inFlight := r.take()

	r.restored(backup)
	other := r.edit(card("By another device"))
	r.begin(CursorUnknown)
	r.walk(2, true)
	if !r.book().Reconciling {
		t.Error("the walk is over before its end")
	}
	r.walk(2, false)
	if r.book().Reconciling {
		t.Error("the walk does not end")
	}
	if len(inFlight) != 3 {
		t.Errorf("%d were in flight", len(inFlight))
	}
	r.sync()

	for _, c := range []Contact{same, lost, added} {
		if got := r.clean(c.ID); !got.Card.Equal(c.Card) || !got.Deleted.IsZero() {
			t.Errorf("%s became %s", c.Card.FullName(), got.Card.JSON())
		}
	}
	r.clean(other.ID)
	if got := r.clean(older.ID); got.Card.Note() != "v2" {
		t.Errorf("the newer value is lost: %s", got.Card.JSON())
	}
	if got := r.clean(dirty.ID); got.Card.Note() != "v2" || got.Card.Title() != "unsent" {
		t.Errorf("edits are lost: %s", got.Card.JSON())
	}
	if got := r.clean(dirtyLost.ID); got.Card.Note() != "unsent" {
		t.Errorf("edits are lost: %s", got.Card.JSON())
	}
	if got := r.clean(trashed.ID); got.Deleted.IsZero() {
		t.Error("what was deleted came back")
	}
	if _, there := r.contacts[trashedLost.ID]; there || mustContact(t, s, trashedLost.ID).Pending {
		t.Error("the trash was sent to the server")
	}
	wantCounts(t, s, Counts{All: 7, Trash: 2})
}

func TestReconcileOfEqualBooksDoesNothing(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	var before []Contact
	for i := range 5 {
		before = append(before, r.agreed(card(fmt.Sprint("Name ", i))))
	}
	r.begin(CursorUnknown)
	r.walk(100, false)
	for _, c := range before {
		got := mustContact(t, s, c.ID)
		if got.Pending || got.Rev != c.Rev || !got.Card.Equal(c.Card) {
			t.Errorf("%+v became %+v", c, got)
		}
		history, err := s.History(t.Context(), c.ID)
		if err != nil || len(history) != 1 {
			t.Errorf("%d entries in the history (%v)", len(history), err)
		}
	}
}

func TestReconcileWhereTheOtherSideDeleted(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	c := r.agreed(card("Ada"))
	r.begin(CursorUnknown)
	r.delete(c.Card) // in the new history, after this device's last edit; a walk shows no tombstones
	r.walk(100, false)
	out := r.take()
	if len(out) != 1 || out[0].BaseRev != 0 || out[0].Operation != opInsert {
		t.Fatalf("taken: %+v", out)
	}
	r.answer(r.receive(out)...)
	r.sync()
	if got := r.clean(c.ID); got.Deleted.IsZero() || got.Card.IsZero() {
		t.Errorf("the later deletion did not win: %+v", got)
	}
}

func TestReconcileAfterTooLong(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	kept := r.agreed(card("Kept"))
	edited := r.agreed(card("Edited there"))
	gone := r.agreed(card("Deleted there"))
	goneDirty := r.agreed(card("Deleted there, edited here"))
	goneBoth := r.agreed(card("Deleted on both sides"))
	mustSave(t, s, goneDirty, goneDirty.Card.WithNote("unsent"))
	if err := s.Delete(t.Context(), goneBoth.ID); err != nil {
		t.Fatal(err)
	}
	added := mustAdd(t, s, card("Added"))
	r.edit(edited.Card.WithNote("n"))
	for _, c := range []Contact{gone, goneDirty, goneBoth} {
		delete(r.contacts, c.ID) // not even the tombstones are left
	}
	r.begin(CursorExpired)
	r.walk(1, false)
	r.sync()
	for _, id := range []string{kept.ID, edited.ID, added.ID, goneDirty.ID} {
		if got := r.clean(id); !got.Deleted.IsZero() {
			t.Errorf("%s is in the trash", got.Card.FullName())
		}
	}
	if got := mustContact(t, s, edited.ID); got.Card.Note() != "n" {
		t.Errorf("not pulled: %s", got.Card.JSON())
	}
	if got := mustContact(t, s, goneDirty.ID); got.Card.Note() != "unsent" {
		t.Errorf("the edit is lost: %s", got.Card.JSON())
	}
	for _, id := range []string{gone.ID, goneBoth.ID} {
		if got := mustContact(t, s, id); got.Deleted.IsZero() || got.Pending {
			t.Errorf("%s: %+v", got.Card.FullName(), got)
		}
	}
	// From the trash it goes back as a new one.
	if err := s.Restore(t.Context(), gone.ID); err != nil {
		t.Fatal(err)
	}
	r.sync()
	r.clean(gone.ID)
}

func TestReconcileStartedAgainKeepsTheStrongerReason(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	c := r.agreed(card("Ada"))
	clear(r.contacts)
	r.begin(CursorUnknown)
	r.begin(CursorExpired)
	r.walk(1, false)
	r.sync()
	if got := r.clean(c.ID); !got.Deleted.IsZero() {
		t.Error("it was deleted, though the server's history is another one")
	}
}

func TestPushDuringAWalkCountsAsShown(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	c := r.agreed(card("Ada"))
	mustSave(t, s, c, c.Card.WithNote("n"))
	out := r.take()
	r.begin(CursorExpired)
	r.answer(r.receive(out)...)
	r.apply(Page{Since: "", Cursor: "9"}) // the answer's cursor had stepped over our own push
	if got := r.clean(c.ID); !got.Deleted.IsZero() {
		t.Error("what was just pushed was taken as deleted")
	}
}

func TestAccount(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	if _, err := s.Account(ctx); !errors.Is(err, ErrNotSignedIn) {
		t.Errorf("error %v", err)
	}
	a := Account{Server: "https://a.example", User: "ada", Device: "Desk", DeviceID: "d1"}
	set := func(a Account) {
		t.Helper()
		if err := s.SetAccount(ctx, a); err != nil {
			t.Fatal(err)
		}
		mustCheck(t, s)
		if got, err := s.Account(ctx); err != nil || got != a {
			t.Errorf("account %+v, %v", got, err)
		}
	}
	before := mustAdd(t, s, card("Before the sign-in"))
	set(a)
	r := newRemote(t, s)
	if err := s.LinkBook(ctx, DefaultBook, "remote-1"); err != nil {
		t.Fatal(err)
	}
	r.strategy(contact.StrategyAsk)
	trash := r.agreed(card("Trash"))
	if err := s.Delete(ctx, trash.ID); err != nil {
		t.Fatal(err)
	}
	r.sync()
	r.clean(before.ID)
	waits := r.agreed(card("Parked").WithNote("old"))
	mustSave(t, s, waits, waits.Card.WithNote("mine"))
	r.edit(waits.Card.WithNote("theirs"))
	r.pull()
	mustAdd(t, s, card("In flight"))
	if len(r.take()) != 1 {
		t.Error("nothing is in flight")
	}

	if err := s.DropAccount(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Account(ctx); !errors.Is(err, ErrNotSignedIn) {
		t.Errorf("error %v", err)
	}
	a.DeviceID = "d2"
	set(a) // the same again: nothing is lost
	if b := r.book(); b.Remote != "remote-1" || b.Cursor == "" || len(r.inFlight()) != 1 {
		t.Errorf("book %+v", b)
	}

	a.Server = "https://b.example"
	set(a)
	if b := r.book(); b.Remote != "" || b.Cursor != "" || b.Strategy != contact.StrategyAsk || len(r.inFlight()) != 0 {
		t.Errorf("book %+v", b)
	}
	out := r.take()
	if len(out) != 3 || slices.ContainsFunc(out, func(o Outgoing) bool { return o.Operation != opInsert || o.BaseRev != 0 }) {
		t.Errorf("taken: %+v", out)
	}
	if lost := lostValues(t, s, waits.ID); !slices.Equal(lost, []string{`"theirs"`}) {
		t.Errorf("the value that waited is lost: %q", lost)
	}
	fresh := newRemote(t, s)
	fresh.answer(fresh.receive(out)...)
	fresh.sync()
	wantCounts(t, s, Counts{All: 3, Trash: 1, Reviewed: 1}) // nobody has decided what waited
}
