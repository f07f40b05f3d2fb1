package data

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"kith/contact"
)

// shared is a book of somebody else's that the account is in.
func shared(t *testing.T, s *Store, id, role string) *remote {
	t.Helper()
	meet(t, s, RemoteBook{ID: id, Name: "Book " + id, Role: role, Owner: "Eve", Members: 2})
	return newRemoteOf(t, s, id)
}

// meet adds books to, or changes them among, those that the account has.
func meet(t *testing.T, s *Store, changed ...RemoteBook) Met {
	t.Helper()
	books, err := s.Books(t.Context())
	must(t, err)
	all := changed
	for _, b := range books {
		if b.Remote != "" && !slices.ContainsFunc(changed, func(r RemoteBook) bool { return r.ID == b.Remote }) {
			all = append(all, RemoteBook{b.Remote, b.Name, b.Role, b.Owner, b.Members})
		}
	}
	return meetOnly(t, s, all...)
}

// meetOnly says that the account has these books and no others.
func meetOnly(t *testing.T, s *Store, all ...RemoteBook) Met {
	t.Helper()
	met, err := s.MeetBooks(t.Context(), all, func(Book) bool { return false })
	must(t, err)
	mustCheck(t, s)
	return met
}

func namesOf(t *testing.T, s *Store, q Query) []string {
	t.Helper()
	order, err := s.Order(t.Context(), q)
	must(t, err)
	rows, err := s.Rows(t.Context(), order)
	must(t, err)
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.Name
	}
	return names
}

func mustEqual(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestListsOfOneBook(t *testing.T) {
	s := newStore(t)
	must(t, s.LinkBook(t.Context(), DefaultBook, "mine"))
	team := shared(t, s, "team", RoleWriter)
	club := shared(t, s, "club", RoleWriter)
	for i, name := range []string{"Zoe", "Ada", "Mia"} {
		mustAdd(t, s, card(name).WithLabel("own", true).WithStarred(i == 0))
	}
	for _, name := range []string{"Ben", "Yan", "Ada"} {
		team.edit(card(name).WithLabel("work", true).WithStarred(name == "Ben").WithBirthday(contact.Date{Year: 1980, Month: 5, Day: 5}))
	}
	team.pull()
	club.edit(card("Tom"))
	club.pull()
	trashed, err := s.AddTo(t.Context(), "team", card("Gone"))
	must(t, err)
	must(t, s.Delete(t.Context(), trashed.ID))
	for _, c := range []struct {
		name string
		q    Query
		want []string
	}{
		{"all books", Query{}, []string{"Ada", "Ada", "Ben", "Mia", "Tom", "Yan", "Zoe"}},
		{"first", Query{Book: DefaultBook}, []string{"Ada", "Mia", "Zoe"}},
		{"another", Query{Book: "team"}, []string{"Ada", "Ben", "Yan"}},
		{"its favourites", Query{Book: "team", Filter: Favourites}, []string{"Ben"}},
		{"the first one's favourites", Query{Book: DefaultBook, Filter: Favourites}, []string{"Zoe"}},
		{"its birthdays", Query{Book: "team", Filter: Birthdays}, []string{"Ada", "Ben", "Yan"}},
		{"no birthdays", Query{Book: DefaultBook, Filter: Birthdays}, nil},
		{"its trash", Query{Book: "team", Filter: Trash}, []string{"Gone"}},
		{"empty trash", Query{Book: "club", Filter: Trash}, nil},
		{"label", Query{Book: "team", Label: "work"}, []string{"Ada", "Ben", "Yan"}},
		{"a label of another", Query{Book: "club", Label: "work"}, nil},
		{"search", Query{Book: "team", Text: "ad"}, []string{"Ada"}},
		{"search in all", Query{Text: "ad"}, []string{"Ada", "Ada"}},
		{"search in the first", Query{Book: DefaultBook, Text: "be"}, nil},
		{"no such book", Query{Book: "none"}, nil},
	} {
		mustEqual(t, c.name, namesOf(t, s, c.q), c.want)
	}
	sizes, err := s.BookSizes(t.Context())
	must(t, err)
	if sizes[DefaultBook] != 3 || sizes["team"] != 3 || sizes["club"] != 1 {
		t.Errorf("sizes: %v", sizes)
	}
	for book, want := range map[string]Counts{
		"":          {All: 7, Favourites: 2, Trash: 1, Birthdays: 3, Pending: 3, Labels: []Label{{"own", 3}, {"work", 3}}},
		DefaultBook: {All: 3, Favourites: 1, Pending: 3, Labels: []Label{{"own", 3}}},
		"team":      {All: 3, Favourites: 1, Trash: 1, Birthdays: 3, Labels: []Label{{"work", 3}}},
		"club":      {All: 1},
	} {
		got, err := s.CountsOf(t.Context(), book)
		must(t, err)
		want.Collation = got.Collation
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("counts of %q: %+v, want %+v", book, got, want)
		}
	}
	for _, book := range []string{DefaultBook, "team", "club"} {
		held, err := s.Held(t.Context(), book)
		must(t, err)
		if held.Live != sizes[book] {
			t.Errorf("%s: %d live, want %d", book, held.Live, sizes[book])
		}
	}
}

