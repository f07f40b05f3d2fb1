package data

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kith/contact"
	"kith/contact/duplicate"
)

// someone is a card with a name and, where they are not empty, an address and a number.
func someone(name, email, phone string) contact.Card {
	c := card(name)
	if email != "" {
		c = c.WithEmails([]contact.Entry{{Value: email}})
	}
	if phone != "" {
		c = c.WithPhones([]contact.Entry{{Value: phone}})
	}
	return c
}

func mustFind(t testing.TB, s *Store) bool {
	t.Helper()
	changed, err := s.FindDuplicates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// duplicates lists the groups, as "certain Ada Lovelace, Ada Lovelace".
func duplicates(t testing.TB, s *Store) []string {
	t.Helper()
	mustFind(t, s)
	found, err := s.Duplicates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var groups []string
	for _, d := range found {
		var names []string
		for _, r := range d.Rows {
			names = append(names, r.Name)
		}
		groups = append(groups, d.Lane.String()+" "+strings.Join(names, ", "))
	}
	return groups
}

func wantDuplicates(t testing.TB, s *Store, want ...string) {
	t.Helper()
	if got := duplicates(t, s); !slices.Equal(got, want) {
		t.Errorf("duplicates %q, want %q", got, want)
	}
}

func TestFindDuplicates(t *testing.T) {
	s := newStore(t)
	wantDuplicates(t, s)
	ada := mustAdd(t, s, someone("Ada Lovelace", "ada@example.org", ""))
	mustAdd(t, s, someone("Grace Hopper", "grace@example.org", ""))
	wantDuplicates(t, s)
	twin := mustAdd(t, s, someone("Lovelace, Ada", "ADA@example.org", ""))
	wantDuplicates(t, s, "certain Ada Lovelace, Lovelace, Ada")
	if mustFind(t, s) {
		t.Error("found anew, though nothing has changed")
	}
	twin = mustSave(t, s, twin, twin.Card.WithEmails(nil).WithFullName("Ada King"))
	wantDuplicates(t, s)
	mustUndo(t, s)
	wantDuplicates(t, s, "certain Ada Lovelace, Lovelace, Ada")
	if err := s.Delete(t.Context(), ada.ID); err != nil {
		t.Fatal(err)
	}
	wantDuplicates(t, s)
	if err := s.Restore(t.Context(), ada.ID); err != nil {
		t.Fatal(err)
	}
	wantDuplicates(t, s, "certain Ada Lovelace, Lovelace, Ada")
}

// The number that a whole company has finds nobody, but for the colleague who is there twice.
func TestFindDuplicatesAmongColleagues(t *testing.T) {
	s := newStore(t)
	var cards []contact.Card
	for i := range 500 {
		cards = append(cards, someone(fmt.Sprintf("Person%d Number%d", i, i), "info@acme.example", "+49 30 23125 0").WithOrganization("Acme"))
	}
	cards = append(cards, someone("Person7 Number7", "", "+49 30 23125 0").WithOrganization("Acme"))
	if _, err := s.AddAll(t.Context(), cards); err != nil {
		t.Fatal(err)
	}
	wantDuplicates(t, s, "likely Person7 Number7, Person7 Number7")
}

// One contact that was imported again and again is one group.
func TestFindDuplicatesManyCopies(t *testing.T) {
	s := newStore(t)
	var cards []contact.Card
	for range 300 {
		cards = append(cards, someone("Ada Lovelace", "ada@example.org", "+44 20 7946 0958"))
	}
	if _, err := s.AddAll(t.Context(), cards); err != nil {
		t.Fatal(err)
	}
	mustFind(t, s)
	found, err := s.Duplicates(t.Context())
	if err != nil || len(found) != 1 || len(found[0].Rows) != 300 || found[0].Lane != duplicate.Certain {
		t.Errorf("%d groups, %v", len(found), err)
	}
}

// A search that follows the edits one by one ends with what a search from nothing finds.
func TestFollowingFindsWhatBuildingFinds(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	s := newStore(t)
	mustFind(t, s)
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	random := func(c contact.Card) contact.Card {
		switch r.IntN(5) {
		case 0:
			c = c.WithEmails([]contact.Entry{{Value: pick("a@x.org", "b@x.org", "info@x.org", "c@x.org")}})
		case 1:
			c = c.WithPhones([]contact.Entry{{Value: pick("+49 30 1234567", "030 1234567", "+44 20 7946 0958", "+49 171 3920012")}})
		case 2:
			c = c.WithOrganization(pick("Acme", "Bolt", ""))
		case 3:
			c = c.WithEmails(nil).WithPhones(nil)
		}
		return c
	}
	name := func() string {
		return pick("Bob", "Robert", "Ann", "Anna", "A.") + " " + pick("Smith", "Miller", "Smyth")
	}
	var ids []string
	for range 150 {
		switch n := r.IntN(10); {
		case n < 5 || len(ids) == 0:
			c := mustAdd(t, s, random(random(card(name()))))
			ids = append(ids, c.ID)
		case n < 8:
			c := mustContact(t, s, ids[r.IntN(len(ids))])
			if c.Deleted.IsZero() {
				mustSave(t, s, c, random(c.Card).WithFullName(name()))
			}
		case n < 9:
			if err := s.Delete(t.Context(), ids[r.IntN(len(ids))]); err != nil {
				t.Fatal(err)
			}
		default:
			if err := s.Restore(t.Context(), ids[r.IntN(len(ids))]); err != nil {
				t.Fatal(err)
			}
		}
		if r.IntN(10) == 0 {
			for _, id := range emptied(t, s) {
				ids = slices.DeleteFunc(ids, func(other string) bool { return other == id })
			}
		}
		if r.IntN(3) == 0 {
			mustFind(t, s)
		}
	}
	mustFind(t, s)
	pairs := func() (all []string) {
		err := s.read(t.Context(), "SELECT "+pairColumns+" FROM duplicate_pairs ORDER BY a, b", func(row scanner) error {
			p, err := scanPair(row)
			all = append(all, fmt.Sprint(p.A, " ", p.B, " ", verdictText(p.Verdict)))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	followed := pairs()
	if _, err := s.writer.conn.ExecContext(t.Context(), "UPDATE duplicate_state SET version = 0"); err != nil {
		t.Fatal(err)
	}
	mustFind(t, s)
	built := pairs()
	if len(built) == 0 {
		t.Fatal("nothing was found at all")
	}
	for _, p := range followed {
		if !slices.Contains(built, p) {
			t.Errorf("followed, and not built: %s", p)
		}
	}
	for _, p := range built {
		if !slices.Contains(followed, p) {
			t.Errorf("built, and not followed: %s", p)
		}
	}
}

func TestTellApart(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	a := mustAdd(t, s, someone("Ada Lovelace", "ada@example.org", ""))
	b := mustAdd(t, s, someone("Ada Lovelace", "ada@example.org", ""))
	r.sync()
	wantDuplicates(t, s, "certain Ada Lovelace, Ada Lovelace")
	if err := s.TellApart(t.Context(), a.ID, b.ID); err != nil {
		t.Fatal(err)
	}
	wantDuplicates(t, s)
	r.sync()
	if got := duplicate.NotDuplicatesOf(r.contacts[b.ID].Card); !slices.Equal(got, []string{a.ID}) {
		t.Errorf("the server has %v", got)
	}
	if u := mustUndo(t, s); len(u.IDs) != 2 {
		t.Errorf("undone %+v, want both", u)
	}
	wantDuplicates(t, s, "certain Ada Lovelace, Ada Lovelace")
}

func TestMergeContacts(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	a := mustAdd(t, s, someone("Ada Lovelace", "ada@example.org", "").WithNote("one"))
	b := mustAdd(t, s, someone("Ada Lovelace", "ada@example.org", "+44 20 7946 0958").WithNote("two"))
	spouse, err := card("William King").WithField("/relatedTo/"+b.ID, `{"relation":{"spouse":true}}`)
	if err != nil {
		t.Fatal(err)
	}
	spouse = mustAdd(t, s, spouse).Card
	group, err := card("Engines").WithField("/members/urn:uuid:"+b.ID, "true")
	if err != nil {
		t.Fatal(err)
	}
	group = mustAdd(t, s, group).Card
	r.sync()
	wantDuplicates(t, s, "certain Ada Lovelace, Ada Lovelace")
	before := map[string]contact.Card{}
	for _, id := range []string{a.ID, b.ID, spouse.UID(), group.UID()} {
		before[id] = mustContact(t, s, id).Card
	}

	if err := s.MergeContacts(t.Context(), Merge{IDs: []string{a.ID, b.ID}}); err != nil {
		t.Fatal(err)
	}
	merged := mustContact(t, s, a.ID)
	if merged.Card.Note() != "one\ntwo" || len(merged.Card.Phones()) != 1 || len(merged.Card.Emails()) != 1 {
		t.Errorf("merged: %s", merged.Card.JSON())
	}
	wantDuplicates(t, s)
	wantNames(t, s, Query{Filter: Trash}, "Ada Lovelace")
	if into, ok, err := s.MergedInto(t.Context(), b.ID); err != nil || !ok || into.ID != a.ID {
		t.Errorf("merged into %s, %v, %v", into.ID, ok, err)
	}
	if got := mustContact(t, s, spouse.UID()).Card.At("/relatedTo/" + a.ID); string(got) != `{"relation":{"spouse":true}}` {
		t.Errorf("the spouse's relation: %s", got)
	}
	if got := mustContact(t, s, group.UID()).Card.At("/members"); string(got) != `{"urn:uuid:`+a.ID+`":true}` {
		t.Errorf("the group's members: %s", got)
	}
	r.sync()
	if !r.contacts[b.ID].Deleted || r.contacts[a.ID].Card.Note() != "one\ntwo" {
		t.Error("the server has not got the merge")
	}

	if u := mustUndo(t, s); len(u.IDs) != 4 {
		t.Errorf("undone %+v, want all four", u)
	}
	for id, want := range before {
		if got := mustContact(t, s, id); !got.Card.Equal(want) || !got.Deleted.IsZero() {
			t.Errorf("after undo: %s\nbefore:     %s", got.Card.JSON(), want.JSON())
		}
	}
	if _, ok, err := s.MergedInto(t.Context(), b.ID); ok || err != nil {
		t.Errorf("still linked, %v", err)
	}
	wantDuplicates(t, s, "certain Ada Lovelace, Ada Lovelace")
	if err := s.Delete(t.Context(), b.ID); err != nil { // for another reason
		t.Fatal(err)
	}
	if _, ok, err := s.MergedInto(t.Context(), b.ID); ok || err != nil {
		t.Errorf("linked by an older merge, %v", err)
	}
	if err := s.MergeContacts(t.Context(), Merge{IDs: []string{a.ID, b.ID}}); !errors.Is(err, ErrDeleted) {
		t.Errorf("merging with the trash: %v", err)
	}
	r.sync()
}

// Many merges are one action, and no mass deletion that anybody is asked about.
func TestMergeAllAtOnce(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	var merges []Merge
	for i := range 20 {
		a := mustAdd(t, s, someone(fmt.Sprintf("Person%d Number%d", i, i), "", fmt.Sprintf("+49 30 23125%02d", i)))
		b := mustAdd(t, s, someone(fmt.Sprintf("Person%d Number%d", i, i), "", fmt.Sprintf("+49 30 23125%02d", i)))
		merges = append(merges, Merge{IDs: []string{a.ID, b.ID}})
	}
	if got := len(duplicates(t, s)); got != 20 {
		t.Fatalf("%d groups", got)
	}
	r.sync()
	if err := s.MergeContacts(t.Context(), merges...); err != nil {
		t.Fatal(err)
	}
	wantDuplicates(t, s)
	wantCounts(t, s, Counts{All: 20, Trash: 20, Pending: 20})
	r.sync()
	for _, m := range merges {
		if !r.contacts[m.IDs[1]].Deleted {
			t.Errorf("the server still has %s", m.IDs[1])
		}
	}
	mustUndo(t, s)
	if got := len(duplicates(t, s)); got != 20 {
		t.Errorf("%d groups after one undo", got)
	}
}

// What another device edited in the contact that went brings it back, and it is a duplicate again: nothing is lost.
func TestMergedAwayAndEditedElsewhere(t *testing.T) {
	s := newStore(t)
	r := newRemote(t, s)
	a := r.agreed(someone("Ada Lovelace", "ada@example.org", ""))
	b := r.agreed(someone("Ada Lovelace", "ada@example.org", "+44 20 7946 0958"))
	if err := s.MergeContacts(t.Context(), Merge{IDs: []string{a.ID, b.ID}}); err != nil {
		t.Fatal(err)
	}
	r.edit(b.Card.WithNote("edited there"))
	r.sync()
	back := mustContact(t, s, b.ID)
	if !back.Deleted.IsZero() || back.Card.Note() != "edited there" {
		t.Errorf("it has not come back: %s", back.Card.JSON())
	}
	if c := mustContact(t, s, a.ID); len(c.Card.Phones()) != 1 {
		t.Errorf("the survivor: %s", c.Card.JSON())
	}
	wantDuplicates(t, s, "certain Ada Lovelace, Ada Lovelace")
	if _, ok, err := s.MergedInto(t.Context(), b.ID); ok || err != nil {
		t.Errorf("linked, though it is back: %v", err)
	}
}

// A merge combines what is there when it is made, not what its user was looking at.
func TestMergeTakesEditsMadeMeanwhile(t *testing.T) {
	s := newStore(t)
	a := mustAdd(t, s, someone("Ada Lovelace", "ada@example.org", ""))
	b := mustAdd(t, s, someone("Ada Byron", "ada@example.org", ""))
	choices := duplicate.Choices{Take: map[string]int{duplicate.Name: 1}, Drop: map[duplicate.Source]bool{{Card: 0, Path: "/name"}: true}}
	mustSave(t, s, b, b.Card.WithNote("while the merge view was open"))
	if err := s.MergeContacts(t.Context(), Merge{IDs: []string{a.ID, b.ID}, Choices: choices}); err != nil {
		t.Fatal(err)
	}
	c := mustContact(t, s, a.ID)
	if c.Card.Note() == "" || c.Card.FullName() != "Ada Byron" || c.Card.At("/nicknames") != nil {
		t.Errorf("merged: %s", c.Card.JSON())
	}
}
