package syncer_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/syncer/memremote"
)

// pair is a world with a device of each of two accounts.
func pair(t *testing.T) (w *world, ada, eve *device) {
	w = newWorld(t)
	w.server.AddUser("eve", "secret")
	ada, eve = w.device("a"), w.deviceOf("eve", "e")
	ada.sync()
	eve.sync()
	return w, ada, eve
}

func (d *device) book(name string) data.Book {
	d.t.Helper()
	books, err := d.store.Books(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	for _, b := range books {
		if b.Name == name {
			return b
		}
	}
	return data.Book{}
}

func (d *device) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatalf("%s: %v", d.name, err)
	}
}

func (d *device) addBook(name string) data.Book {
	d.t.Helper()
	b, err := d.store.AddBook(d.t.Context(), name)
	d.must(err)
	return b
}

func (d *device) addTo(book, name string) string {
	d.t.Helper()
	c, err := d.store.AddTo(d.t.Context(), book, contact.New().WithFullName(name))
	d.must(err)
	return c.ID
}

// share invites another device's account to a book.
func (d *device) share(book data.Book, with *device, role string) data.Book {
	d.t.Helper()
	in, err := d.engine.Invite(d.t.Context(), book.ID, role, 0)
	d.must(err)
	joined, err := with.engine.Join(with.t.Context(), in.Link)
	with.must(err)
	with.sync()
	return joined
}

func (d *device) names(book string) string {
	d.t.Helper()
	order, err := d.store.Order(d.t.Context(), data.Query{Book: book})
	d.must(err)
	rows, err := d.store.Rows(d.t.Context(), order)
	d.must(err)
	var names []string
	for _, r := range rows {
		names = append(names, r.Name)
	}
	return strings.Join(names, " ")
}

func (d *device) notices() string {
	d.t.Helper()
	all, err := d.store.Notices(d.t.Context())
	d.must(err)
	text := ""
	for _, n := range all {
		text += fmt.Sprintf("%s %s %d %d;", n.Kind, n.Book, n.Gone, n.Kept)
	}
	if got := d.engine.Status().Notices; got != len(all) {
		d.t.Errorf("%s: the status counts %d notices, there are %d", d.name, got, len(all))
	}
	return text
}

func TestABookIsMadeAndShared(t *testing.T) {
	w, ada, eve := pair(t)
	b := ada.addBook("Family")
	x := ada.addTo(b.ID, "Grandma")
	own := ada.add("Own")
	family := ada.share(b, eve, syncer.Writer) // the sharing brings the book to the server
	if family.Role != data.RoleWriter || family.Owner != "ada" || family.Members != 2 {
		t.Errorf("joined: %+v", family)
	}
	if got := eve.names(""); got != "Grandma" {
		t.Errorf("eve sees %q", got)
	}
	eve.set(x, "note=by eve")
	y := eve.addTo(family.ID, "Uncle")
	eve.add("Eve's own")
	eve.sync()
	second := w.device("a2") // another device of the account has all books by itself
	second.sync()
	ada.sync()
	for _, d := range []*device{ada, second} {
		d.want(x, "note=by eve")
		d.want(y, "name=Uncle")
		d.want(own, "name=Own")
		if got := d.names(d.book("Family").ID); got != "Grandma Uncle" {
			t.Errorf("%s: the family is %q", d.name, got)
		}
		if got := d.names(data.DefaultBook); got != "Own" {
			t.Errorf("%s: the first book has %q", d.name, got)
		}
	}
	if b := ada.book("Family"); b.Members != 2 || !b.Mine() {
		t.Errorf("ada's: %+v", b)
	}
	members, err := eve.engine.Members(t.Context(), family.ID)
	eve.must(err)
	if len(members) != 2 || members[0].User != "ada" || !members[1].You {
		t.Errorf("members: %+v", members)
	}
	ada.must(ada.store.RenameBook(t.Context(), b.ID, "Kin"))
	ada.sync()
	eve.sync()
	if eve.book("Kin").ID != family.ID {
		t.Error("the new name did not arrive")
	}
	if rows := w.server.Contacts("eve"); len(rows) != 1 {
		t.Errorf("eve's first book has %d contacts", len(rows))
	}
}