// The same uid in two books, by an import into both or by ill will: neither book can harm the other.
func TestTheSameContactInTwoBooks(t *testing.T) {
	s := newStore(t)
	mine, team := newRemote(t, s), shared(t, s, "team", RoleWriter)
	ada := card("Ada").WithNote("mine")
	own := mine.agreed(ada)
	team.edit(ada.WithNote("theirs"))
	team.pull()

	theirs := rowOfBook(t, s, "team")
	if theirs.ID == own.ID || theirs.Card.UID() != own.Card.UID() || theirs.Card.Note() != "theirs" {
		t.Fatalf("theirs: %+v %s", theirs, theirs.Card.JSON())
	}
	if c := mustContact(t, s, own.ID); c.Card.Note() != "mine" || c.Book != DefaultBook {
		t.Errorf("mine: %s", c.Card.JSON())
	}
	mustSave(t, s, theirs, theirs.Card.WithTitle("CEO"))
	out := team.take()
	if len(out) != 1 || out[0].ID != ada.UID() || out[0].BaseRev != theirs.Rev || len(mine.take()) != 0 {
		t.Fatalf("taken: %+v", out)
	}
	if waits := team.inFlight(); len(waits) != 1 || waits[0].ID != ada.UID() {
		t.Errorf("in flight: %+v", waits)
	}
	team.answer(team.receive(out)...)
	if got := team.contacts[ada.UID()].Card.Title(); got != "CEO" {
		t.Errorf("the server has title %q", got)
	}
	mustSave(t, s, mustContact(t, s, own.ID), own.Card.WithTitle("CTO"))
	mine.sync()

	team.delete(ada)
	team.pull()
	if c := mustContact(t, s, own.ID); !c.Deleted.IsZero() || c.Card.Title() != "CTO" {
		t.Errorf("a deletion in the other book: %+v", c)
	}
	if c := mustContact(t, s, theirs.ID); c.Deleted.IsZero() {
		t.Error("the deletion did not come")
	}
	team.edit(ada.WithNote("back"))
	team.pull()
	if c := mustContact(t, s, theirs.ID); !c.Deleted.IsZero() || c.Card.Note() != "back" {
		t.Errorf("brought back: %+v", c)
	}
	mustUndo(t, s) // the newest action: my title
	if c := mustContact(t, s, own.ID); c.Card.Title() != "" {
		t.Error("the undo missed")
	}

	// What can't be read in one book holds up nothing in the other.
	team.seq++
	team.apply(Page{Since: team.book().Cursor, Cursor: fmt.Sprint(team.seq), Changes: []RemoteChange{{ID: ada.UID(), Rev: team.seq, Unreadable: "of a later version", Raw: []byte("{")}}})
	aside, err := s.SetAside(t.Context())
	must(t, err)
	if len(aside) != 1 || aside[0].Book != "team" || aside[0].ID != theirs.ID || !aside[0].Here {
		t.Errorf("set aside: %+v", aside)
	}
	mustSave(t, s, mustContact(t, s, own.ID), own.Card.WithNote("sent"))
	mine.sync()
	mine.clean(own.ID)
	mustSave(t, s, mustContact(t, s, theirs.ID), ada.WithNote("waits"))
	if w, err := s.Waiting(t.Context(), "team"); err != nil || w.Blocked != 1 || w.Sendable != 0 {
		t.Errorf("waiting: %+v, %v", w, err)
	}
	// A walk over each settles its own.
	for _, r := range []*remote{mine, team} {
		must(t, s.BeginReconcile(t.Context(), r.id, CursorUnknown))
		r.pull()
	}
	if c := mustContact(t, s, own.ID); c.Card.Note() != "sent" {
		t.Errorf("after the walks: %s", c.Card.JSON())
	}
}

