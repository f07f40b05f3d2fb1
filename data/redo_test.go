package data

import (
	"errors"
	"testing"

	"kith/contact"
)

func mustRedo(t testing.TB, s *Store) Undone {
	t.Helper()
	u, err := s.Redo(t.Context(), func(int, int) {})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func wantNothingToRedo(t testing.TB, s *Store) {
	t.Helper()
	if u, err := s.Redo(t.Context(), func(int, int) {}); !errors.Is(err, ErrNothingToRedo) {
		t.Errorf("redone %+v, %v; want ErrNothingToRedo", u, err)
	}
}

// Each redo takes one undo back, and each undo one redo, back and forth over several steps.
func TestRedo(t *testing.T) {
	s := newStore(t)
	wantNothingToRedo(t, s)
	ada := mustAdd(t, s, card("Ada"))
	ada = mustSave(t, s, ada, ada.Card.WithNote("one"))
	bob := mustAdd(t, s, card("Bob"))
	if err := s.Delete(t.Context(), ada.ID, bob.ID); err != nil {
		t.Fatal(err)
	}
	type step struct {
		redo            bool
		operation, name string
		shown           []string
		note            string
	}
	for i, st := range []step{
		{false, opDelete, "Ada", []string{"Ada", "Bob"}, "one"},
		{false, opInsert, "Bob", []string{"Ada"}, "one"},
		{false, opUpdate, "Ada", []string{"Ada"}, ""},
		{true, opUpdate, "Ada", []string{"Ada"}, "one"},
		{true, opInsert, "Bob", []string{"Ada", "Bob"}, "one"},
		{false, opInsert, "Bob", []string{"Ada"}, "one"},
		{true, opInsert, "Bob", []string{"Ada", "Bob"}, "one"},
		{true, opDelete, "Ada", nil, "one"},
		{false, opDelete, "Ada", []string{"Ada", "Bob"}, "one"},
	} {
		next, err := s.NextSteps(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		told, do := next.Undo, mustUndo
		if st.redo {
			told, do = next.Redo, mustRedo
		}
		u := do(t, s)
		if u.Operation != st.operation || u.Name != st.name {
			t.Errorf("step %d: %+v, want %s of %s", i, u, st.operation, st.name)
		}
		if told.Operation != u.Operation || told.Name != u.Name || len(told.IDs) != len(u.IDs) {
			t.Errorf("step %d was announced as %+v, and was %+v", i, told, u)
		}
		wantNames(t, s, Query{}, st.shown...)
		if note := mustContact(t, s, ada.ID).Card.Note(); note != st.note {
			t.Errorf("step %d: note %q, want %q", i, note, st.note)
		}
		mustCheck(t, s)
	}
	mustSave(t, s, mustContact(t, s, bob.ID), mustContact(t, s, bob.ID).Card.WithNote("new")) // an edit ends it
	wantNothingToRedo(t, s)
	if next, err := s.NextSteps(t.Context()); err != nil || len(next.Redo.IDs) > 0 || next.Undo.Name != "Bob" {
		t.Errorf("next %+v, %v", next, err)
	}
}

// What came from the server meanwhile stays, and does not end what can be done again.
func TestRedoKeepsWhatChangedSince(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	c := r.agreed(card("Ada").WithNote("old").WithTitle("old"))
	mustSave(t, s, c, c.Card.WithNote("mine").WithTitle("mine"))
	mustUndo(t, s)
	r.sync()
	r.edit(r.contacts[c.ID].Card.WithTitle("theirs").WithOrganization("Engines"))
	r.pull()
	mustRedo(t, s)
	got := mustContact(t, s, c.ID)
	if got.Card.Note() != "mine" || got.Card.Title() != "theirs" || got.Card.Organization() != "Engines" {
		t.Errorf("after redo: %s", got.Card.JSON())
	}
	r.sync()
	r.clean(c.ID)
}

// An answer to a conflict is not kept when it is taken back: the question is there again, and nothing is done again past it.
func TestRedoEndsAtQuestions(t *testing.T) {
	s, _, c := twice(t, contact.StrategyAsk)
	c = mustContact(t, s, c.ID)
	mustSave(t, s, c, c.Card.WithTitle("Countess"))
	mustResolve(t, s, c.ID, nil, paths(t, s, map[string]contact.Side{"note": contact.Local}))
	mustUndo(t, s)
	wantNothingToRedo(t, s)
	mustUndo(t, s) // the title; what was done before the question can be done again
	if u := mustRedo(t, s); u.Name != "Ada" || mustContact(t, s, c.ID).Card.Title() != "Countess" {
		t.Errorf("redone %+v", u)
	}
	wantNothingToRedo(t, s)
	mustCheck(t, s)
}

// Moving to another book is one step, back and forth, and says how many contacts went.
func TestMovesAreSteps(t *testing.T) {
	s := newStore(t)
	family, err := s.AddBook(t.Context(), "Family")
	if err != nil {
		t.Fatal(err)
	}
	ada, bob := mustAdd(t, s, card("Ada")), mustAdd(t, s, card("Bob"))
	if _, err := s.MoveContacts(t.Context(), family.ID, ada.ID, bob.ID); err != nil {
		t.Fatal(err)
	}
	for i, do := range []func(testing.TB, *Store) Undone{mustUndo, mustRedo, mustUndo, mustRedo} {
		next, err := s.NextSteps(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if told := []Undone{next.Undo, next.Redo}[i%2]; told.Operation != opMove || len(told.IDs) != 2 {
			t.Errorf("step %d is announced as %+v", i, told)
		}
		if u := do(t, s); u.Operation != opMove || len(u.IDs) != 2 || u.Name != "Ada" {
			t.Errorf("step %d: %+v, want the move of two", i, u)
		}
		book := []string{DefaultBook, family.ID}[i%2]
		wantNames(t, s, Query{Book: book}, "Ada", "Bob")
		wantNames(t, s, Query{}, "Ada", "Bob")
	}
	mustCheck(t, s)
}
