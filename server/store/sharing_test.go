package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/server/store"
	"kith/server/store/storetest"
)

// account makes one more account.
func (f *fixture) account(name string) store.User {
	f.t.Helper()
	u, err := f.AddUser(context.Background(), name, "x", "Contacts")
	if err != nil {
		f.t.Fatal(err)
	}
	return u
}

func (f *fixture) newBook(owner store.User, name string) string {
	f.t.Helper()
	b, err := f.AddBook(context.Background(), store.NewBook{Owner: owner.ID, Name: name})
	if err != nil {
		f.t.Fatal(err)
	}
	return b.ID
}

func (f *fixture) newMember(book, name, role string) {
	f.t.Helper()
	if err := f.AddMember(context.Background(), book, name, role); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) code(book string, by store.User, role string) string {
	f.t.Helper()
	code := unique("code")
	if _, err := f.Invite(context.Background(), store.NewInvitation{Book: book, By: by.ID, Role: role, Code: code, For: time.Hour}); err != nil {
		f.t.Fatal(err)
	}
	return code
}

func wantErr(t *testing.T, doing string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", doing, err, want)
	}
}

func testBooks(t *testing.T, db storetest.New) {
	f, ctx := setUp(t, db), t.Context()
	eve := f.account("Eve")
	first, err := f.AddBook(ctx, store.NewBook{ID: "0198c0de-0000-7000-8000-000000000001", Owner: f.user.ID, Name: "Team", Limit: 3})
	if err != nil || first != (store.Book{ID: "0198c0de-0000-7000-8000-000000000001", Name: "Team", Role: store.Owner, Owner: "Ada", Members: 1}) {
		t.Errorf("added %+v, %v", first, err)
	}
	for range 2 {
		again, err := f.AddBook(ctx, store.NewBook{ID: first.ID, Owner: f.user.ID, Name: "Another name", Limit: 2}) // it is no new one: no limit counts
		if err != nil || again != first {
			t.Errorf("a repeat: %+v, %v", again, err)
		}
	}
	_, err = f.AddBook(ctx, store.NewBook{ID: first.ID, Owner: eve.ID, Name: "Mine"})
	wantErr(t, "another's id", err, store.ErrExists)
	_, err = f.AddBook(ctx, store.NewBook{Owner: f.user.ID, Name: "Too many", Limit: 2})
	wantErr(t, "over the limit", err, store.ErrLimit)
	for _, name := range []string{"", " ", "a\nb", strings.Repeat("x", 201)} {
		if _, err := f.AddBook(ctx, store.NewBook{Owner: f.user.ID, Name: name}); err == nil {
			t.Errorf("a book named %q", name)
		}
	}
	// The first one stays the first, whatever the clock does.
	f.clock.add(-48 * time.Hour)
	f.newBook(f.user, "Before")
	f.newMember(f.newBook(eve, "Eve's"), "ada", store.Reader)
	books, err := f.Books(ctx, f.user.ID)
	if err != nil || len(books) != 4 || books[0].ID != f.book {
		t.Errorf("books: %+v, %v", books, err)
	}
	if last := books[3]; last.Role != store.Reader || last.Owner != "Eve" || last.Members != 2 {
		t.Errorf("another's book: %+v", last)
	}
	all, err := f.AllBooks(ctx)
	if err != nil || len(all) != 5 || !slices.IsSortedFunc(all, func(a, b store.Book) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("all books: %+v, %v", all, err)
	}
	wantErr(t, "remove the own book", f.RemoveBook(ctx, f.user.ID, f.book), store.ErrOwnBook)
	wantErr(t, "the administrator removes it", f.RemoveBook(ctx, "", f.book), store.ErrOwnBook)
	wantErr(t, "leave it", f.RemoveMember(ctx, f.user.ID, f.book, f.user.ID), store.ErrOwnBook)
	d := f.device("laptop")
	own := f.book
	f.book = first.ID
	d.fill(3)
	f.withBlob()
	if err := f.RemoveBook(ctx, "", first.ID); err != nil {
		t.Error(err)
	}
	f.book = own
	wantErr(t, "remove it again", f.RemoveBook(ctx, "", first.ID), store.ErrNotFound)
	if b, err := f.Books(ctx, f.user.ID); err != nil || len(b) != 3 {
		t.Errorf("after a removal: %+v, %v", b, err)
	}
	// An account that others share a book with can't go before they have another owner.
	f.newMember(f.book, "eve", store.Writer)
	wantErr(t, "remove the only owner", f.RemoveUser(ctx, "ada"), store.ErrLastOwner)
	if err := f.SetRole(ctx, "", f.book, eve.ID, store.Owner); err != nil {
		t.Fatal(err)
	}
	if err := f.RemoveUser(ctx, "ada"); err != nil {
		t.Error(err)
	}
	if role, err := f.Role(ctx, eve.ID, f.book); err != nil || role != store.Owner {
		t.Errorf("who is left: %s, %v", role, err)
	}
}