func rowOfBook(t *testing.T, s *Store, book string) Contact {
	t.Helper()
	order, err := s.Order(t.Context(), Query{Book: book})
	must(t, err)
	rows, err := s.Rows(t.Context(), order)
	must(t, err)
	if len(rows) != 1 || rows[0].Book != book {
		t.Fatalf("book %s has %+v", book, rows)
	}
	return mustContact(t, s, rows[0].ID)
}

// An id that is made to look like the one that another contact would get here gains nothing.
func TestIDsMadeToCollide(t *testing.T) {
	s := newStore(t)
	mine, team := newRemote(t, s), shared(t, s, "team", RoleWriter)
	own := mine.agreed(card("Ada"))
	team.edit(card("Other").WithUID(own.ID))
	team.pull()
	odd := rowOfBook(t, s, "team").ID
	s2 := newStore(t)
	mine2, team2 := newRemote(t, s2), shared(t, s2, "team", RoleWriter)
	mine2.edit(own.Card)
	mine2.pull()
	team2.edit(card("Guess").WithUID(odd))
	team2.pull()
	team2.edit(card("Other").WithUID(own.ID))
	team2.pull()
	mustEqual(t, "the team's", namesOf(t, s2, Query{Book: "team"}), []string{"Guess", "Other"})
	guess := mustContact(t, s2, odd)
	if guess.Card.DisplayName() != "Guess" || guess.Book != "team" {
		t.Errorf("%s is %s of %s", odd, guess.Card.DisplayName(), guess.Book)
	}
	team2.delete(guess.Card)
	team2.pull()
	mustEqual(t, "after its deletion", namesOf(t, s2, Query{Book: "team"}), []string{"Other"})
	mustEqual(t, "mine", namesOf(t, s2, Query{Book: DefaultBook}), []string{"Ada"})
}

func TestImportIntoTwoBooks(t *testing.T) {
	s := newStore(t)
	b, err := s.AddBook(t.Context(), "  Choir  practice ")
	must(t, err)
	if b.Name != "Choir practice" || !b.Mine() || b.Remote != "" || b.Wanted() != b.ID {
		t.Errorf("the book: %+v", b)
	}
	cards := []contact.Card{card("Ada"), card("Bob")}
	mustTake(t, s.BeginImportTo(b.ID), Imported{Added: 2}, cards...)
	mustTake(t, s.BeginImportTo(b.ID), Imported{Unchanged: 2}, cards...)
	mustTake(t, s.BeginImport(), Imported{Unchanged: 2}, cards...) // they are there
	mustTake(t, s.BeginImportTo(DefaultBook), Imported{Added: 2}, cards...)
	mustTake(t, s.BeginImport(), Imported{Updated: 1}, cards[0].WithNote("new"))
	for _, book := range []string{"", DefaultBook, b.ID} {
		seen, err := s.BeginPreviewTo(book).Look(t.Context(), []contact.Card{cards[1].WithNote("x"), cards[1], card("New")})
		must(t, err)
		if seen[0].Becomes != Grows || seen[1].Becomes != Stays || seen[2].Becomes != Comes {
			t.Errorf("preview into %q: %+v", book, seen)
		}
	}
	order, err := s.Order(t.Context(), Query{Book: DefaultBook, Text: "new"})
	must(t, err)
	if len(order) != 1 {
		t.Errorf("the first book has %d with the note, want the one: it comes before the others", len(order))
	}
	mustEqual(t, "all", namesOf(t, s, Query{}), []string{"Ada", "Ada", "Bob", "Bob"})
	if _, err := s.AddTo(t.Context(), "none", card("X")); !errors.Is(err, ErrNoBook) {
		t.Errorf("no such book: %v", err)
	}
	if _, err := s.AddTo(t.Context(), b.ID, cards[0]); !errors.Is(err, ErrExists) {
		t.Errorf("twice into one book: %v", err)
	}
	mustFind(t, s)
	if found, err := s.Duplicates(t.Context()); err != nil || len(found) != 0 {
		t.Errorf("duplicates across books: %+v, %v", found, err)
	}
}

