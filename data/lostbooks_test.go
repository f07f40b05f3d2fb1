package data

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kith/contact"
)

func notices(t *testing.T, s *Store) string {
	t.Helper()
	all, err := s.Notices(t.Context())
	must(t, err)
	text := ""
	for _, n := range all {
		text += fmt.Sprintf("%s %q gone %d kept %d;", n.Kind, n.Book, n.Gone, n.Kept)
	}
	return text
}

// busyBook is a book with clean contacts, an edited, a refused, a parked and a new one, one in flight, and a deletion that waits.
func busyBook(t *testing.T, s *Store, r *remote) (edited, added Contact) {
	t.Helper()
	must(t, s.SetStrategy(t.Context(), r.id, contact.StrategyAsk))
	cards := map[string]contact.Card{}
	for _, name := range []string{"Clean", "Plain", "Edited", "Refused", "Parked", "Flight", "Deleted", "Dropped"} {
		cards[name] = card(name)
		r.edit(cards[name])
	}
	r.pull()
	refused := mustSave(t, s, mustContact(t, s, cards["Refused"].UID()), cards["Refused"].WithNote("refused"))
	out := r.take()
	r.answer(PushResult{ChangeID: out[0].ChangeID, Status: "rejected", Reason: "no"})
	mustSave(t, s, mustContact(t, s, cards["Flight"].UID()), cards["Flight"].WithNote("in flight"))
	r.take()
	mustSave(t, s, mustContact(t, s, cards["Parked"].UID()), cards["Parked"].WithNote("here"))
	r.edit(cards["Parked"].WithNote("there"))
	r.pull()
	edited = mustSave(t, s, mustContact(t, s, cards["Edited"].UID()), cards["Edited"].WithNote("unsent"))
	must(t, s.Delete(t.Context(), cards["Deleted"].UID()))
	d := mustSave(t, s, mustContact(t, s, cards["Dropped"].UID()), cards["Dropped"].WithNote("edited, then deleted"))
	must(t, s.Delete(t.Context(), d.ID))
	added, err := s.AddTo(t.Context(), r.id, card("New"))
	must(t, err)
	_ = refused
	return edited, added
}

func TestABookIsLost(t *testing.T) {
	ctx := t.Context()
	s := newStore(t)
	mine, team := newRemote(t, s), shared(t, s, "team", RoleWriter)
	own := mustAdd(t, s, card("Own"))
	edited, added := busyBook(t, s, team)
	must(t, s.SetNewContactsBook(ctx, "team"))

	met := meetOnly(t, s)
	mustEqual(t, "lost", met.Lost, []string{"Book team"})
	mustEqual(t, "contacts", namesOf(t, s, Query{}), []string{"Edited", "Flight", "New", "Own", "Parked", "Refused"})
	mustEqual(t, "trash", namesOf(t, s, Query{Filter: Trash}), []string{"Dropped"})
	if got, want := notices(t, s), `lost "Book team" gone 2 kept 5;`; got != want {
		t.Errorf("notices: %s, want %s", got, want)
	}
	c := mustContact(t, s, edited.ID)
	if c.Book != DefaultBook || c.Card.Note() != "unsent" || !c.Pending || c.Rev != 0 {
		t.Errorf("the edited one: %+v", c)
	}
	if h, err := s.History(ctx, edited.ID); err != nil || len(h) != 2 {
		t.Errorf("its history: %+v, %v", h, err)
	}
	if parked, _, err := s.ConflictsOf(ctx, c.ID); err != nil || len(parked) != 0 {
		t.Errorf("conflicts: %+v, %v", parked, err)
	}
	mine.sync()
	for _, id := range []string{own.ID, edited.ID, added.ID} {
		mine.clean(id)
	}
	if _, err := s.Book(ctx, "team"); !errors.Is(err, ErrNoBook) {
		t.Errorf("the book is still there: %v", err)
	}
	all, err := s.Notices(ctx)
	must(t, err)
	must(t, s.DismissNotice(ctx, all[0].ID, all[0].ID))
	if got := notices(t, s); got != "" {
		t.Errorf("after dismissing: %s", got)
	}
	for { // an undo of what was done in the book neither fails nor brings back what is gone
		if _, err := s.Undo(ctx); errors.Is(err, ErrNothingToUndo) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		mustCheck(t, s)
	}
	if _, err := s.FindDuplicates(ctx); err != nil {
		t.Error(err)
	}
	// Invited again: the book comes back as it is at the server, beside what was kept.
	team = newRemoteOf(t, s, "team")
	team.edit(edited.Card.WithNote("theirs"))
	meet(t, s, RemoteBook{ID: "team", Name: "Team", Role: RoleWriter, Members: 3})
	team.pull()
	back := rowOfBook(t, s, "team")
	if back.Card.Note() != "theirs" || back.Pending || mustContact(t, s, edited.ID).Book != DefaultBook {
		t.Errorf("back: %+v", back)
	}
}