// A book that was made offline is made once, though the answer was lost; and once on all devices.
func TestMakingABookIsRepeated(t *testing.T) {
	w, ada, _ := pair(t)
	b := ada.addBook("Work")
	x := ada.addTo(b.ID, "Boss")
	lost := true
	w.server.SetFaults(func(r memremote.Request) memremote.Fault {
		if r.Op == "add-book" && lost {
			lost = false
			return memremote.Fault{NoReply: true}
		}
		return memremote.Fault{}
	})
	if _, err := ada.engine.Sync(t.Context()); !errors.Is(err, syncer.ErrOffline) {
		t.Fatalf("a lost answer: %v", err)
	}
	ada.reopen()
	ada.sync()
	second := w.device("a2")
	second.sync()
	second.want(x, "name=Boss")
	if books, err := second.store.Books(t.Context()); err != nil || len(books) != 2 {
		t.Errorf("books: %+v, %v", books, err)
	}
	ada.must(ada.engine.RemoveBook(t.Context(), b.ID))
	if got := ada.names(""); got != "" || ada.notices() != "" {
		t.Errorf("after the removal: %q, %s", got, ada.notices())
	}
	second.sync()
	if second.names("") != "" || second.notices() != "lost Work 1 0;" {
		t.Errorf("on the other device: %q, %s", second.names(""), second.notices())
	}
	c := second.contact(x)
	if c.Deleted.IsZero() || c.Book != data.DefaultBook {
		t.Errorf("it is not in the trash: %+v", c)
	}
}

func TestRoleLoweredWhileEditsWait(t *testing.T) {
	_, ada, eve := pair(t)
	b := ada.addBook("Team")
	x := ada.addTo(b.ID, "Boss")
	team := ada.share(b, eve, syncer.Writer)
	eve.set(x, "note=too late")
	members, err := ada.engine.Members(t.Context(), b.ID)
	ada.must(err)
	ada.must(ada.engine.SetRole(t.Context(), b.ID, members[1].ID, syncer.Reader))
	eve.sync()
	if got := eve.notices(); got != "read-only Team 0 1;" {
		t.Errorf("notices: %s", got)
	}
	if eve.names(team.ID) != "Boss" || eve.names(data.DefaultBook) != "Boss" {
		t.Errorf("the team %q, the first %q", eve.names(team.ID), eve.names(data.DefaultBook))
	}
	eve.want(x, "note=")
	ada.set(x, "title=CEO")
	ada.sync()
	eve.sync()
	eve.want(x, "title=CEO")
}

func TestRemovedMember(t *testing.T) {
	w, ada, eve := pair(t)
	b := ada.addBook("Team")
	x := ada.addTo(b.ID, "Boss")
	ada.addTo(b.ID, "Clerk")
	team := ada.share(b, eve, syncer.Writer)
	eve.set(x, "note=unsent")
	y := eve.addTo(team.ID, "New")
	own := eve.add("Own")
	members, err := ada.engine.Members(t.Context(), b.ID)
	ada.must(err)
	ada.must(ada.engine.RemoveMember(t.Context(), b.ID, members[1].ID))
	s := eve.sync() // the trouble with one book is no error: the list says what it was
	if s.Pending != 0 {
		t.Errorf("pending: %+v", s)
	}
	if got := eve.notices(); got != "lost Team 1 2;" {
		t.Errorf("notices: %s", got)
	}
	if got := eve.names(""); got != "Boss New Own" {
		t.Errorf("eve has %q", got)
	}
	eve.want(x, "note=unsent")
	if got := len(w.server.Contacts("eve")); got != 3 {
		t.Errorf("the server has %d contacts of eve's, want %s, %s and %s", got, x, y, own)
	}
	// Invited again, the book is there again, beside what was kept.
	team = ada.share(b, eve, syncer.Reader)
	if eve.names(team.ID) != "Boss Clerk" {
		t.Errorf("back: %q", eve.names(team.ID))
	}
	ada.sync()
	if got := ada.names(""); got != "Boss Clerk" {
		t.Errorf("ada has %q", got)
	}
}