func TestReadOnlyBooks(t *testing.T) {
	ctx := t.Context()
	s := newStore(t)
	team := shared(t, s, "team", RoleReader)
	var ids []string
	for i := range 14 {
		c := card(fmt.Sprint("Reader ", i)).WithLabel("work", true)
		ids = append(ids, c.UID())
		team.edit(c)
	}
	team.pull()
	c := mustContact(t, s, ids[0])
	mine := mustAdd(t, s, card("Own"))
	for _, x := range []struct {
		name string
		do   func() error
	}{
		{"save", func() error { _, err := s.Save(ctx, c.ID, c.Card, c.Card.WithNote("x")); return err }},
		{"delete", func() error { return s.Delete(ctx, mine.ID, c.ID) }},
		{"add", func() error { _, err := s.AddTo(ctx, "team", card("x")); return err }},
		{"edit all", func() error {
			_, err := s.EditAll(ctx, []string{mine.ID, c.ID}, func(c contact.Card) contact.Card { return c.WithStarred(true) })
			return err
		}},
		{"rename label", func() error { _, err := s.RenameLabel(ctx, "work", "job"); return err }},
		{"merge", func() error { return s.MergeContacts(ctx, Merge{IDs: ids[:2]}) }},
		{"tell apart", func() error { return s.TellApart(ctx, ids[:2]...) }},
		{"import", func() error {
			_, _, err := s.BeginImportTo("team").Take(ctx, []contact.Card{card("x")})
			return err
		}},
		{"move out", func() error { _, err := s.MoveContacts(ctx, DefaultBook, mine.ID, c.ID); return err }},
		{"move in", func() error { _, err := s.MoveContacts(ctx, "team", mine.ID); return err }},
		{"copy in", func() error { _, err := s.CopyContacts(ctx, "team", mine.ID); return err }},
		{"make it the book for new ones", func() error { return s.SetNewContactsBook(ctx, "team") }},
	} {
		if err := x.do(); !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v", x.name, err)
		}
	}
	if err := s.RenameBook(ctx, "team", "Ours"); !errors.Is(err, ErrNotOwner) {
		t.Errorf("rename: %v", err)
	}
	if got := mustContact(t, s, c.ID); got.Pending || !got.Card.Equal(c.Card) || mustContact(t, s, mine.ID).Card.Starred() {
		t.Error("something was written")
	}
	if _, err := s.CopyContacts(ctx, DefaultBook, c.ID); err != nil {
		t.Errorf("copy out: %v", err)
	}
	// The same card comes by a file: it does not go to the book that can't be changed.
	mustTake(t, s.BeginImport(), Imported{Added: 1}, mustContact(t, s, ids[3]).Card.WithNote("y"))
	// What the owner empties is not asked about.
	for _, id := range ids {
		team.delete(mustContact(t, s, id).Card)
	}
	team.pull()
	if h, err := s.Held(ctx, "team"); err != nil || h.Any() || h.Live != 0 {
		t.Errorf("held: %+v, %v", h, err)
	}
}

