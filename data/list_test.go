package data

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"kith/contact"
)

// person is a card with a birthday ("" : none) and labels.
func person(t *testing.T, name, birthday string, labels ...string) contact.Card {
	t.Helper()
	c, err := contact.New().WithField("name", name)
	if err == nil && birthday != "" {
		c, err = c.WithField("birthday", birthday)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range labels {
		c = c.WithLabel(l, true)
	}
	return c
}

func TestLists(t *testing.T) {
	began := time.Date(2026, 11, 22, 12, 0, 0, 0, time.Local)
	var passed atomic.Int64 // since then: the daily backup reads the clock, too
	dir := t.TempDir()
	open := func() *Store {
		s, err := Open(t.Context(), dir, Options{Now: func() time.Time { return began.Add(time.Duration(passed.Load())) }})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	ids := map[string]string{}
	for _, c := range []contact.Card{
		person(t, "Zoe Adams", "1990-11-23", "Family"),
		person(t, "Ada Zimmer", "--11-22", "Family", "Work"),
		person(t, "Ben Müller", "1970-01-02", "Work"),
		person(t, "Carl", ""),
		person(t, "Old Friend", "1950-11-21"),
	} {
		passed.Add(int64(time.Minute))
		added, err := s.Add(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		ids[added.Card.DisplayName()] = added.ID
	}
	wantNames(t, s, Query{}, "Ada Zimmer", "Ben Müller", "Carl", "Old Friend", "Zoe Adams")
	wantNames(t, s, Query{Sort: ByFamily}, "Zoe Adams", "Carl", "Old Friend", "Ben Müller", "Ada Zimmer")
	wantNames(t, s, Query{Sort: ByFamily, Text: "work"}, "Ben Müller", "Ada Zimmer")
	wantNames(t, s, Query{Sort: ByChanged}, "Old Friend", "Carl", "Ben Müller", "Ada Zimmer", "Zoe Adams")
	wantNames(t, s, Query{Filter: Birthdays}, "Ada Zimmer", "Zoe Adams", "Ben Müller", "Old Friend")
	wantNames(t, s, Query{Filter: Birthdays, Label: "Work"}, "Ada Zimmer", "Ben Müller")
	wantNames(t, s, Query{Label: "Family"}, "Ada Zimmer", "Zoe Adams")
	wantNames(t, s, Query{Label: "Family", Text: "zo"}, "Zoe Adams")
	wantNames(t, s, Query{Label: "none"})

	passed.Add(int64((recentDays + 1) * 24 * time.Hour))
	wantNames(t, s, Query{Filter: Recent})
	if n, err := s.EditAll(t.Context(), []string{ids["Carl"], ids["Zoe Adams"]}, func(c contact.Card) contact.Card { return c.WithLabel("Family", true) }); err != nil || n != 1 {
		t.Errorf("label two, of whom one has it: %d, %v; want 1", n, err)
	}
	wantNames(t, s, Query{Filter: Recent}, "Carl")
	if err := s.Delete(t.Context(), ids["Ada Zimmer"]); err != nil {
		t.Fatal(err)
	}
	wantNames(t, s, Query{Label: "Family"}, "Carl", "Zoe Adams")

	if n, err := s.RenameLabel(t.Context(), "Family", "Work"); err != nil || n != 2 {
		t.Errorf("rename: %d, %v; want 2", n, err)
	}
	wantNames(t, s, Query{Label: "Work"}, "Ben Müller", "Carl", "Zoe Adams")
	if err := s.Restore(t.Context(), ids["Ada Zimmer"]); err != nil {
		t.Fatal(err)
	}
	got, err := s.Counts(t.Context())
	if want := []Label{{"Work", 4}}; err != nil || !slices.Equal(got.Labels, want) {
		t.Errorf("labels %v, %v; want %v", got.Labels, err, want)
	}
	if recent := len(names(t, s, Query{Filter: Recent})); got.Birthdays != 4 || recent != 3 {
		t.Errorf("%d birthdays and %d recent ones; want 4 and 3", got.Birthdays, recent)
	}
	for range 2 { // the restoring, and the renaming
		if _, err := s.Undo(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	wantNames(t, s, Query{Label: "Family"}, "Carl", "Zoe Adams")
	if n, err := s.RenameLabel(t.Context(), "Family", ""); err != nil || n != 2 {
		t.Errorf("remove the label: %d, %v; want 2", n, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}

	// A file whose lists were made by other rules is listed anew.
	err = s.write(t.Context(), func(tx *tx) error {
		for _, wrong := range []string{"UPDATE contacts SET family_key = x'', birthday = 0", "DELETE FROM labels", "UPDATE state SET projection = 0"} {
			if _, err := tx.exec(wrong); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context()); err == nil {
		t.Error("a check finds nothing wrong with lists that say something else than the cards")
	}
	s.Close()
	s = open()
	defer s.Close()
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	wantNames(t, s, Query{Label: "Work"}, names(t, s, Query{Text: "work"})...)
}

func TestSections(t *testing.T) {
	s := newStore(t)
	var cards []contact.Card
	for _, n := range []string{"Ann", "Abe", "Ärmel", "Bob", "Zoe", "Zed", "Zack", "7up", "山田", "中村", "Þór"} {
		cards = append(cards, person(t, n, ""))
	}
	for range 40 {
		cards = append(cards, person(t, "Max Meyer", ""))
	}
	if _, err := s.AddAll(t.Context(), cards); err != nil {
		t.Fatal(err)
	}
	for _, by := range []Sort{ByName, ByFamily} {
		order, err := s.Order(t.Context(), Query{Sort: by})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := s.Rows(t.Context(), order)
		if err != nil {
			t.Fatal(err)
		}
		var want []Section
		for i, r := range rows {
			if len(want) == 0 || want[len(want)-1].Letter != r.Section {
				want = append(want, Section{r.Section, i})
			}
		}
		got, err := s.Sections(t.Context(), order, by)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("order %d: sections %v, %v; want %v", by, got, err, want)
		}
	}
	if got, err := s.Sections(t.Context(), nil, ByName); err != nil || len(got) != 0 {
		t.Errorf("of nothing: %v, %v", got, err)
	}
}
