package data

import (
	"context"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"kith/contact"
)

// newStore opens an empty profile; at the end of the test it must be sound.
func newStore(t testing.TB) *Store {
	t.Helper()
	return openStore(t, filepath.Join(t.TempDir(), "profile"))
}

func openStore(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		mustCheck(t, s)
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func mustCheck(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Check(context.Background()); err != nil {
		t.Errorf("check: %v", err)
	}
}

func card(name string) contact.Card { return contact.New().WithFullName(name) }

func mustAdd(t testing.TB, s *Store, c contact.Card) Contact {
	t.Helper()
	added, err := s.Add(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func mustSave(t testing.TB, s *Store, c Contact, to contact.Card) Contact {
	t.Helper()
	saved, err := s.Save(t.Context(), c.ID, c.Card, to)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func mustContact(t testing.TB, s *Store, id string) Contact {
	t.Helper()
	c, err := s.Contact(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mustUndo(t testing.TB, s *Store) Undone {
	t.Helper()
	u, err := s.Undo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// names lists what a query shows.
func names(t testing.TB, s *Store, q Query) []string {
	t.Helper()
	order, err := s.Order(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.Rows(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range rows {
		all = append(all, r.Name)
	}
	return all
}

func wantNames(t testing.TB, s *Store, q Query, want ...string) {
	t.Helper()
	if got := names(t, s, q); !slices.Equal(got, want) {
		t.Errorf("%+v shows %q, want %q", q, got, want)
	}
	order, err := s.Order(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 2, len(order) + 1} {
		wantTop(t, s, q, n, order)
	}
}

// wantTop compares what Top answers with the whole order.
func wantTop(t testing.TB, s *Store, q Query, n int, order []RowID) {
	t.Helper()
	top, whole, err := s.Top(t.Context(), q, n)
	switch {
	case err != nil:
		t.Errorf("%+v: the first %d: %v", q, n, err)
	case len(top) < min(n, len(order)) || len(top) > len(order) || !slices.Equal(top, order[:len(top)]):
		t.Errorf("%+v: the first %d of %d are %v, want the beginning of %v", q, n, len(order), top, order)
	case whole && len(top) != len(order):
		t.Errorf("%+v: %d are called all of %d", q, len(top), len(order))
	case !whole && len(top) < n:
		t.Errorf("%+v: %d of %d asked are not called all", q, len(top), n)
	}
}

func wantCounts(t testing.TB, s *Store, want Counts) {
	t.Helper()
	got, err := s.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want.Collation = got.Collation
	got.Birthdays, got.Labels = 0, nil // TestLists has those
	if !reflect.DeepEqual(got, want) {
		t.Errorf("counts %+v, want %+v", got, want)
	}
}

func signal(t testing.TB, c <-chan struct{}, what string) {
	t.Helper()
	select {
	case _, ok := <-c:
		if !ok {
			t.Fatalf("%s: the channel was closed", what)
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("%s: nothing was heard of it", what)
	}
}
