package data

import (
	"errors"
	"testing"
)

func TestVersion(t *testing.T) {
	s := newStore(t)
	c := mustAdd(t, s, card("Ada"))
	first := c.Card
	c = mustSave(t, s, c, c.Card.WithNote("n"))
	second := c.Card
	c = mustSave(t, s, c, c.Card.WithNote("another").WithStarred(true))
	third := c.Card
	history, err := s.History(t.Context(), c.ID)
	if err != nil || len(history) != 3 {
		t.Fatalf("history %v, %v", history, err)
	}
	for i, want := range []string{string(third.JSON()), string(second.JSON()), string(first.JSON())} {
		got, err := s.Version(t.Context(), c.ID, history[i].ID)
		if err != nil || string(got.JSON()) != want {
			t.Errorf("version %d back = %s, %v; want %s", i, got.JSON(), err, want)
		}
	}
	if _, err := s.Version(t.Context(), c.ID, history[0].ID+1); !errors.Is(err, ErrNotFound) {
		t.Errorf("an entry that there is not: %v", err)
	}
	if _, err := s.Version(t.Context(), "nobody", history[0].ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("a contact that there is not: %v", err)
	}
}