func testInvitations(t *testing.T, db storetest.New) {
	f, ctx := setUp(t, db), t.Context()
	bob, cyd := f.account("Bob"), f.account("Cyd")
	book := f.newBook(f.user, "Team")
	in, err := f.Invite(ctx, store.NewInvitation{Book: book, By: f.user.ID, Role: store.Writer, Code: "code-a", For: time.Hour, Limit: 2})
	if err != nil || in.By != "Ada" || in.Role != store.Writer || in.Expires-in.Made != time.Hour.Microseconds() {
		t.Fatalf("invited: %+v, %v", in, err)
	}
	code := f.code(book, f.user, store.Reader)
	_, err = f.Invite(ctx, store.NewInvitation{Book: book, By: f.user.ID, Role: store.Writer, Code: "code-b", For: time.Hour, Limit: 2})
	wantErr(t, "one too many", err, store.ErrLimit)
	open, err := f.Invitations(ctx, book)
	if err != nil || len(open) != 2 || open[0] != in && open[1] != in {
		t.Errorf("open: %+v, %v", open, err)
	}
	o, err := f.LookAt(ctx, bob.ID, "code-a")
	if err != nil || o.Book.Name != "Team" || o.Role != store.Writer || o.By != "Ada" {
		t.Errorf("look: %+v, %v", o, err)
	}
	// What expired does not work; whoever used it before may repeat that.
	if _, err := f.Accept(ctx, store.Acceptance{User: bob.ID, Code: "code-a"}); err != nil {
		t.Error(err)
	}
	_, err = f.Accept(ctx, store.Acceptance{User: cyd.ID, Code: code, Members: 2})
	wantErr(t, "a full book", err, store.ErrLimit)
	_, err = f.Accept(ctx, store.Acceptance{User: cyd.ID, Code: code, Books: 1})
	wantErr(t, "a full account", err, store.ErrLimit)
	f.clock.add(59 * time.Minute)
	if b, err := f.Accept(ctx, store.Acceptance{User: bob.ID, Code: "code-a", Members: 1, Books: 1}); err != nil || b.Role != store.Writer {
		t.Errorf("a repeat: %+v, %v", b, err)
	}
	f.clock.add(2 * time.Minute)
	_, err = f.Accept(ctx, store.Acceptance{User: cyd.ID, Code: code})
	wantErr(t, "expired", err, store.ErrInvitation)
	_, err = f.LookAt(ctx, cyd.ID, code)
	wantErr(t, "look at what expired", err, store.ErrInvitation)
	if open, err := f.Invitations(ctx, book); err != nil || len(open) != 0 {
		t.Errorf("open: %+v, %v", open, err)
	}
	// The administrator invites nobody, and what an older node left behind makes nobody a member.
	code = f.code(book, f.user, store.Owner)
	if _, err := f.Accept(ctx, store.Acceptance{User: bob.ID, Code: code}); err != nil {
		t.Fatal(err)
	}
	code = f.code(book, bob, store.Owner)
	raw := storetest.Open(t, f.dsn)
	if _, err := raw.Exec("UPDATE members SET role = 'writer' WHERE book_id = '" + book + "' AND user_id = '" + bob.ID + "'"); err != nil {
		t.Fatal(err)
	}
	_, err = f.Accept(ctx, store.Acceptance{User: cyd.ID, Code: code})
	wantErr(t, "made by whom could not any more", err, store.ErrInvitation)
	var hash string
	if err := raw.QueryRow("SELECT code_hash FROM invitations WHERE used_by = ''").Scan(&hash); err != nil || strings.Contains(hash, code) || len(hash) != 64 {
		t.Errorf("what the database holds of a code: %q, %v", hash, err)
	}
	f.clock.add(48 * time.Hour)
	if _, err := f.Compact(ctx); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := raw.QueryRow("SELECT COUNT(*) FROM invitations").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d old invitations are kept, %v", left, err)
	}
}

