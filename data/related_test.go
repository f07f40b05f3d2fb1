package data

import (
	"context"
	"testing"

	"kith/contact"
)

func relatedCard(uid, name string, to ...contact.Relation) contact.Card {
	c := contact.New().WithUID(uid).WithFullName(name)
	return c.WithRelations(to)
}

func related(uid, kind string) contact.Relation {
	return contact.Relation{Key: uid, Name: uid, Kind: kind}
}

// However a person's relations come to be written, both ends have them, as one action.
func TestRelateHoweverWritten(t *testing.T) {
	took := func(batches ...[]contact.Card) func(context.Context, *Store) error {
		return func(ctx context.Context, s *Store) error {
			im := s.BeginImport()
			for _, b := range batches {
				if _, _, err := im.Take(ctx, b); err != nil {
					return err
				}
			}
			return nil
		}
	}
	ada, byron := relatedCard("ada", "Ada"), relatedCard("byron", "Byron")
	child := relatedCard("ada", "Ada", related("byron", "parent"))
	tests := []struct {
		name  string
		there []contact.Card
		do    func(context.Context, *Store) error
		want  map[[2]string]string // of, to: what the other is
	}{
		{"all added at once, the other later", nil, func(ctx context.Context, s *Store) error {
			_, err := s.AddAll(ctx, []contact.Card{child, byron})
			return err
		}, map[[2]string]string{{"byron", "ada"}: "child"}},
		{"several edited", []contact.Card{ada, byron, relatedCard("allegra", "Allegra")}, func(ctx context.Context, s *Store) error {
			_, err := s.EditAll(ctx, []string{"ada", "allegra"}, func(c contact.Card) contact.Card { return c.WithRelation(related("byron", "parent")) })
			return err
		}, map[[2]string]string{{"byron", "ada"}: "child", {"byron", "allegra"}: "child"}},
		{"several edited, each of the other", []contact.Card{ada, byron}, func(ctx context.Context, s *Store) error {
			_, err := s.EditAll(ctx, []string{"ada", "byron"}, func(c contact.Card) contact.Card {
				if c.UID() == "ada" {
					return c.WithRelation(related("byron", "parent"))
				}
				return c.WithRelation(related("ada", "friend"))
			})
			return err
		}, map[[2]string]string{{"ada", "byron"}: "parent", {"byron", "ada"}: "friend"}},
		{"imported, each names the other", nil, took([]contact.Card{child, relatedCard("byron", "Byron", related("ada", "child"))}),
			map[[2]string]string{{"ada", "byron"}: "parent", {"byron", "ada"}: "child"}},
		{"imported, one names the other that comes after it", nil, took([]contact.Card{child, byron}),
			map[[2]string]string{{"ada", "byron"}: "parent", {"byron", "ada"}: "child"}},
		{"imported, the other comes batches later", nil, took([]contact.Card{child}, []contact.Card{relatedCard("x", "X")}, []contact.Card{byron}),
			map[[2]string]string{{"ada", "byron"}: "parent", {"byron", "ada"}: "child"}},
		{"imported to one that names it already", []contact.Card{child}, took([]contact.Card{byron}),
			map[[2]string]string{{"byron", "ada"}: "child"}},
		{"imported, a relation is new to one that is there", []contact.Card{ada, byron}, took([]contact.Card{child}),
			map[[2]string]string{{"ada", "byron"}: "parent", {"byron", "ada"}: "child"}},
		{"imported, of a name alone", nil, took([]contact.Card{relatedCard("ada", "Ada", contact.Relation{Name: "Mary", Kind: "friend"}), relatedCard("mary", "Mary")}),
			map[[2]string]string{{"ada", "Mary"}: "friend", {"mary", "ada"}: ""}},
		{"merged, the other names the one that goes", []contact.Card{ada, relatedCard("ada2", "Ada"), relatedCard("byron", "Byron", related("ada2", "child"))},
			func(ctx context.Context, s *Store) error {
				return s.MergeContacts(ctx, Merge{IDs: []string{"ada", "ada2"}})
			},
			map[[2]string]string{{"ada", "byron"}: "parent", {"byron", "ada"}: "child", {"byron", "ada2"}: ""}},
		{"merged, the one that goes names the other", []contact.Card{ada, byron, relatedCard("ada2", "Ada", related("byron", "parent"))},
			func(ctx context.Context, s *Store) error {
				return s.MergeContacts(ctx, Merge{IDs: []string{"ada", "ada2"}})
			},
			map[[2]string]string{{"ada", "byron"}: "parent", {"byron", "ada"}: "child", {"byron", "ada2"}: ""}},
		{"merged, both ends at once", []contact.Card{ada, byron, relatedCard("ada2", "Ada", related("byron2", "parent")), relatedCard("byron2", "Byron")},
			func(ctx context.Context, s *Store) error {
				return s.MergeContacts(ctx, Merge{IDs: []string{"ada", "ada2"}}, Merge{IDs: []string{"byron", "byron2"}})
			},
			map[[2]string]string{{"ada", "byron"}: "parent", {"byron", "ada"}: "child", {"ada", "byron2"}: "", {"byron", "ada2"}: ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStore(t)
			there := Page{Cursor: "1"}
			for i, c := range tt.there { // as the server has them, with no other end written
				there.Changes = append(there.Changes, RemoteChange{ID: c.UID(), Rev: int64(i + 1), Card: c, EditedAt: 1})
			}
			if _, err := s.ApplyPage(t.Context(), DefaultBook, there); err != nil {
				t.Fatal(err)
			}
			before := cards(t, s)
			if err := tt.do(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			check := func() {
				t.Helper()
				for ends, kind := range tt.want {
					wantRelation(t, s, ends[0], ends[1], kind)
				}
			}
			check()
			if _, err := s.Undo(t.Context()); err != nil {
				t.Fatal(err)
			}
			for id, c := range cards(t, s) {
				if was, there := before[id]; there && !c.Equal(was) {
					t.Errorf("%s after the undo: %s, want %s", id, c.JSON(), was.JSON())
				}
			}
			if _, err := s.Redo(t.Context(), func(int, int) {}); err != nil {
				t.Fatal(err)
			}
			check()
		})
	}
}

// cards are those of all contacts outside the trash.
func cards(t *testing.T, s *Store) map[string]contact.Card {
	t.Helper()
	all := map[string]contact.Card{}
	rows, err := s.Order(t.Context(), Query{})
	if err != nil {
		t.Fatal(err)
	}
	contacts, err := s.Contacts(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range contacts {
		all[c.ID] = c.Card
	}
	return all
}

// What comes from the server is taken as it is: its other ends are the business of whoever wrote it.
func TestAPullRelatesNobody(t *testing.T) {
	s := newStore(t)
	mustAdd(t, s, relatedCard("byron", "Byron"))
	page := Page{Changes: []RemoteChange{{ID: "ada", Rev: 7, Card: relatedCard("ada", "Ada", related("byron", "parent")), EditedAt: 5}}, Cursor: "7"}
	if _, err := s.ApplyPage(t.Context(), DefaultBook, page); err != nil {
		t.Fatal(err)
	}
	wantRelation(t, s, "ada", "byron", "parent")
	wantRelation(t, s, "byron", "ada", "")
}
