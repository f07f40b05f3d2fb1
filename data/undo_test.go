package data

import (
	"errors"
	"slices"
	"testing"

	"kith/contact"
)

func TestUndo(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	ada := mustAdd(t, s, card("Ada").WithNote("one"))
	ada = mustSave(t, s, ada, ada.Card.WithNote("two"))
	ada = mustSave(t, s, ada, ada.Card.WithTitle("Countess"))
	bob := mustAdd(t, s, card("Bob"))
	if err := s.Delete(ctx, ada.ID, bob.ID); err != nil {
		t.Fatal(err)
	}

	steps := []struct {
		operation, name, note, title string
		shown                        []string
	}{
		{opDelete, "Ada", "two", "Countess", []string{"Ada", "Bob"}},
		{opInsert, "Bob", "two", "Countess", []string{"Ada"}},
		{opUpdate, "Ada", "two", "", []string{"Ada"}},
		{opUpdate, "Ada", "one", "", []string{"Ada"}},
		{opInsert, "Ada", "one", "", nil},
	}
	for _, st := range steps {
		u := mustUndo(t, s)
		if u.Operation != st.operation || u.Name != st.name {
			t.Errorf("undone %+v, want %s of %s", u, st.operation, st.name)
		}
		c := mustContact(t, s, ada.ID)
		if c.Card.Note() != st.note || c.Card.Title() != st.title {
			t.Errorf("after undo of %s %s: note %q, title %q", st.operation, st.name, c.Card.Note(), c.Card.Title())
		}
		wantNames(t, s, Query{}, st.shown...)
		mustCheck(t, s)
	}
	if _, err := s.Undo(ctx); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("error %v", err)
	}
	mustAdd(t, s, card("Next"))
	if u := mustUndo(t, s); u.Name != "Next" {
		t.Errorf("undone %+v", u)
	}
}

func TestUndoOfAnImportIsOne(t *testing.T) {
	s := newStore(t)
	ids, err := s.AddAll(t.Context(), []contact.Card{card("A"), card("B"), card("C")})
	if err != nil {
		t.Fatal(err)
	}
	mustSave(t, s, mustContact(t, s, ids[1]), mustContact(t, s, ids[1]).Card.WithNote("n"))
	mustUndo(t, s)
	if u := mustUndo(t, s); !slices.Equal(u.IDs, ids) || u.Operation != opInsert {
		t.Errorf("undone %+v", u)
	}
	wantCounts(t, s, Counts{Trash: 3})
}

func TestUndoKeepsWhatChangedSince(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	c := r.agreed(card("Ada").WithNote("old").WithTitle("old"))
	mustSave(t, s, c, c.Card.WithNote("mine").WithTitle("mine"))
	r.sync()
	r.edit(r.contacts[c.ID].Card.WithTitle("theirs").WithOrganization("Engines"))
	r.pull()
	mustUndo(t, s)
	got := mustContact(t, s, c.ID)
	if got.Card.Note() != "old" || got.Card.Title() != "theirs" || got.Card.Organization() != "Engines" {
		t.Errorf("after undo: %s", got.Card.JSON())
	}
	r.sync()
	r.clean(c.ID)
}

func TestUndoBeforeThePushLeavesNothingToPush(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	c := r.agreed(card("Ada"))
	mustSave(t, s, c, c.Card.WithNote("n"))
	mustUndo(t, s)
	r.clean(c.ID)
	if out := r.take(); len(out) != 0 {
		t.Errorf("taken: %+v", out)
	}
}

func TestUndoPassesOverWhatIsNoMore(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	a := r.agreed(card("Ada"))
	b := r.agreed(card("Bob"))
	mustSave(t, s, b, b.Card.WithNote("n"))
	if err := s.Delete(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	r.edit(a.Card.WithNote("edited there")) // so it comes back by itself
	r.sync()
	if u := mustUndo(t, s); u.Name != "Bob" {
		t.Errorf("undone %+v, want Bob's edit", u)
	}
}

func TestHistory(t *testing.T) {
	s := newStore(t)
	c := mustAdd(t, s, card("Ada"))
	c = mustSave(t, s, c, c.Card.WithNote("n"))
	if err := s.Delete(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	mustUndo(t, s)
	history, err := s.History(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range history {
		got = append(got, e.Operation+" "+e.Origin)
	}
	if want := []string{"INSERT undo", "DELETE local", "UPDATE local", "INSERT local"}; !slices.Equal(got, want) {
		t.Errorf("history %q, want %q", got, want)
	}
	first, err := history[3].Patch.Apply(contact.Card{})
	if err != nil || first.FullName() != "Ada" || first.Note() != "" {
		t.Errorf("the first entry makes %s, %v", first.JSON(), err)
	}
	if second, err := history[2].Patch.Apply(first); err != nil || !second.Equal(c.Card) {
		t.Errorf("the second makes %s, %v", second.JSON(), err)
	}
}