// testAcceptConcurrently: many accept one link at two nodes, and one is let in.
func testAcceptConcurrently(t *testing.T, db storetest.New) {
	f, ctx := setUp(t, db), t.Context()
	nodes := []*store.Store{f.Store, open(t, f.dsn, f.clock)}
	var users []store.User
	for i := range 6 {
		users = append(users, f.account(fmt.Sprint("user", i)))
	}
	for range 3 {
		book := f.newBook(f.user, "Team")
		code := f.code(book, f.user, store.Writer)
		var in atomic.Int64
		var work sync.WaitGroup
		for i, u := range users {
			work.Go(func() {
				switch _, err := nodes[i%2].Accept(ctx, store.Acceptance{User: u.ID, Code: code, Members: 10}); {
				case err == nil:
					in.Add(1)
				case !errors.Is(err, store.ErrInvitation):
					t.Errorf("accept: %v", err)
				}
			})
		}
		work.Wait()
		members, err := f.Members(ctx, book)
		if err != nil || in.Load() != 1 || len(members) != 2 {
			t.Errorf("%d were let in, the book has %+v, %v", in.Load(), members, err)
		}
	}
}

// testAddBookConcurrently: one book comes of a request that arrives many times at once, and one account gets an id that two ask for.
func testAddBookConcurrently(t *testing.T, db storetest.New) {
	f, ctx := setUp(t, db), t.Context()
	nodes := []*store.Store{f.Store, open(t, f.dsn, f.clock)}
	bob := f.account("Bob")
	for round := range 3 {
		for name, owners := range map[string][]store.User{"one account": {f.user, f.user}, "two accounts": {f.user, bob}} {
			id := fmt.Sprintf("0198c0de-0000-7000-8000-%d-%d", len(name), round)
			var work sync.WaitGroup
			var refused atomic.Int64
			for i := range 6 {
				work.Go(func() {
					b, err := nodes[i%2].AddBook(ctx, store.NewBook{ID: id, Owner: owners[i/2%2].ID, Name: "Team"})
					switch {
					case errors.Is(err, store.ErrExists):
						refused.Add(1)
					case err != nil || b.ID != id || b.Role != store.Owner || b.Members != 1:
						t.Errorf("%s: %+v, %v", name, b, err)
					}
				})
			}
			work.Wait()
			members, err := f.Members(ctx, id)
			if n := refused.Load(); err != nil || len(members) != 1 || owners[0] == owners[1] && n != 0 || owners[0] != owners[1] && n != 2 && n != 4 {
				t.Errorf("%s: %d refused, members %+v, %v", name, n, members, err)
			}
		}
	}
}