func TestLeaveABook(t *testing.T) {
	_, ada, eve := pair(t)
	b := ada.addBook("Team")
	ada.addTo(b.ID, "Boss")
	team := ada.share(b, eve, syncer.Writer)
	eve.must(eve.engine.Leave(t.Context(), team.ID))
	if eve.names("") != "" || eve.notices() != "" {
		t.Errorf("left: %q, %s", eve.names(""), eve.notices())
	}
	if err := ada.engine.Leave(t.Context(), b.ID); !errors.Is(err, syncer.ErrLastOwner) {
		t.Errorf("the last owner leaves: %v", err)
	}
	if ada.names(b.ID) != "Boss" {
		t.Error("a leave that failed did something")
	}
}

func TestInvitationsThatDoNotFit(t *testing.T) {
	w, ada, eve := pair(t)
	b := ada.addBook("Team")
	in, err := ada.engine.Invite(t.Context(), b.ID, syncer.Reader, 3)
	ada.must(err)
	offer, err := eve.engine.LookAt(t.Context(), in.Link)
	eve.must(err)
	if offer.Book != "Team" || offer.By != "ada" || offer.Role != syncer.Reader {
		t.Errorf("offer: %+v", offer)
	}
	var other *syncer.OtherServerError
	if _, err := eve.engine.Join(t.Context(), strings.Replace(in.Link, "kith.example", "other.example", 1)); !errors.As(err, &other) || other.Server != "https://other.example" {
		t.Errorf("another server: %v", err)
	}
	if _, err := eve.engine.Join(t.Context(), "https://kith.example/"); !errors.Is(err, syncer.ErrLink) {
		t.Errorf("no link: %v", err)
	}
	if _, err := eve.engine.LookAt(t.Context(), strings.Replace(in.Link, "https://kith", "HTTPS://KITH", 1)); err != nil {
		t.Errorf("written in another way: %v", err)
	}
	open, err := ada.engine.Invitations(t.Context(), b.ID)
	ada.must(err)
	ada.must(ada.engine.Withdraw(t.Context(), b.ID, open[0].ID))
	if _, err := eve.engine.Join(t.Context(), in.Link); !errors.Is(err, syncer.ErrInvitation) {
		t.Errorf("withdrawn: %v", err)
	}
	w.server.SetFaults(func(memremote.Request) memremote.Fault { return memremote.Fault{Lost: true} })
	if _, err := ada.engine.Invite(t.Context(), b.ID, syncer.Reader, 0); !errors.Is(err, syncer.ErrOffline) {
		t.Errorf("offline: %v", err)
	}
	if err := ada.engine.RemoveBook(t.Context(), b.ID); !errors.Is(err, syncer.ErrOffline) || ada.book("Team").ID == "" {
		t.Errorf("removed offline: %v", err)
	}
	if err := eve.engine.RemoveBook(t.Context(), data.DefaultBook); !errors.Is(err, data.ErrFirstBook) {
		t.Errorf("the first book: %v", err)
	}
	fresh := eve.addBook("Made offline")
	eve.must(eve.engine.RemoveBook(t.Context(), fresh.ID))
}

// Whoever follows his own invitation, on a device that has not synced yet, gets no second book of it.
func TestJoiningOnesOwnFirstBook(t *testing.T) {
	w, ada, _ := pair(t)
	in, err := ada.engine.Invite(t.Context(), data.DefaultBook, syncer.Reader, 0)
	ada.must(err)
	fresh := w.device("a2")
	b, err := fresh.engine.Join(t.Context(), in.Link)
	fresh.must(err)
	if books, err := fresh.store.Books(t.Context()); err != nil || len(books) != 1 || !b.First() {
		t.Errorf("joined %+v; books %+v, %v", b, books, err)
	}
}