// A log entry's id is not given out twice, though the contact of the newest entry is gone: what is in flight holds all entries up to one.
func TestIDsOfGoneLogEntriesStayTaken(t *testing.T) {
	s := newStore(t)
	mine, team := newRemote(t, s), shared(t, s, "team", RoleWriter)
	own := mustAdd(t, s, card("Own"))
	for i := range 5 {
		team.edit(card(fmt.Sprint("Clean ", i)))
	}
	team.pull()
	out := mine.take()
	meetOnly(t, s)
	mustSave(t, s, own, own.Card.WithNote("after the loss"))
	mine.answer(mine.receive(out)...)
	if c := mustContact(t, s, own.ID); !c.Pending {
		t.Error("an edit that was not sent is taken to be")
	}
	mine.sync()
	mine.clean(own.ID)
}

func TestARoleIsLowered(t *testing.T) {
	s := newStore(t)
	team := shared(t, s, "team", RoleWriter)
	edited, _ := busyBook(t, s, team)
	met := meet(t, s, RemoteBook{ID: "team", Name: "Book team", Role: "some day a role", Owner: "Eve", Members: 2})
	mustEqual(t, "lowered", met.Lowered, []string{"team"})
	mustEqual(t, "the book", namesOf(t, s, Query{Book: "team"}), []string{"Clean", "Deleted", "Dropped", "Edited", "Flight", "Parked", "Plain", "Refused"})
	mustEqual(t, "the first book", namesOf(t, s, Query{Book: DefaultBook}), []string{"Edited", "Flight", "New", "Parked", "Refused"})
	if got, want := notices(t, s), `read-only "Book team" gone 0 kept 5;`; got != want {
		t.Errorf("notices: %s, want %s", got, want)
	}
	if c := mustContact(t, s, edited.ID); c.Pending || c.Card.Note() != "" || c.Book != "team" {
		t.Errorf("the edited one: %+v %s", c, c.Card.JSON())
	}
	if out := team.take(); len(out)+len(team.inFlight()) != 0 {
		t.Errorf("to be sent still: %+v", out)
	}
	for id, c := range team.contacts {
		if got := mustContact(t, s, id); got.Rev != c.Rev || !got.Card.Equal(c.Card) {
			t.Errorf("%s is %s at rev %d, the server has %s at %d", id, got.Card.JSON(), got.Rev, c.Card.JSON(), c.Rev)
		}
	}
	meet(t, s, RemoteBook{ID: "team", Name: "Book team", Role: RoleWriter, Owner: "Eve", Members: 2})
	mustSave(t, s, mustContact(t, s, edited.ID), edited.Card)
	team.sync()
	team.clean(edited.ID)
}

func TestAnOwnBookGoesToTheTrash(t *testing.T) {
	ctx := t.Context()
	for _, c := range []struct {
		name    string
		remove  func(*Store, Book) error
		trash   []string
		notices string
	}{
		{"removed here", func(s *Store, b Book) error { return s.RemoveBook(ctx, b.ID) }, []string{"Ada", "Bob"}, ""},
		{"gone at the server", func(s *Store, b Book) error { meetOnly(t, s); return nil }, []string{"Ada"}, `lost "Work" gone 1 kept 1;`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStore(t)
			b, err := s.AddBook(ctx, "Work")
			must(t, err)
			meetOnly(t, s, RemoteBook{ID: b.Wanted(), Name: "Work", Role: RoleOwner, Members: 1})
			r := newRemoteOf(t, s, b.ID)
			ada, err := s.AddTo(ctx, b.ID, card("Ada"))
			must(t, err)
			r.sync()
			r.clean(ada.ID)
			_, err = s.AddTo(ctx, b.ID, card("Bob"))
			must(t, err)
			must(t, c.remove(s, b))
			mustCheck(t, s)
			mustEqual(t, "trash", namesOf(t, s, Query{Filter: Trash}), c.trash)
			if got := notices(t, s); got != c.notices {
				t.Errorf("notices: %s, want %s", got, c.notices)
			}
			mine := newRemote(t, s)
			if out := mine.take(); len(out) != 2-len(c.trash) {
				t.Errorf("the trash is sent: %+v", out)
			}
			must(t, s.Restore(ctx, ada.ID))
			mine.sync()
			mine.clean(ada.ID)
		})
	}
	s := newStore(t)
	if err := s.RemoveBook(ctx, DefaultBook); !errors.Is(err, ErrFirstBook) {
		t.Errorf("the first book: %v", err)
	}
}

func TestOwnBooksThatTheServerForgot(t *testing.T) {
	ctx := t.Context()
	s := newStore(t)
	b, err := s.AddBook(ctx, "Work")
	must(t, err)
	meetOnly(t, s, RemoteBook{ID: b.Wanted(), Name: "Work", Role: RoleOwner, Members: 1})
	r := newRemoteOf(t, s, b.ID)
	ada, err := s.AddTo(ctx, b.ID, card("Ada"))
	must(t, err)
	r.sync()
	if _, err := s.MeetBooks(ctx, nil, func(lost Book) bool { return lost.ID == b.ID }); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Book(ctx, b.ID); err != nil || got.Remote != "" || got.Wanted() != b.ID || !got.Reconciling {
		t.Errorf("the book: %+v, %v", got, err)
	}
	meetOnly(t, s, RemoteBook{ID: b.ID, Name: "Work", Role: RoleOwner, Members: 1})
	r = newRemoteOf(t, s, b.ID) // made anew, and empty
	r.sync()
	r.clean(ada.ID)
}