// testOwnersLeave: of two owners who leave, or lower each other, at once, one stays.
func testOwnersLeave(t *testing.T, db storetest.New) {
	f, ctx := setUp(t, db), t.Context()
	nodes := []*store.Store{f.Store, open(t, f.dsn, f.clock)}
	bob := f.account("Bob")
	owners := []store.User{f.user, bob}
	for _, c := range []struct {
		name string
		do   func(s *store.Store, book string, me, other store.User) error
	}{
		{"leave", func(s *store.Store, book string, me, _ store.User) error {
			return s.RemoveMember(ctx, me.ID, book, me.ID)
		}},
		{"lower each other", func(s *store.Store, book string, me, other store.User) error {
			return s.SetRole(ctx, me.ID, book, other.ID, store.Reader)
		}},
	} {
		for range 4 {
			book := f.newBook(f.user, "Team")
			f.newMember(book, "bob", store.Owner)
			var work sync.WaitGroup
			var failed atomic.Int64
			for i := range owners {
				work.Go(func() {
					err := c.do(nodes[i], book, owners[i], owners[1-i])
					if err != nil {
						failed.Add(1)
					}
					if err != nil && !errors.Is(err, store.ErrLastOwner) && !errors.Is(err, store.ErrForbidden) {
						t.Errorf("%s: %v", c.name, err)
					}
				})
			}
			work.Wait()
			members, err := f.Members(ctx, book)
			n := 0
			for _, m := range members {
				if m.Role == store.Owner {
					n++
				}
			}
			if err != nil || n != 1 || failed.Load() != 1 {
				t.Errorf("%s: %d failed, left are %+v, %v", c.name, failed.Load(), members, err)
			}
		}
	}
}

// testRoleLowered: while a writer pushes at one node, another takes the right away; whatever was applied lies before that.
func testRoleLowered(t *testing.T, db storetest.New) {
	f, ctx := setUp(t, db), t.Context()
	other := open(t, f.dsn, f.clock)
	bob := f.account("Bob")
	for _, c := range []struct {
		name string
		take func(book string) error
		want error
	}{
		{"lowered", func(book string) error { return other.SetRole(ctx, f.user.ID, book, bob.ID, store.Reader) }, store.ErrForbidden},
		{"removed", func(book string) error { return other.RemoveMember(ctx, f.user.ID, book, bob.ID) }, store.ErrNotFound},
		{"the book removed", func(book string) error { return other.RemoveBook(ctx, f.user.ID, book) }, store.ErrNotFound},
	} {
		book := f.newBook(f.user, "Team")
		f.newMember(book, "bob", store.Writer)
		push := func(i int) error {
			p := edit(fmt.Sprint("x", i), 0, "x")
			_, err := f.Push(ctx, store.PushRequest{Book: book, Device: "d", User: bob.ID, Changes: []store.Push{p}})
			return err
		}
		pushed, taken := make(chan struct{}), make(chan struct{})
		var work sync.WaitGroup
		var applied atomic.Int64
		work.Go(func() {
			for i := 0; ; i++ {
				gone := false
				select {
				case <-taken:
					gone = true
				default:
				}
				err := push(i)
				if err != nil {
					wantErr(t, c.name, err, c.want)
					return
				}
				if gone {
					t.Errorf("%s: pushed after the right was taken away", c.name)
					return
				}
				if applied.Add(1) == 3 {
					close(pushed)
				}
			}
		})
		<-pushed
		err := c.take(book)
		close(taken)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		work.Wait()
	}
}

// testRemovedElsewhere: who waits at one node is woken when another takes its right away.
func testRemovedElsewhere(t *testing.T, db storetest.New) {
	f, ctx := setUp(t, db), t.Context()
	other := open(t, f.dsn, f.clock)
	bob := f.account("Bob")
	for _, how := range []string{"removed", "left", "the book removed"} {
		book := f.newBook(f.user, "Team")
		f.newMember(book, "bob", store.Writer)
		w := f.Wait(book)
		if _, err := w.First(ctx, store.FeedQuery{Book: book, Limit: 1}); err != nil {
			t.Fatal(err)
		}
		var err error
		switch how {
		case "removed":
			err = other.RemoveMember(ctx, f.user.ID, book, bob.ID)
		case "left":
			err = other.RemoveMember(ctx, bob.ID, book, bob.ID)
		default:
			err = other.RemoveBook(ctx, "", book)
		}
		if err != nil {
			t.Fatal(err)
		}
		for {
			select {
			case <-w.C: // it may be for something earlier
			case <-time.After(30 * time.Second):
				t.Fatalf("%s: nobody was woken", how)
			}
			if _, err := f.Role(ctx, bob.ID, book); errors.Is(err, store.ErrNotFound) {
				break
			}
		}
		w.Close()
	}
}

