package data

import (
	"errors"
	"testing"

	"kith/contact"
)

func TestAddSaveDeleteRestore(t *testing.T) {
	s := newStore(t)
	ada := mustAdd(t, s, card("Ada Lovelace"))
	if !ada.Pending || ada.Rev != 0 || ada.EditedAt == 0 || ada.Book != DefaultBook {
		t.Errorf("added: %+v", ada)
	}
	mustAdd(t, s, card("Grace Hopper").WithStarred(true))
	wantNames(t, s, Query{}, "Ada Lovelace", "Grace Hopper")
	wantNames(t, s, Query{Filter: Favourites}, "Grace Hopper")
	wantCounts(t, s, Counts{All: 2, Favourites: 1, Pending: 2})

	saved := mustSave(t, s, ada, ada.Card.WithNote("Analyst"))
	if got := mustContact(t, s, ada.ID); got.Card.Note() != "Analyst" || got.EditedAt != saved.EditedAt || got.EditedAt <= ada.EditedAt {
		t.Errorf("saved: %+v", got)
	}

	if err := s.Delete(t.Context(), ada.ID); err != nil {
		t.Fatal(err)
	}
	wantNames(t, s, Query{}, "Grace Hopper")
	wantNames(t, s, Query{Filter: Trash}, "Ada Lovelace")
	wantNames(t, s, Query{Filter: Trash, Text: "analyst"}, "Ada Lovelace")
	wantNames(t, s, Query{Text: "analyst"})
	wantCounts(t, s, Counts{All: 1, Favourites: 1, Trash: 1, Pending: 1}) // the server never had Ada: it need not hear of her
	if c := mustContact(t, s, ada.ID); c.Deleted.IsZero() || c.Pending {
		t.Errorf("deleted: %+v", c)
	}

	if err := s.Restore(t.Context(), ada.ID); err != nil {
		t.Fatal(err)
	}
	if c := mustContact(t, s, ada.ID); !c.Deleted.IsZero() || !c.Pending || c.Card.Note() != "Analyst" {
		t.Errorf("restored: %+v", c)
	}
	wantCounts(t, s, Counts{All: 2, Favourites: 1, Pending: 2})
}

func TestSaveJoinsWhatChangedMeanwhile(t *testing.T) {
	s := newStore(t)
	began := mustAdd(t, s, card("Ada Lovelace").WithNote("old"))
	mustSave(t, s, began, began.Card.WithTitle("Countess").WithNote("by another"))
	got := mustSave(t, s, began, began.Card.WithOrganization("Analytical Engines").WithNote("mine"))
	if got.Card.Title() != "Countess" || got.Card.Organization() != "Analytical Engines" || got.Card.Note() != "mine" {
		t.Errorf("saved %s", got.Card.JSON())
	}
	history, err := s.History(t.Context(), began.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(history) != 3 {
		t.Errorf("%d entries, want 3", len(history))
	}
}

func TestSaveOfADeletedContactBringsItBack(t *testing.T) {
	s := newStore(t)
	c := mustAdd(t, s, card("Ada"))
	if err := s.Delete(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	if got := mustSave(t, s, c, c.Card.WithNote("typed meanwhile")); !got.Deleted.IsZero() {
		t.Error("it is still in the trash")
	}
}

func TestSaveThatChangesNothingWritesNothing(t *testing.T) {
	s := newStore(t)
	c := mustAdd(t, s, card("Ada"))
	mustSave(t, s, c, c.Card)
	if got := mustContact(t, s, c.ID); got.EditedAt != c.EditedAt {
		t.Errorf("edited at %d, want %d", got.EditedAt, c.EditedAt)
	}
}

func TestBadEdits(t *testing.T) {
	s := newStore(t)
	ctx := t.Context()
	ada := mustAdd(t, s, card("Ada"))
	var invalid *contact.ValidationError
	tests := []struct {
		name string
		do   func() error
		is   func(error) bool
	}{
		{"an empty card", func() error { _, err := s.Add(ctx, contact.New()); return err }, func(err error) bool { return errors.As(err, &invalid) }},
		{"no uid", func() error { _, err := s.Add(ctx, contact.Card{}.WithFullName("X")); return err }, func(err error) bool { return errors.As(err, &invalid) }},
		{"the same twice", func() error { _, err := s.Add(ctx, ada.Card); return err }, func(err error) bool { return errors.Is(err, ErrExists) }},
		{"the name taken away", func() error { _, err := s.Save(ctx, ada.ID, ada.Card, ada.Card.WithFullName("")); return err },
			func(err error) bool { return errors.As(err, &invalid) }},
		{"another uid", func() error { _, err := s.Save(ctx, ada.ID, ada.Card, card("Ada L.")); return err }, func(err error) bool { return errors.As(err, &invalid) }},
		{"save of a stranger", func() error { _, err := s.Save(ctx, "x", ada.Card, ada.Card.WithNote("n")); return err },
			func(err error) bool { return errors.Is(err, ErrNotFound) }},
		{"delete of a stranger", func() error { return s.Delete(ctx, ada.ID, "x") }, func(err error) bool { return errors.Is(err, ErrNotFound) }},
		{"read of a stranger", func() error { _, err := s.Contact(ctx, "x"); return err }, func(err error) bool { return errors.Is(err, ErrNotFound) }},
		{"history of a stranger", func() error { _, err := s.History(ctx, "x"); return err }, func(err error) bool { return errors.Is(err, ErrNotFound) }},
		{"one bad card of many", func() error {
			_, err := s.AddAll(ctx, []contact.Card{card("New"), contact.New()})
			return err
		}, func(err error) bool { return errors.As(err, &invalid) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.do(); !tt.is(err) {
				t.Errorf("error %v", err)
			}
			wantNames(t, s, Query{}, "Ada") // half an action is none
		})
	}
}