func TestNamesOfBooksFollow(t *testing.T) {
	ctx := t.Context()
	s := newStore(t)
	must(t, s.LinkBook(ctx, DefaultBook, "mine"))
	name := func(id string) string {
		b, err := s.Book(ctx, id)
		must(t, err)
		return b.Name
	}
	own := RemoteBook{ID: "mine", Name: unnamed, Role: RoleOwner, Members: 1}
	meetOnly(t, s, own)
	if got := name(DefaultBook); got != "Personal" {
		t.Errorf("without a name it is %q", got)
	}
	must(t, s.RenameBook(ctx, DefaultBook, "Family"))
	meetOnly(t, s, own)
	if got := name(DefaultBook); got != "Family" {
		t.Errorf("renamed offline it is %q", got)
	}
	b, err := s.Book(ctx, DefaultBook)
	must(t, err)
	if !b.Renamed() {
		t.Error("nobody tells the server")
	}
	must(t, s.BookRenamed(ctx, DefaultBook, "Family"))
	own.Name = "Household"
	meetOnly(t, s, own)
	if got := name(DefaultBook); got != "Household" {
		t.Errorf("renamed elsewhere it is %q", got)
	}
	if err := s.RenameBook(ctx, DefaultBook, " "); !errors.Is(err, ErrBookName) {
		t.Errorf("no name: %v", err)
	}
}

func TestBooksOfAnotherAccount(t *testing.T) {
	ctx := t.Context()
	s := newStore(t)
	must(t, s.SetAccount(ctx, Account{Server: "https://a", User: "ada"}))
	must(t, s.LinkBook(ctx, DefaultBook, "mine"))
	b, err := s.AddBook(ctx, "Work")
	must(t, err)
	meetOnly(t, s, RemoteBook{ID: "mine", Name: unnamed, Role: RoleOwner, Members: 1},
		RemoteBook{ID: b.Wanted(), Name: "Work", Role: RoleOwner, Members: 2}, RemoteBook{ID: "team", Name: "Team", Role: RoleWriter, Owner: "Eve", Members: 2})
	work, team := newRemoteOf(t, s, b.ID), newRemoteOf(t, s, "team")
	ada, err := s.AddTo(ctx, b.ID, card("Ada"))
	must(t, err)
	work.sync()
	bob := card("Bob")
	team.edit(bob)
	team.edit(card("Clean"))
	team.pull()
	mustSave(t, s, mustContact(t, s, bob.UID()), bob.WithNote("unsent"))

	must(t, s.DropAccount(ctx))
	if books, err := s.Books(ctx); err != nil || len(books) != 3 {
		t.Errorf("signed out: %+v, %v", books, err)
	}
	must(t, s.SetAccount(ctx, Account{Server: "https://a", User: "bob"}))
	mustCheck(t, s)
	books, err := s.Books(ctx)
	must(t, err)
	if len(books) != 2 || books[1].ID != b.ID || books[1].Remote != "" || books[1].Wanted() != b.ID || books[1].Shared() {
		t.Errorf("books: %+v", books)
	}
	if got, want := notices(t, s), `account "Team" gone 1 kept 1;`; got != want {
		t.Errorf("notices: %s, want %s", got, want)
	}
	mustEqual(t, "contacts", namesOf(t, s, Query{}), []string{"Ada", "Bob"})
	must(t, s.WantBook(ctx, b.ID, "another")) // that id is taken by the former account
	meetOnly(t, s, RemoteBook{ID: "another", Name: "Work", Role: RoleOwner, Members: 1})
	work = newRemoteOf(t, s, b.ID)
	work.sync()
	work.clean(ada.ID)
}

func TestValuesThatGaveWayAreKeptFromALostBook(t *testing.T) {
	s := newStore(t)
	team := shared(t, s, "team", RoleWriter)
	ada := card("Ada")
	team.edit(ada)
	team.pull()
	mustSave(t, s, mustContact(t, s, ada.UID()), ada.WithNote("mine, and earlier"))
	change := team.edit(ada.WithNote("theirs, and later"))
	change.EditedAt += time.Hour.Microseconds()
	team.contacts[ada.UID()] = change
	team.pull()
	meetOnly(t, s)
	_, reviews, err := s.ConflictsOf(t.Context(), ada.UID())
	must(t, err)
	if len(reviews) != 1 || string(reviews[0].Local) == "" || mustContact(t, s, ada.UID()).Book != DefaultBook {
		t.Errorf("reviews: %+v", reviews)
	}
}