func testSharingAudited(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	ctx := store.WithOrigin(t.Context(), store.Origin{Address: "192.0.2.7"})
	bob := f.account("Bob")
	cyd := f.account("Cyd")
	start := f.clock.Now().Add(time.Second)
	step := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		f.clock.add(time.Minute)
	}
	step(nil)
	b, err := f.AddBook(ctx, store.NewBook{Owner: f.user.ID, Name: "Team"})
	step(err)
	step(f.RenameBook(ctx, f.user.ID, b.ID, "Work"))
	in, err := f.Invite(ctx, store.NewInvitation{Book: b.ID, By: f.user.ID, Role: store.Writer, Code: "secret-code-1", For: time.Hour})
	step(err)
	_, err = f.Accept(ctx, store.Acceptance{User: bob.ID, Code: "secret-code-1"})
	step(err)
	_, err = f.Accept(ctx, store.Acceptance{User: bob.ID, Code: "secret-code-1"}) // a repeat is nothing new
	step(err)
	withdrawn, err := f.Invite(ctx, store.NewInvitation{Book: b.ID, By: f.user.ID, Role: store.Reader, Code: "secret-code-2", For: time.Hour})
	step(err)
	step(f.Withdraw(ctx, f.user.ID, b.ID, withdrawn.ID))
	step(f.SetRole(ctx, f.user.ID, b.ID, bob.ID, store.Reader))
	step(f.SetRole(ctx, f.user.ID, b.ID, bob.ID, store.Reader)) // nor is what was so already
	step(f.RemoveMember(ctx, f.user.ID, b.ID, bob.ID))
	step(f.AddMember(ctx, b.ID, "cyd", store.Writer))
	step(f.RemoveMember(ctx, cyd.ID, b.ID, cyd.ID))
	step(f.RemoveBook(ctx, f.user.ID, b.ID))
	var got []string
	err = f.AuditLog(ctx, store.AuditQuery{Since: start}, func(e store.Event) error {
		if e.BookID != b.ID || e.Address != "192.0.2.7" {
			t.Errorf("%s: book %q, address %q", e.Event, e.BookID, e.Address)
		}
		got = append(got, strings.TrimSpace(e.Event+" "+e.User+" "+e.Detail))
		return nil
	})
	want := []string{
		"book_added Ada", "book_renamed Ada", "invitation_made Ada " + in.ID + " writer", "invitation_accepted Bob " + in.ID + " writer, invited by Ada",
		"invitation_made Ada " + withdrawn.ID + " reader", "invitation_withdrawn Ada " + withdrawn.ID, "role_changed Bob writer to reader, by Ada",
		"member_removed Bob reader, by Ada", "member_added Cyd writer", "member_left Cyd writer", "book_removed Ada",
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("the log: %v\n%s\nwant\n%s", err, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// testInvitationsMove: a copy and a backup carry what is open and what was used.
func testInvitationsMove(t *testing.T, db storetest.New) {
	f, ctx := setUp(t, db), t.Context()
	bob, cyd := f.account("Bob"), f.account("Cyd")
	book := f.newBook(f.user, "Team")
	opened, used := f.code(book, f.user, store.Reader), f.code(book, f.user, store.Writer)
	if _, err := f.Accept(ctx, store.Acceptance{User: bob.ID, Code: used}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "backup.db")
	if err := f.Backup(ctx, file); err != nil {
		t.Fatal(err)
	}
	dsn := db(t)
	if _, err := store.Restore(ctx, dsn, file); err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*store.Store{"copy": f.clone(db), "restored": open(t, dsn, f.clock)} {
		_, err := s.Accept(ctx, store.Acceptance{User: cyd.ID, Code: used})
		wantErr(t, name+": the used one", err, store.ErrInvitation)
		if b, err := s.Accept(ctx, store.Acceptance{User: cyd.ID, Code: opened}); err != nil || b.Role != store.Reader || b.Members != 3 {
			t.Errorf("%s: the open one: %+v, %v", name, b, err)
		}
		if m, err := s.Members(ctx, book); err != nil || len(m) != 3 || m[0].User != "Ada" {
			t.Errorf("%s: members %+v, %v", name, m, err)
		}
	}
}
