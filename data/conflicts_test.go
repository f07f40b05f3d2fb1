package data

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"kith/contact"
)

// parked is a contact whose note and title differ on both sides, under the strategy "ask".
func parked(t *testing.T) (*Store, *remote, Contact) {
	s := newStore(t)
	r := newRemote(t, s)
	r.strategy(contact.StrategyAsk)
	c := r.agreed(card("Ada").WithNote("old").WithTitle("old"))
	mustSave(t, s, c, c.Card.WithNote("mine").WithTitle("mine").WithOrganization("Mine & Co"))
	r.edit(c.Card.WithNote("theirs").WithTitle("theirs").WithStarred(true))
	if got := r.pull(); got != (Applied{Pulled: 1, Merged: 1, Conflicts: 1}) {
		t.Errorf("applied %+v", got)
	}
	return s, r, mustContact(t, s, c.ID)
}

func conflicts(t *testing.T, s *Store) []Conflict {
	t.Helper()
	all, err := s.Conflicts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func mustResolve(t *testing.T, s *Store, id string, all *contact.Side, keep map[string]contact.Side) {
	t.Helper()
	if err := s.Resolve(t.Context(), id, all, keep); err != nil {
		t.Fatal(err)
	}
	mustCheck(t, s)
}

func side(s contact.Side) *contact.Side { return &s }

// lostValues are the values that the history keeps of what gave way.
func lostValues(t *testing.T, s *Store, id string) (values []string) {
	t.Helper()
	history, err := s.History(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range history {
		if !e.Lost {
			continue
		}
		for _, edit := range e.Patch {
			values = append(values, string(edit.Old))
		}
	}
	slices.Sort(values)
	return values
}

func TestParked(t *testing.T) {
	s, r, c := parked(t)
	if c.Card.Note() != "mine" || c.Card.Title() != "mine" || c.Card.Organization() != "Mine & Co" || !c.Card.Starred() || c.Conflicts != 2 {
		t.Errorf("parked: %d conflicts, %s", c.Conflicts, c.Card.JSON())
	}
	all := conflicts(t, s)
	if len(all) != 2 {
		t.Fatalf("conflicts %+v", all)
	}
	for _, got := range all {
		if string(got.Base) != `"old"` || string(got.Local) != `"mine"` || string(got.Remote) != `"theirs"` || got.Name != "Ada" ||
			got.Device != "Laptop" || got.User != "bob" || got.LocalAt.IsZero() || !got.RemoteAt.After(got.LocalAt) {
			t.Errorf("conflict %+v", got)
		}
	}
	wantNames(t, s, Query{Filter: Conflicted}, "Ada")
	other := mustAdd(t, s, card("Bob"))
	out := r.take()
	if len(out) != 1 || out[0].ID != other.ID {
		t.Errorf("taken: %+v, want Bob alone", out)
	}
	if w, err := s.Waiting(t.Context(), DefaultBook); err != nil || w.Conflicts != 1 || w.Sendable != 1 {
		t.Errorf("waiting %+v, %v", w, err)
	}
}

func TestResolve(t *testing.T) {
	tests := []struct {
		name        string
		all         *contact.Side
		keep        map[string]contact.Side
		note, title string
		lost        []string
	}{
		{"all local", side(contact.Local), nil, "mine", "mine", []string{`"theirs"`, `"theirs"`}},
		{"all remote", side(contact.Remote), nil, "theirs", "theirs", nil},
		{"all but one", side(contact.Remote), map[string]contact.Side{"note": contact.Local}, "mine", "theirs", []string{`"theirs"`}},
		{"each", nil, map[string]contact.Side{"note": contact.Remote, "title": contact.Local}, "theirs", "mine", []string{`"theirs"`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, r, c := parked(t)
			mustResolve(t, s, c.ID, tt.all, paths(t, s, tt.keep))
			if len(conflicts(t, s)) != 0 {
				t.Error("something still waits")
			}
			r.sync()
			got := r.clean(c.ID)
			if got.Card.Note() != tt.note || got.Card.Title() != tt.title || got.Card.Organization() != "Mine & Co" || !got.Card.Starred() {
				t.Errorf("resolved to %s", got.Card.JSON())
			}
			if lost := lostValues(t, s, c.ID); !slices.Equal(lost, tt.lost) {
				t.Errorf("lost values %q, want %q", lost, tt.lost)
			}
		})
	}
}

// paths puts the conflicts' own paths for the short names of a test.
func paths(t *testing.T, s *Store, keep map[string]contact.Side) map[string]contact.Side {
	full := make(map[string]contact.Side)
	for _, c := range conflicts(t, s) {
		for short, side := range keep {
			if len(c.Field) > 2+len(short) && c.Field[1:1+len(short)] == short {
				full[c.Field] = side
			}
		}
	}
	if len(full) != len(keep) {
		t.Fatalf("no paths for %v", keep)
	}
	return full
}

func TestResolveOneAfterTheOther(t *testing.T) {
	s, r, c := parked(t)
	before, err := s.Waiting(t.Context(), DefaultBook)
	if err != nil {
		t.Fatal(err)
	}
	mustResolve(t, s, c.ID, nil, paths(t, s, map[string]contact.Side{"note": contact.Local}))
	if len(r.take()) != 0 || mustContact(t, s, c.ID).Conflicts != 1 {
		t.Error("it does not wait for the other field")
	}
	mustResolve(t, s, c.ID, nil, paths(t, s, map[string]contact.Side{"title": contact.Local}))
	after, err := s.Waiting(t.Context(), DefaultBook)
	if err != nil || after.Newest <= before.Newest || after.Sendable != 1 {
		t.Errorf("the decision does not wake the syncer: %+v, %+v, %v", before, after, err)
	}
	for _, wrong := range []error{
		s.Resolve(t.Context(), c.ID, side(contact.Local), nil),
		s.Resolve(t.Context(), c.ID, nil, map[string]contact.Side{"/nothing": contact.Local}),
		s.Resolve(t.Context(), "x", side(contact.Local), nil),
	} {
		if wrong == nil {
			t.Error("a field that does not wait was decided")
		}
	}
	r.sync()
	r.clean(c.ID)
}

func TestParkedMeetsNewerRemote(t *testing.T) {
	s, r, c := parked(t)
	r.edit(r.contacts[c.ID].Card.WithTitle("theirs again").WithOrganization("Theirs & Co"))
	r.pull()
	if got := mustContact(t, s, c.ID); got.Conflicts != 3 || got.Card.Title() != "mine" || got.Card.Note() != "mine" {
		t.Errorf("%d conflicts, %s", got.Conflicts, got.Card.JSON())
	}
	for _, got := range conflicts(t, s) {
		if string(got.Remote) == `"theirs again"` && string(got.Base) != `"old"` {
			t.Errorf("the value that both began from is gone: %+v", got)
		}
	}
	// The other side comes round to our note: that conflict is over.
	r.edit(r.contacts[c.ID].Card.WithNote("mine"))
	r.pull()
	if got := mustContact(t, s, c.ID); got.Conflicts != 2 {
		t.Errorf("%d conflicts: %+v", got.Conflicts, conflicts(t, s))
	}
	mustResolve(t, s, c.ID, side(contact.Remote), nil)
	r.sync()
	if got := r.clean(c.ID); got.Card.Title() != "theirs again" || got.Card.Note() != "mine" || got.Card.Organization() != "Theirs & Co" {
		t.Errorf("resolved to %s", got.Card.JSON())
	}
}

func TestParkedEndsByAnEqualEdit(t *testing.T) {
	s, r, c := parked(t)
	c = mustSave(t, s, c, c.Card.WithNote("theirs"))
	if c.Conflicts != 1 {
		t.Errorf("%d conflicts", c.Conflicts)
	}
	c = mustSave(t, s, c, c.Card.WithTitle("theirs"))
	if c.Conflicts != 0 {
		t.Errorf("%d conflicts", c.Conflicts)
	}
	r.sync()
	r.clean(c.ID)
}

func TestParkedDeletion(t *testing.T) {
	tests := []struct {
		name  string
		here  bool // deleted here, edited there
		do    func(s *Store, id string) error
		alive bool
	}{
		{"deleted here, local", true, func(s *Store, id string) error { return s.Resolve(context.Background(), id, side(contact.Local), nil) }, false},
		{"deleted here, remote", true, func(s *Store, id string) error { return s.Resolve(context.Background(), id, side(contact.Remote), nil) }, true},
		{"deleted here, restored", true, func(s *Store, id string) error { return s.Restore(context.Background(), id) }, true},
		{"deleted there, local", false, func(s *Store, id string) error { return s.Resolve(context.Background(), id, side(contact.Local), nil) }, true},
		{"deleted there, remote", false, func(s *Store, id string) error { return s.Resolve(context.Background(), id, side(contact.Remote), nil) }, false},
		{"deleted there, deleted", false, func(s *Store, id string) error { return s.Delete(context.Background(), id) }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			r := newRemote(t, s)
			r.strategy(contact.StrategyAsk)
			c := r.agreed(card("Ada").WithNote("old"))
			edited := c.Card.WithNote("new")
			if tt.here {
				c = mustSave(t, s, c, c.Card.WithTitle("edited before"))
				if err := s.Delete(t.Context(), c.ID); err != nil {
					t.Fatal(err)
				}
				r.edit(edited)
			} else {
				mustSave(t, s, c, edited)
				r.delete(c.Card)
			}
			r.pull()
			all := conflicts(t, s)
			if len(all) != 1 || all[0].Field != "" || (all[0].Local == nil) != tt.here || (all[0].Remote == nil) == tt.here || !json.Valid(all[0].Base) {
				t.Fatalf("conflicts %+v", all)
			}
			if err := tt.do(s, c.ID); err != nil {
				t.Fatal(err)
			}
			mustCheck(t, s)
			r.sync()
			got := r.clean(c.ID)
			if alive := got.Deleted.IsZero(); alive != tt.alive {
				t.Errorf("alive: %v, want %v", alive, tt.alive)
			}
			if tt.alive && got.Card.Note() != "new" {
				t.Errorf("the edit is lost: %s", got.Card.JSON())
			}
			if tt.alive && tt.here && got.Card.Title() != "edited before" {
				t.Errorf("the edit before the deletion is lost: %s", got.Card.JSON())
			}
			if !tt.alive && tt.here && !slices.Contains(lostValues(t, s, c.ID), `"new"`) {
				t.Errorf("the edit that gave way is not in the history: %q", lostValues(t, s, c.ID))
			}
		})
	}
}
