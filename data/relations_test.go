package data

import (
	"testing"

	"kith/contact"
)

func wantRelation(t *testing.T, s *Store, of, to, kind string) {
	t.Helper()
	c, err := s.Contact(t.Context(), of)
	if err != nil {
		t.Fatal(err)
	}
	got := ""
	for _, r := range c.Card.Relations() {
		if r.Key == to {
			got = r.Kind
		}
	}
	if got != kind {
		t.Errorf("%s: the other is %q, want %q", c.Card.DisplayName(), got, kind)
	}
}

// A relation is linked both ways, as one action.
func TestRelate(t *testing.T) {
	s := newStore(t)
	ada, byron := mustAdd(t, s, card("Ada")), mustAdd(t, s, card("Byron"))
	ada = mustSave(t, s, ada, ada.Card.WithRelation(contact.Relation{Key: byron.ID, Name: "Byron", Kind: "parent"}))
	wantRelation(t, s, byron.ID, ada.ID, "child")
	ada = mustSave(t, s, ada, ada.Card.WithRelation(contact.Relation{Key: byron.ID, Name: "Byron", Kind: "friend"}))
	wantRelation(t, s, byron.ID, ada.ID, "friend")
	if _, err := s.Undo(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantRelation(t, s, ada.ID, byron.ID, "parent")
	wantRelation(t, s, byron.ID, ada.ID, "child")
	ada, err := s.Contact(t.Context(), ada.ID)
	if err != nil {
		t.Fatal(err)
	}
	ada = mustSave(t, s, ada, ada.Card.WithoutRelation(byron.ID))
	wantRelation(t, s, byron.ID, ada.ID, "")

	child := mustAdd(t, s, card("Ralph").WithRelation(contact.Relation{Key: ada.ID, Name: "Ada", Kind: "parent"}))
	wantRelation(t, s, ada.ID, child.ID, "child")
	// What the other says of its own accord stays.
	ada, _ = s.Contact(t.Context(), ada.ID)
	mustSave(t, s, ada, ada.Card.WithRelation(contact.Relation{Key: child.ID, Name: "Ralph", Kind: "friend"}))
	wantRelation(t, s, child.ID, ada.ID, "friend")
	// A name alone, and somebody who is gone, are nobody to link to.
	ada, _ = s.Contact(t.Context(), ada.ID)
	if err := s.Delete(t.Context(), byron.ID); err != nil {
		t.Fatal(err)
	}
	mustSave(t, s, ada, ada.Card.WithRelation(contact.Relation{Name: "Mary Somerville", Kind: "friend"}).WithRelation(contact.Relation{Key: byron.ID, Name: "Byron", Kind: "parent"}))
	wantRelation(t, s, ada.ID, "Mary Somerville", "friend")
	wantRelation(t, s, byron.ID, ada.ID, "")
	names, err := s.Names(t.Context(), []string{ada.ID, byron.ID, "Mary Somerville"})
	if err != nil || len(names) != 1 || names[ada.ID] != "Ada" {
		t.Errorf("names %v, %v", names, err)
	}
}