// One book's trouble stops no other, and does not stop edits from being sent.
func TestTroubleWithOneBook(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		a := w.device("a")
		bad, good := a.addBook("Bad"), a.addBook("Good")
		a.sync()
		a.addTo(bad.ID, "Stuck")
		r := w.count()
		badID := a.book("Bad").Remote
		r.set(func(q memremote.Request) memremote.Fault {
			if q.Book == badID {
				return memremote.Fault{Err: syncer.ErrForbidden}
			}
			return memremote.Fault{}
		})
		x := a.addTo(good.ID, "Goes")
		_, err := a.engine.Sync(t.Context())
		var trouble *syncer.BookError
		if !errors.As(err, &trouble) || trouble.Book != bad.ID || !strings.Contains(err.Error(), `"Bad"`) {
			t.Errorf("the sync says %v", err)
		}
		if len(w.server.BookRows(a.book("Good").Remote)) != 1 || a.contact(x).Pending {
			t.Error("the good book waited for the bad one")
		}
		defer a.run()()
		time.Sleep(time.Second)
		if st := a.engine.Status(); st.State != syncer.Idle || st.Err == nil || st.Pending != 1 {
			t.Errorf("status: %+v", st)
		}
		y := a.addTo(good.ID, "Goes, too")
		time.Sleep(time.Second)
		if a.contact(y).Pending {
			t.Error("a live edit was not sent")
		}
		r.take()
		time.Sleep(time.Hour)
		if got := r.take(); got["books"] > 200 || got["poll"] > 300 {
			t.Errorf("in an hour: %v", got)
		}
		r.set(func(memremote.Request) memremote.Fault { return memremote.Fault{} })
		time.Sleep(20 * time.Minute)
		if st := a.engine.Status(); st.Err != nil || st.Pending != 0 {
			t.Errorf("status when it is over: %+v", st)
		}
	})
}

// Long polls bring the edits in several books at once, and are not more than a few connections.
func TestLiveEditsInManyBooks(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		a, b := w.device("a"), w.device("b")
		var books []data.Book
		for i := range 10 {
			books = append(books, a.addBook(fmt.Sprint("Book ", i)))
		}
		a.sync()
		b.sync()
		defer a.run()()
		defer b.run()()
		time.Sleep(time.Second)
		x := a.addTo(books[0].ID, "First")
		time.Sleep(10 * time.Millisecond)
		b.want(x, "name=First")
		z := a.addTo(books[9].ID, "Last") // beyond those that are waited for: with the ticker
		time.Sleep(61 * time.Second)
		b.want(z, "name=Last")
		a.set(z, "note=live") // and from now on at once
		time.Sleep(10 * time.Millisecond)
		b.want(z, "note=live")
		r := w.count()
		time.Sleep(55 * time.Second)
		if got := r.take(); got["poll"] > 3*6 || got["poll"] < 6 {
			t.Errorf("in 55 s: %v, want about 6 polls a device", got)
		}
		// An edit in one book leaves the polls over the others alone.
		time.Sleep(7 * time.Second)
		r.take()
		a.add("Personal")
		time.Sleep(time.Second)
		if got := r.take(); got["push"] != 1 || got["poll"] > 3 || got["books"] != 0 {
			t.Errorf("a live edit costs %v", got)
		}
	})
}

// The device of a removed member says so at once: its long poll ends.
func TestRemovalArrivesLive(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.server.AddUser("eve", "secret")
		ada, eve := w.device("a"), w.deviceOf("eve", "e")
		b := ada.addBook("Team")
		ada.addTo(b.ID, "Boss")
		team := ada.share(b, eve, syncer.Writer)
		defer eve.run()()
		time.Sleep(time.Second)
		members, err := ada.engine.Members(t.Context(), b.ID)
		ada.must(err)
		i := slices.IndexFunc(members, func(m syncer.Member) bool { return m.User == "eve" })
		ada.must(ada.engine.RemoveMember(t.Context(), b.ID, members[i].ID))
		time.Sleep(time.Second)
		if got := eve.notices(); got != "lost Team 1 0;" || eve.names(team.ID) != "" {
			t.Errorf("after a second: %s", got)
		}
		if st := eve.engine.Status(); st.State != syncer.Idle || st.Err != nil {
			t.Errorf("status: %+v", st)
		}
	})
}

// A server that was put back to before a book was made has it again from any device that holds it.
func TestABookThatTheServerForgot(t *testing.T) {
	w, ada, _ := pair(t)
	ada.sync()
	restore := w.server.Snapshot()
	b := ada.addBook("Work")
	x := ada.addTo(b.ID, "Boss")
	ada.add("Since")
	ada.sync()
	restore()
	ada.sync()
	second := w.device("a2")
	second.sync()
	second.want(x, "name=Boss")
	if got := ada.notices(); got != "" || ada.names(b.ID) != "Boss" {
		t.Errorf("ada: %s", got)
	}
}