func TestMoveBetweenBooks(t *testing.T) {
	ctx := t.Context()
	s := newStore(t)
	mine, team := newRemote(t, s), shared(t, s, "team", RoleWriter)
	must(t, s.LinkBook(ctx, DefaultBook, "mine"))
	photo := contact.NewBlob("image/png", []byte("not a picture, but bytes"))
	must(t, s.PutBlob(ctx, photo))
	ada, bob := card("Ada").WithPhoto(photo), card("Bob")
	bob = bob.WithRelations([]contact.Relation{{Key: ada.UID(), Name: "Ada", Kind: "child"}})
	all := []string{ada.UID(), bob.UID()}
	for i := range 20 {
		c := card(fmt.Sprint("Many ", i))
		all = append(all, c.UID())
		mustAdd(t, s, c)
	}
	mustAdd(t, s, ada)
	mustAdd(t, s, bob)
	mine.sync()

	moved, err := s.MoveContacts(ctx, "team", all...)
	must(t, err)
	mustCheck(t, s)
	if got := namesOf(t, s, Query{Book: "team"}); len(got) != len(all) || len(namesOf(t, s, Query{Book: DefaultBook})) != 0 {
		t.Fatalf("the team has %q", got)
	}
	a, b := mustContact(t, s, moved[0]), mustContact(t, s, moved[1])
	if p, ok := a.Card.Photo(); !ok || p.BlobID != photo.ID {
		t.Error("the photo stayed behind")
	}
	if r := b.Card.Relations(); len(r) != 1 || r[0].Key != a.Card.UID() {
		t.Errorf("relations: %+v, want one to %s", r, a.Card.UID())
	}
	again, err := s.MoveContacts(ctx, "team", moved[0])
	must(t, err)
	mustEqual(t, "moved to where it is", again, moved[:1])
	if sent := len(mine.take()); sent != len(all) { // no guard holds them
		t.Errorf("%d of %d deletions go", sent, len(all))
	}
	mine.answer(mine.receive(mine.inFlight())...)
	team.sync()

	if u := mustUndo(t, s); len(u.IDs) != len(all) {
		t.Errorf("undone: %+v", u)
	}
	mustCheck(t, s)
	if got := namesOf(t, s, Query{Book: DefaultBook}); len(got) != len(all) || len(namesOf(t, s, Query{Book: "team"})) != 0 {
		t.Errorf("after the undo the first has %q", got)
	}
	mine.sync()
	mine.clean(ada.UID())

	back, err := s.MoveContacts(ctx, "team", ada.UID())
	must(t, err)
	mustEqual(t, "moved again", back, moved[:1])
	copies, err := s.CopyContacts(ctx, DefaultBook, back...)
	must(t, err)
	if c := mustContact(t, s, copies[0]); c.Book != DefaultBook || c.Card.UID() == ada.UID() {
		t.Errorf("the copy: %+v", c)
	}
	if _, err := s.MoveContacts(ctx, "team", bob.UID(), "none"); !errors.Is(err, ErrNotFound) {
		t.Errorf("move of what is not there: %v", err)
	}
	if !mustContact(t, s, bob.UID()).Deleted.IsZero() {
		t.Error("half a move was made")
	}
}

// Two devices move the same contact before they hear of each other: it is there once.
func TestMovedOnTwoDevices(t *testing.T) {
	uids := map[string]bool{}
	ada := card("Ada")
	for range 2 {
		s := newStore(t)
		shared(t, s, "team", RoleWriter)
		mustAdd(t, s, ada)
		moved, err := s.MoveContacts(t.Context(), "team", ada.UID())
		must(t, err)
		uids[mustContact(t, s, moved[0]).Card.UID()] = true
	}
	if len(uids) != 1 {
		t.Errorf("it is there as %v", uids)
	}
}

func TestRelationsStayInTheirBook(t *testing.T) {
	s := newStore(t)
	team := shared(t, s, "team", RoleWriter)
	eve := card("Eve")
	team.edit(eve)
	team.pull()
	mustAdd(t, s, card("Ada").WithRelations([]contact.Relation{{Key: eve.UID(), Name: "Eve", Kind: "spouse"}}))
	if c := mustContact(t, s, eve.UID()); c.Pending || len(c.Card.Relations()) != 0 {
		t.Errorf("the team's book was told: %s", c.Card.JSON())
	}
	own := mustAdd(t, s, card("Bob"))
	mustAdd(t, s, card("Cid").WithRelations([]contact.Relation{{Key: own.ID, Name: "Bob", Kind: "spouse"}}))
	if c := mustContact(t, s, own.ID); len(c.Card.Relations()) != 1 {
		t.Error("the own one was not told")
	}
	if err := s.MergeContacts(t.Context(), Merge{IDs: []string{own.ID, eve.UID()}}); !errors.Is(err, ErrBooksDiffer) {
		t.Errorf("merge across books: %v", err)
	}
}

func TestNewContactsBook(t *testing.T) {
	ctx := t.Context()
	s := newStore(t)
	shared(t, s, "team", RoleWriter)
	must(t, s.SetNewContactsBook(ctx, "team"))
	if c := mustAdd(t, s, card("Ada")); c.Book != "team" {
		t.Errorf("it went to %s", c.Book)
	}
	meet(t, s, RemoteBook{ID: "team", Name: "Team", Role: RoleReader})
	b, err := s.NewContactsBook(ctx)
	must(t, err)
	if c := mustAdd(t, s, card("Bob")); c.Book != DefaultBook || !b.First() {
		t.Errorf("it went to %s", c.Book)
	}
	if err := s.SetNewContactsBook(ctx, "none"); !errors.Is(err, ErrNoBook) {
		t.Errorf("no such book: %v", err)
	}
}
