package data

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"kith/contact"
)

func TestPushAndEcho(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	a, b := mustAdd(t, s, card("Ada")), mustAdd(t, s, card("Bob"))
	out := r.take()
	if len(out) != 2 || out[0].ID != a.ID || out[1].ID != b.ID || out[0].Operation != opInsert || out[0].BaseRev != 0 {
		t.Fatalf("taken: %+v", out)
	}
	if again := r.take(); len(again) != 0 {
		t.Errorf("taken twice: %+v", again)
	}
	if waits := r.inFlight(); len(waits) != 2 || waits[0].ChangeID != out[0].ChangeID || string(waits[0].Card) != string(out[0].Card) {
		t.Errorf("in flight: %+v", waits)
	}
	if got := r.answer(r.receive(out)...); got.Pushed != 2 {
		t.Errorf("applied %+v", got)
	}
	r.clean(a.ID)
	if got := r.pull(); got != (Applied{}) {
		t.Errorf("the echo did %+v", got)
	}
	if len(r.inFlight()) != 0 || len(r.take()) != 0 {
		t.Error("something is left to push")
	}
}

func TestEditsWhileAPushIsUnderWay(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	a := mustAdd(t, s, card("Ada"))
	out := r.take()
	a = mustSave(t, s, a, a.Card.WithNote("later"))
	a = mustSave(t, s, a, a.Card.WithTitle("later still"))
	if got := r.inFlight(); string(got[0].Card) != string(out[0].Card) {
		t.Errorf("the frozen card changed to %s", got[0].Card)
	}
	r.answer(r.receive(out)...)
	if c := mustContact(t, s, a.ID); !c.Pending || c.Rev != 1 || c.Card.Note() != "later" {
		t.Errorf("after the answer: %+v", c)
	}
	var unsynced int
	if err := s.readers.QueryRowContext(t.Context(), "SELECT count(*) FROM change_log WHERE synced = 0").Scan(&unsynced); err != nil || unsynced != 2 {
		t.Errorf("%d log entries are unsynced, want the two later edits (%v)", unsynced, err)
	}
	out = r.take()
	if len(out) != 1 || out[0].Operation != opUpdate || out[0].BaseRev != 1 {
		t.Fatalf("taken: %+v", out)
	}
	r.answer(r.receive(out)...)
	r.clean(a.ID)
}

// TestEditedAgainBeforeTheAnswer: what comes back is our own push, so that a later edit of the same field is no conflict with it.
func TestEditedAgainBeforeTheAnswer(t *testing.T) {
	tests := []struct {
		name string
		do   func(r *remote, out []Outgoing)
	}{
		{"the feed shows it", func(r *remote, out []Outgoing) { r.pull() }},
		{"the server has forgotten its answer", func(r *remote, out []Outgoing) {
			clear(r.answers)
			r.answer(r.receive(out)...)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			r := newRemote(t, s)
			r.strategy(contact.StrategyAsk)
			c := r.agreed(card("Ada").WithNote("old"))
			c = mustSave(t, s, c, c.Card.WithNote("pushed"))
			out := r.take()
			r.receive(out)
			mustSave(t, s, c, c.Card.WithNote("later"))
			tt.do(r, out)
			if got := mustContact(t, s, c.ID); got.Conflicts != 0 || !got.Pending || got.Card.Note() != "later" {
				t.Errorf("%+v %s", got, got.Card.JSON())
			}
			r.sync()
			r.clean(c.ID)
		})
	}
}

// TestEditedBackWhileAPushIsUnderWay: the card is what the server had, but no more what it is about to have.
func TestEditedBackWhileAPushIsUnderWay(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	c := r.agreed(card("Ada"))
	edited := mustSave(t, s, c, c.Card.WithNote("n"))
	out := r.take()
	if back := mustSave(t, s, edited, c.Card); !back.Pending {
		t.Error("nothing waits, though the server is about to get the note")
	}
	mustCheck(t, s)
	r.answer(r.receive(out)...)
	r.sync()
	if got := r.clean(c.ID); got.Card.Note() != "" {
		t.Errorf("the note came back: %s", got.Card.JSON())
	}
}

