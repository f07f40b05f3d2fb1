package systest

import (
	"slices"
	"strings"
	"testing"
)

// listedBook is one line of the document of `kithctl books`.
type listedBook struct {
	ID, Name, Role, Owner string
	Members, Contacts     int
	Synced, New           bool
}

func (d *device) book(name string) listedBook {
	d.t.Helper()
	var all []listedBook
	d.json(done, &all, "books")
	for _, b := range all {
		if b.Name == name {
			return b
		}
	}
	return listedBook{}
}

// names are those of a book's contacts.
func (d *device) names(book string) string {
	d.t.Helper()
	var names []string
	for _, c := range d.list("--book", book) {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

func (d *device) says(want string, args ...string) {
	d.t.Helper()
	if r := d.run(args...); !strings.Contains(r.out+r.errOut, want) {
		d.t.Errorf("%s: %v; want %q in it", d.name, r, want)
	}
}

// TestTwoPeopleShareABook: two accounts at a real server, each with kithctl on a profile: share, join, edit on both sides, only read, be
// removed, and keep what was not sent.
func TestTwoPeopleShareABook(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.command(password+"\n", "user", "add", "eve", "--password-stdin")
	ada := signedIn(t, "ada", s.url())
	eve := newDevice(t, "eve")
	eve.url = s.url()
	if r := eve.runWith(password+"\n", "login", s.url(), "--user", "eve", "--password-stdin"); r.code != done {
		t.Fatal(r)
	}
	own := ada.ok("add", "--name", "Own")
	ada.sync()
	eve.sync()

	// Made offline, with a contact in it.
	s.kill()
	team := ada.ok("books", "add", "Team")
	boss := ada.ok("add", "--name", "Boss", "--phone", "+1 202 555 0100", "--book", "team")
	ada.says("not sent yet", "books")
	ada.must(offline, "sync")
	ada.must(offline, "books", "invite", "Team")
	s.start()

	var invitation struct{ Link, Role string }
	ada.json(done, &invitation, "books", "invite", "Team", "--role", "writer")
	eve.says("ada invites you to the book Team as writer", "books", "look", invitation.Link)
	eve.ok("books", "join", invitation.Link)
	eve.sync()
	if got := eve.names("Team"); got != "Boss" || eve.book("Team").Owner != user {
		t.Errorf("eve's team: %q, %+v", got, eve.book("Team"))
	}
	if got := len(eve.list()); got != 1 {
		t.Errorf("eve sees %d contacts", got)
	}
	cyd := newDevice(t, "cyd")
	s.command(password+"\n", "user", "add", "cyd", "--password-stdin")
	if r := cyd.runWith(password+"\n", "login", s.url(), "--user", "cyd", "--password-stdin"); r.code != done {
		t.Fatal(r)
	}
	if r := cyd.run("books", "join", invitation.Link); r.code != failed || !strings.Contains(r.errOut, "invitation does not work") {
		t.Errorf("a link that was used: %v", r)
	}

	// Both edit; both have both.
	ada.ok("set", boss, "title=CEO")
	eve.ok("set", boss, "note=by eve")
	clerk := eve.ok("add", "--name", "Clerk", "--book", "Team")
	for range 2 {
		ada.sync()
		eve.sync()
	}
	for _, d := range []*device{ada, eve} {
		if d.field(boss, "title") != "CEO" || d.field(boss, "note") != "by eve" || d.names("Team") != "Boss, Clerk" {
			t.Errorf("%s: %s, %s, %s", d.name, d.field(boss, "title"), d.field(boss, "note"), d.names("Team"))
		}
	}
	ada.says("yours, shared with one other", "books")

	// Moved between the books, and back by an undo.
	ada.ok("move", "team", own)
	ada.sync()
	eve.sync()
	if ada.names("personal") != "" || eve.names("Team") != "Boss, Clerk, Own" {
		t.Errorf("moved: %q, eve has %q", ada.names("personal"), eve.names("Team"))
	}
	ada.ok("undo")
	ada.sync()
	eve.sync()
	if ada.names("personal") != "Own" || eve.names("Team") != "Boss, Clerk" {
		t.Errorf("undone: %q, eve has %q", ada.names("personal"), eve.names("Team"))
	}

	// From now on eve reads only: what she had not sent is in her personal book.
	eve.ok("set", clerk, "note=not sent")
	ada.ok("books", "role", "Team", "eve", "reader")
	eve.says(`You may only read the book "Team" now: 1 contact with changes`, "sync")
	if got := eve.names("personal"); got != "Clerk" {
		t.Errorf("eve's own: %q", got)
	}
	for _, refused := range [][]string{{"set", boss, "note=x"}, {"rm", boss}, {"add", "--name", "X", "--book", "Team"}, {"move", "personal", boss}} {
		if r := eve.run(refused...); r.code != failed || !strings.Contains(r.errOut, "you may read this book, but not change it") {
			t.Errorf("%v", r)
		}
	}
	eve.ok("copy", "personal", boss)

	// Removed: her next sync says so, and keeps what she had not sent.
	ada.ok("books", "role", "Team", "eve", "writer")
	eve.sync()
	eve.ok("set", boss, "note=kept")
	ada.ok("books", "remove", "Team", "eve")
	eve.says(`You have no access to the book "Team" any more; 1 contact left this profile; 1 contact with changes that were not sent is in your personal book`, "sync")
	if eve.book("Team").ID != "" || eve.names("personal") != "Boss, Boss, Clerk" || eve.field(boss, "note") != "kept" {
		t.Errorf("eve: %+v, %q", eve.book("Team"), eve.names("personal"))
	}
	eve.says("2 notices", "status")
	eve.ok("books", "notices", "--dismiss")
	if st := eve.sync(); st.Pending != 0 {
		t.Errorf("eve's sync: %+v", st)
	}
	if r := eve.run("books", "members", "Team"); r.code != failed || !strings.Contains(r.errOut, "no such book") {
		t.Errorf("%v", r)
	}
	ada.sync()
	if ada.names("Team") != "Boss, Clerk" || ada.field(boss, "note") != "by eve" {
		t.Errorf("ada: %q, note %q", ada.names("Team"), ada.field(boss, "note"))
	}

	// Another device of ada's has both books by itself; a removed one goes to the trash there.
	laptop := signedIn(t, "laptop", s.url())
	laptop.sync()
	if laptop.names("Team") != "Boss, Clerk" || laptop.book("Team").ID != team {
		t.Errorf("laptop: %q in %+v", laptop.names("Team"), laptop.book("Team"))
	}
	ada.ok("books", "rm", "Team")
	laptop.sync()
	if trash := laptop.list("--trash"); !slices.ContainsFunc(trash, func(c struct{ ID, Name string }) bool { return c.ID == boss }) || laptop.book("Team").ID != "" {
		t.Errorf("laptop's trash: %v", trash)
	}
	for _, d := range []*device{ada, eve, laptop} {
		d.ok("check")
	}
}