func TestDeletedWhileItsAddingIsUnderWay(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	a := mustAdd(t, s, card("Ada"))
	out := r.take()
	if err := s.Delete(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	mustCheck(t, s)
	r.answer(r.receive(out)...)
	r.sync()
	r.clean(a.ID)
	if !r.contacts[a.ID].Deleted {
		t.Error("the server still has it")
	}
}

func TestLostReply(t *testing.T) {
	tests := []struct {
		name string
		do   func(r *remote, c Contact, out []Outgoing)
	}{
		{"the push is repeated", func(r *remote, c Contact, out []Outgoing) { r.answer(r.receive(r.inFlight())...) }},
		{"the feed shows it first", func(r *remote, c Contact, out []Outgoing) { r.pull() }},
		{"edited here meanwhile, then shown", func(r *remote, c Contact, out []Outgoing) {
			mustSave(r.t, r.s, c, c.Card.WithNote("mine"))
			r.pull()
		}},
		{"edited elsewhere meanwhile, then repeated", func(r *remote, c Contact, out []Outgoing) {
			r.edit(r.contacts[c.ID].Card.WithTitle("theirs"))
			r.answer(r.receive(r.inFlight())...)
		}},
		{"edited elsewhere meanwhile, then shown", func(r *remote, c Contact, out []Outgoing) {
			r.edit(r.contacts[c.ID].Card.WithTitle("theirs"))
			r.pull()
		}},
		{"deleted elsewhere meanwhile, then repeated", func(r *remote, c Contact, out []Outgoing) {
			r.delete(c.Card)
			r.answer(r.receive(r.inFlight())...)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			r := newRemote(t, s)
			c := r.agreed(card("Ada"))
			c = mustSave(t, s, c, c.Card.WithOrganization("in flight"))
			out := r.take()
			r.receive(out)
			tt.do(r, c, out)
			mustCheck(t, s)
			r.sync()
			got := r.clean(c.ID)
			if len(r.inFlight()) != 0 {
				t.Error("something is still in flight")
			}
			if want := r.contacts[c.ID]; !want.Deleted && got.Card.Organization() != "in flight" {
				t.Errorf("the edit is lost: %s", got.Card.JSON())
			}
		})
	}
}

func TestPullOfUnknownAndClean(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	ada := r.edit(card("Ada"))
	r.delete(card("Never seen"))
	if got := r.pull(); got != (Applied{Pulled: 1}) {
		t.Errorf("applied %+v", got)
	}
	c := r.clean(ada.ID)
	r.edit(c.Card.WithNote("n"))
	r.pull()
	r.clean(ada.ID)
	r.delete(c.Card)
	r.pull()
	if c := r.clean(ada.ID); c.Card.Note() != "n" {
		t.Error("the trash does not hold the last card")
	}
	wantNames(t, s, Query{Filter: Trash}, "Ada")
	r.edit(c.Card.WithNote("back"))
	r.pull()
	wantNames(t, s, Query{}, "Ada")
	history, err := s.History(t.Context(), ada.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(history) != 4 || history[0].Origin != fromRemote || history[0].Device != "Laptop" || len(history[3].Patch) == 0 {
		t.Errorf("history %+v", history)
	}
	if _, err := s.Undo(t.Context()); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("undo of another's edit: %v", err)
	}
}

func TestPageOfAnOlderCursor(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	c := r.edit(card("Ada"))
	late := Page{Since: "", Cursor: "9", Changes: []RemoteChange{c}}
	r.pull()
	if _, err := s.ApplyPage(t.Context(), DefaultBook, late); !errors.Is(err, ErrCursorMoved) {
		t.Errorf("error %v, want ErrCursorMoved", err)
	}
	// A page that was asked for before a push of ours shows an older rev: it must not take our push back.
	mine := mustSave(t, s, mustContact(t, s, c.ID), c.Card.WithNote("mine"))
	r.answer(r.receive(r.take())...)
	r.apply(Page{Since: r.book().Cursor, Cursor: "9", Changes: []RemoteChange{c}})
	if got := r.clean(c.ID); !got.Card.Equal(mine.Card) {
		t.Errorf("taken back to %s", got.Card.JSON())
	}
}

func TestCursorOfAnAnswer(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	steps := []struct{ since, cursor, want string }{{"", "5", "5"}, {"4", "9", "5"}, {"5", "", "5"}, {"5", "6", "6"}}
	for _, st := range steps {
		if _, err := s.ApplyResults(ctx, DefaultBook, st.since, st.cursor, nil); err != nil {
			t.Fatal(err)
		}
		if got := newRemote(t, s).book().Cursor; got != st.want {
			t.Errorf("from %q to %q: the cursor is %q, want %q", st.since, st.cursor, got, st.want)
		}
	}
}

func TestMergeOnPull(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	c := r.agreed(card("Ada").WithNote("old").WithTitle("old"))
	mustSave(t, s, c, c.Card.WithNote("mine").WithTitle("Countess"))
	r.edit(c.Card.WithNote("theirs").WithOrganization("Engines")) // later, so it wins the note
	if got := r.pull(); got != (Applied{Pulled: 1, Merged: 1}) {
		t.Errorf("applied %+v", got)
	}
	got := mustContact(t, s, c.ID)
	if !got.Pending || got.Card.Note() != "theirs" || got.Card.Title() != "Countess" || got.Card.Organization() != "Engines" {
		t.Errorf("merged %+v %s", got, got.Card.JSON())
	}
	history, err := s.History(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	lost := slices.IndexFunc(history, func(e HistoryEntry) bool { return e.Lost })
	if lost < 0 || len(history[lost].Patch) != 1 || string(history[lost].Patch[0].Old) != `"mine"` {
		t.Errorf("the note that gave way is not in the history: %+v", history)
	}
	r.sync()
	r.clean(c.ID)
}

func TestDeletionMeetsEdit(t *testing.T) {
	tests := []struct {
		name     string
		strategy contact.Strategy
		here     bool // deleted here, edited there; else the other way round
		alive    bool
	}{
		{"merge, deleted here", contact.StrategyMerge, true, true},
		{"merge, deleted there", contact.StrategyMerge, false, true},
		{"newest, deleted here", contact.StrategyNewest, true, true}, // the edit there is later
		{"newest, deleted there", contact.StrategyNewest, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			r := newRemote(t, s)
			r.strategy(tt.strategy)
			c := r.agreed(card("Ada"))
			if tt.here {
				if err := s.Delete(t.Context(), c.ID); err != nil {
					t.Fatal(err)
				}
				r.edit(c.Card.WithNote("n"))
			} else {
				mustSave(t, s, c, c.Card.WithNote("n"))
				r.delete(c.Card)
			}
			r.sync()
			got := r.clean(c.ID)
			if alive := got.Deleted.IsZero(); alive != tt.alive {
				t.Errorf("alive: %v, want %v", alive, tt.alive)
			}
			if tt.alive && got.Card.Note() != "n" {
				t.Errorf("the edit is lost: %s", got.Card.JSON())
			}
		})
	}
}

func TestRejected(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	a, b := mustAdd(t, s, card("Ada")), mustAdd(t, s, card("Bob"))
	out := r.take()
	got := r.answer(PushResult{ChangeID: out[0].ChangeID, Status: "rejected", Reason: "too large"}, r.receive(out[1:])[0])
	if got != (Applied{Pushed: 1, Rejected: 1}) {
		t.Errorf("applied %+v", got)
	}
	if c := mustContact(t, s, a.ID); c.Rejected != "too large" || !c.Pending {
		t.Errorf("%+v", c)
	}
	r.clean(b.ID)
	if len(r.take()) != 0 {
		t.Error("a refused contact is sent again")
	}
	wantNames(t, s, Query{Filter: Conflicted}, "Ada")
	wantCounts(t, s, Counts{All: 2, Conflicted: 1, Rejected: 1, Pending: 1})
	if w, err := s.Waiting(t.Context(), DefaultBook); err != nil || w != (Waiting{Rejected: 1}) {
		t.Errorf("waiting %+v, %v", w, err)
	}
	a = mustSave(t, s, a, a.Card.WithNote("shorter"))
	if a.Rejected != "" {
		t.Error("the edit did not bring it back")
	}
	r.sync()
	r.clean(a.ID)
}

func TestRejectedAfterALaterEdit(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	a := mustAdd(t, s, card("Ada"))
	out := r.take()
	mustSave(t, s, a, a.Card.WithNote("later"))
	r.answer(PushResult{ChangeID: out[0].ChangeID, Status: "rejected", Reason: "bad"})
	r.sync()
	r.clean(a.ID)
}

func TestServerLostTheContact(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	c := r.agreed(card("Ada"))
	gone := r.agreed(card("Gone"))
	mustSave(t, s, c, c.Card.WithNote("n"))
	if err := s.Delete(t.Context(), gone.ID); err != nil {
		t.Fatal(err)
	}
	clear(r.contacts)
	r.sync()
	r.clean(c.ID)
	if g := mustContact(t, s, gone.ID); g.Pending || g.Deleted.IsZero() {
		t.Errorf("%+v", g)
	}
}

func TestTakePushHoldsToItsLimits(t *testing.T) {
	s := newStore(t)
	for i := range 5 {
		mustAdd(t, s, card(fmt.Sprint("Name ", i)))
	}
	sizes := func(changes, bytes int) (sizes []int) {
		for {
			out, err := s.TakePush(t.Context(), DefaultBook, changes, bytes)
			if err != nil {
				t.Fatal(err)
			}
			if len(out) == 0 {
				break
			}
			sizes = append(sizes, len(out))
		}
		if _, err := s.writer.conn.ExecContext(context.Background(), "DELETE FROM outbox"); err != nil {
			t.Fatal(err)
		}
		return sizes
	}
	if got := sizes(2, 1<<20); !slices.Equal(got, []int{2, 2, 1}) {
		t.Errorf("by count: %v", got)
	}
	if got := sizes(100, 10); !slices.Equal(got, []int{1, 1, 1, 1, 1}) {
		t.Errorf("by bytes: %v", got)
	}
}

func TestWaitingRisesByEditsOnly(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	waiting := func() Waiting {
		t.Helper()
		w, err := s.Waiting(t.Context(), DefaultBook)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	if w := waiting(); w != (Waiting{}) {
		t.Errorf("at first: %+v", w)
	}
	c := mustAdd(t, s, card("Ada"))
	first := waiting()
	if first.Newest == 0 || first.Sendable != 1 {
		t.Errorf("after an edit: %+v", first)
	}
	r.take()
	if w := waiting(); w != first {
		t.Errorf("in flight: %+v, want %+v", w, first)
	}
	r.answer(r.receive(r.inFlight())...)
	if w := waiting(); w != (Waiting{}) {
		t.Errorf("all sent: %+v", w)
	}
	mustSave(t, s, mustContact(t, s, c.ID), c.Card.WithNote("n"))
	second := waiting()
	if second.Newest <= first.Newest {
		t.Errorf("a second edit: %+v after %+v", second, first)
	}
	r.edit(c.Card.WithTitle("t"))
	r.pull()
	if w := waiting(); w.Newest != second.Newest || w.Sendable != 1 {
		t.Errorf("a merge: %+v after %+v", w, second)
	}
}
