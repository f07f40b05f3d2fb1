package remotetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"kith/contact"
	"kith/syncer"
)

// sharing are the tests of books and their members.
var sharing = []struct {
	name string
	test func(*testing.T, Rig)
}{
	{"books of one account", testBooks},
	{"an invitation is accepted once", testInvitation},
	{"an invitation ends", testInvitationEnds},
	{"an invitation of a stronger role", testInvitationStronger},
	{"roles", testRoles},
	{"members", testMembers},
	{"the last owner", testLastOwner},
	{"an account's own book", testOwnBook},
	{"a removed member", testRemoved},
	{"a removed member's long poll", testRemovedPoll},
	{"two accept the same invitation", testAcceptRace},
	{"a book of others", testStranger},
}

// as is a device of another of the rig's accounts.
func (r Rig) as(t *testing.T, user, device string) *device {
	t.Helper()
	r.User = user
	return r.device(t, device)
}

// newBook makes a book, and lets d work in it.
func (d *device) newBook(name string) string {
	d.t.Helper()
	b, err := d.remote.AddBook(d.t.Context(), uuid.NewString(), name)
	if err != nil {
		d.t.Fatalf("add book: %v", err)
	}
	d.book, d.cursor = b.ID, ""
	d.pull()
	return b.ID
}

// invite returns the code of a new invitation.
func (d *device) invite(book, role string) string {
	d.t.Helper()
	in, err := d.remote.Invite(d.t.Context(), book, role, 0)
	if err != nil {
		d.t.Fatalf("invite: %v", err)
	}
	return codeOf(in)
}

func codeOf(in syncer.Invitation) string {
	_, code, _ := strings.Cut(in.Link, "#")
	return code
}

// join makes d a member, and lets it work in the book.
func (d *device) join(code string) syncer.Book {
	d.t.Helper()
	b, err := d.remote.Accept(d.t.Context(), code)
	if err != nil {
		d.t.Fatalf("accept: %v", err)
	}
	d.book, d.cursor = b.ID, ""
	return b
}

func blobOf(text string) contact.Blob { return contact.NewBlob("image/jpeg", []byte(text)) }

// sees returns the book as d's list has it.
func (d *device) sees(id string) (syncer.Book, bool) {
	d.t.Helper()
	books, _, err := d.remote.Books(d.t.Context())
	if err != nil {
		d.t.Fatalf("books: %v", err)
	}
	i := slices.IndexFunc(books, func(b syncer.Book) bool { return b.ID == id })
	if i < 0 {
		return syncer.Book{}, false
	}
	return books[i], true
}

// member returns how the book lists an account.
func (d *device) member(book, user string) syncer.Member {
	d.t.Helper()
	members, err := d.remote.Members(d.t.Context(), book)
	if err != nil {
		d.t.Fatalf("members: %v", err)
	}
	for _, m := range members {
		if m.User == user {
			return m
		}
	}
	d.t.Fatalf("%s is not among the members %+v", user, members)
	return syncer.Member{}
}

func wantErr(t *testing.T, doing string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", doing, err, want)
	}
}

// wantForbidden is for what a member's role does not allow: not what a stranger sees.
func wantForbidden(t *testing.T, doing string, err error) {
	t.Helper()
	if !errors.Is(err, syncer.ErrForbidden) || errors.Is(err, syncer.ErrNotFound) {
		t.Errorf("%s: got %v, want ErrForbidden and not ErrNotFound", doing, err)
	}
}

func must(t *testing.T, doing string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", doing, err)
	}
}

func testBooks(t *testing.T, r Rig) {
	a, ctx := r.device(t, "laptop"), t.Context()
	own := a.book
	id := uuid.NewString()
	for range 2 { // a repeat makes no second one
		b, err := a.remote.AddBook(ctx, id, "Team – 日本語")
		if want := (syncer.Book{ID: id, Name: "Team – 日本語", Role: syncer.Owner, Owner: r.User, Members: 1}); err != nil || b != want {
			t.Fatalf("add book: %+v, %v, want %+v", b, err, want)
		}
	}
	books, _, err := a.remote.Books(ctx)
	if err != nil || len(books) != 2 || books[0].ID != own || books[0].Members != 1 || books[1].ID != id {
		t.Fatalf("books: %+v, %v", books, err)
	}
	// The books are two: what is in the one is not in the other.
	a.book = id
	a.pull()
	a.applied(insert("x", "Ada"))
	b := r.device(t, "desktop")
	wantOnly(t, b.pull())
	b.book, b.cursor = id, ""
	wantOnly(t, b.pull(), "x")
	b.book, b.cursor = own, ""
	b.pull()
	b.applied(insert("x", "Another")) // the same id in another book is another contact

	must(t, "rename", a.remote.RenameBook(ctx, id, "Work"))
	if got, _ := a.sees(id); got.Name != "Work" {
		t.Errorf("renamed: %+v", got)
	}
	must(t, "remove", a.remote.RemoveBook(ctx, id))
	if got, ok := a.sees(id); ok {
		t.Errorf("removed, but listed: %+v", got)
	}
	_, err = a.remote.Changes(ctx, id, "", 10, 0)
	wantErr(t, "changes of a removed book", err, syncer.ErrNotFound)
	wantErr(t, "remove again", a.remote.RemoveBook(ctx, id), syncer.ErrNotFound)
	b.book, b.cursor = own, ""
	wantOnly(t, b.pull(), "x")

	// What comes back under the id of a removed book is another history.
	_, err = a.remote.AddBook(ctx, id, "Team")
	must(t, "add again", err)
	_, err = a.remote.Changes(ctx, id, a.cursor, 10, 0)
	wantErr(t, "an old cursor in the new book", err, syncer.ErrCursorUnknown)
}

func testInvitation(t *testing.T, r Rig) {
	a, b, c, ctx := r.device(t, "laptop"), r.as(t, r.Others[0], "phone"), r.as(t, r.Others[1], "tablet"), t.Context()
	book := a.newBook("Team")
	a.applied(insert("x", "Ada"))
	before := time.Now().Add(-time.Minute)
	in, err := a.remote.Invite(ctx, book, syncer.Writer, 3)
	must(t, "invite", err)
	code := codeOf(in)
	if in.ID == "" || len(code) < 22 || in.Role != syncer.Writer || in.By != r.User || in.Made.Before(before) || in.Expires.Sub(in.Made).Round(time.Hour) != 72*time.Hour {
		t.Errorf("invitation: %+v", in)
	}
	open, err := a.remote.Invitations(ctx, book)
	if err != nil || len(open) != 1 || open[0].ID != in.ID || open[0].Link != "" || open[0].By != r.User {
		t.Errorf("open invitations: %+v, %v", open, err)
	}
	offer, err := b.remote.LookAt(ctx, code)
	if err != nil || offer.Book != "Team" || offer.Role != syncer.Writer || offer.By != r.User || offer.Expires.Sub(in.Expires).Abs() > time.Second {
		t.Errorf("offer: %+v, %v", offer, err)
	}
	if _, ok := b.sees(book); ok {
		t.Error("a member by looking alone")
	}
	want := syncer.Book{ID: book, Name: "Team", Role: syncer.Writer, Owner: r.User, Members: 2}
	for range 2 { // whoever accepted it may lose the answer
		if got := b.join(code); got != want {
			t.Errorf("accepted: %+v, want %+v", got, want)
		}
	}
	if got, ok := b.sees(book); !ok || got != want {
		t.Errorf("listed: %+v, %v", got, ok)
	}
	_, err = c.remote.Accept(ctx, code)
	wantErr(t, "accept what another has accepted", err, syncer.ErrInvitation)
	_, err = c.remote.LookAt(ctx, code)
	wantErr(t, "look at what another has accepted", err, syncer.ErrInvitation)
	if _, ok := c.sees(book); ok {
		t.Error("a member by a used link")
	}
	open, err = a.remote.Invitations(ctx, book)
	if err != nil || len(open) != 0 {
		t.Errorf("open invitations: %+v, %v", open, err)
	}
	// Both work in it.
	wantOnly(t, b.pull(), "x")
	b.applied(insert("y", "Bob"))
	got := a.pull()
	wantOnly(t, got, "y")
	if got[0].User != r.Others[0] || got[0].DeviceName != "phone" {
		t.Errorf("who made it: %+v", got[0])
	}
}

func testInvitationEnds(t *testing.T, r Rig) {
	a, b, ctx := r.device(t, "laptop"), r.as(t, r.Others[0], "phone"), t.Context()
	book := a.newBook("Team")
	_, err := b.remote.Accept(ctx, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	wantErr(t, "accept a guess", err, syncer.ErrInvitation)
	_, err = b.remote.LookAt(ctx, "x")
	wantErr(t, "look at rubbish", err, syncer.ErrInvitation)

	in, err := a.remote.Invite(ctx, book, syncer.Reader, 0)
	must(t, "invite", err)
	code := codeOf(in)
	must(t, "withdraw", a.remote.Withdraw(ctx, book, in.ID))
	wantErr(t, "withdraw again", a.remote.Withdraw(ctx, book, in.ID), syncer.ErrNotFound)
	_, err = b.remote.Accept(ctx, code)
	wantErr(t, "accept what was withdrawn", err, syncer.ErrInvitation)

	// The links of an owner end with the ownership.
	b.join(a.invite(book, syncer.Owner))
	code = b.invite(book, syncer.Owner)
	must(t, "lower", a.remote.SetRole(ctx, book, a.member(book, r.Others[0]).ID, syncer.Reader))
	_, err = r.as(t, r.Others[1], "tablet").remote.Accept(ctx, code)
	wantErr(t, "accept the invitation of a former owner", err, syncer.ErrInvitation)

	code = a.invite(book, syncer.Reader)
	must(t, "remove the book", a.remote.RemoveBook(ctx, book))
	_, err = b.remote.Accept(ctx, code)
	wantErr(t, "accept an invitation to a removed book", err, syncer.ErrInvitation)
}

func testInvitationStronger(t *testing.T, r Rig) {
	a, b, c := r.device(t, "laptop"), r.as(t, r.Others[0], "phone"), r.as(t, r.Others[1], "tablet")
	book := a.newBook("Team")
	b.join(a.invite(book, syncer.Reader))
	if got := b.join(a.invite(book, syncer.Writer)); got.Role != syncer.Writer || got.Members != 2 {
		t.Errorf("a stronger invitation: %+v", got)
	}
	code := a.invite(book, syncer.Reader)
	if got := b.join(code); got.Role != syncer.Writer {
		t.Errorf("a weaker invitation: %+v", got)
	}
	if got := a.join(code); got.Role != syncer.Owner {
		t.Errorf("its own invitation: %+v", got)
	}
	if got := c.join(code); got.Role != syncer.Reader { // nobody has used it up
		t.Errorf("the third: %+v", got)
	}
}

func testRoles(t *testing.T, r Rig) {
	a, b, ctx := r.device(t, "laptop"), r.as(t, r.Others[0], "phone"), t.Context()
	book := a.newBook("Team")
	rev := a.applied(insert("x", "Ada"))[0]
	b.join(a.invite(book, syncer.Reader))
	me, other := b.member(book, r.Others[0]).ID, b.member(book, r.User).ID
	in, err := a.remote.Invite(ctx, book, syncer.Reader, 0)
	must(t, "invite", err)
	for _, role := range []string{syncer.Reader, syncer.Writer} {
		must(t, "set role", a.remote.SetRole(ctx, book, me, role))
		if got, _ := b.sees(book); got.Role != role {
			t.Errorf("role %q, want %q", got.Role, role)
		}
		wantForbidden(t, role+" renames", b.remote.RenameBook(ctx, book, "Mine"))
		wantForbidden(t, role+" removes the book", b.remote.RemoveBook(ctx, book))
		wantForbidden(t, role+" makes itself owner", b.remote.SetRole(ctx, book, me, syncer.Owner))
		wantForbidden(t, role+" removes the owner", b.remote.RemoveMember(ctx, book, other))
		wantForbidden(t, role+" withdraws", b.remote.Withdraw(ctx, book, in.ID))
		_, err := b.remote.Invite(ctx, book, syncer.Reader, 0)
		wantForbidden(t, role+" invites", err)
		_, err = b.remote.Invitations(ctx, book)
		wantForbidden(t, role+" lists invitations", err)
		if members, err := b.remote.Members(ctx, book); err != nil || len(members) != 2 {
			t.Errorf("%s lists members: %v, %v", role, members, err)
		}
		b.cursor = ""
		wantOnly(t, b.pull(), "x")
		_, err = b.remote.Push(ctx, book, b.cursor, []syncer.Outgoing{update("x", "Ada L. ("+role+")", rev)})
		errBlob := b.remote.PutBlob(ctx, book, blobOf(role))
		if role == syncer.Reader {
			wantForbidden(t, "a reader pushes", err)
			wantForbidden(t, "a reader sends a blob", errBlob)
		} else {
			must(t, "a writer pushes", err)
			must(t, "a writer sends a blob", errBlob)
		}
	}
	a.pull()
	must(t, "lower again", a.remote.SetRole(ctx, book, me, syncer.Reader))
	_, err = b.remote.Push(ctx, book, "", inserts(1))
	wantForbidden(t, "pushes after its role was lowered", err)
	wantErr(t, "no such role", a.remote.SetRole(ctx, book, me, "king"), syncer.ErrRefused)
	wantErr(t, "no such member", a.remote.SetRole(ctx, book, "nobody", syncer.Writer), syncer.ErrNotFound)
	wantErr(t, "remove no such member", a.remote.RemoveMember(ctx, book, "nobody"), syncer.ErrNotFound)
}

func testMembers(t *testing.T, r Rig) {
	a, b, c := r.device(t, "laptop"), r.as(t, r.Others[0], "phone"), r.as(t, r.Others[1], "tablet")
	book := a.newBook("Team")
	b.join(a.invite(book, syncer.Owner))
	c.join(b.invite(book, syncer.Reader))
	members, err := b.remote.Members(t.Context(), book)
	if err != nil || len(members) != 3 {
		t.Fatalf("members: %+v, %v", members, err)
	}
	ids := map[string]bool{}
	for i, want := range []syncer.Member{{User: r.User, Role: syncer.Owner}, {User: r.Others[0], Role: syncer.Owner, You: true}, {User: r.Others[1], Role: syncer.Reader}} {
		got := members[i]
		ids[got.ID] = true
		if got.ID == "" || got.User != want.User || got.Role != want.Role || got.You != want.You || time.Since(got.Since).Abs() > time.Hour {
			t.Errorf("member %d: %+v, want %+v", i, got, want)
		}
	}
	if len(ids) != 3 {
		t.Errorf("ids of members: %v", ids)
	}
	if got, _ := c.sees(book); got.Members != 3 || got.Owner != r.User {
		t.Errorf("the third's view: %+v", got)
	}
}

func testLastOwner(t *testing.T, r Rig) {
	a, b, ctx := r.device(t, "laptop"), r.as(t, r.Others[0], "phone"), t.Context()
	book := a.newBook("Team")
	b.join(a.invite(book, syncer.Writer))
	me, other := a.member(book, r.User).ID, a.member(book, r.Others[0]).ID
	wantErr(t, "leave", a.remote.Leave(ctx, book), syncer.ErrLastOwner)
	wantErr(t, "remove itself", a.remote.RemoveMember(ctx, book, me), syncer.ErrLastOwner)
	wantErr(t, "lower itself", a.remote.SetRole(ctx, book, me, syncer.Reader), syncer.ErrLastOwner)
	must(t, "to the same role", a.remote.SetRole(ctx, book, me, syncer.Owner))
	must(t, "hand over", a.remote.SetRole(ctx, book, other, syncer.Owner))
	must(t, "leave", a.remote.Leave(ctx, book))
	wantErr(t, "leave again", a.remote.Leave(ctx, book), syncer.ErrNotFound)
	if got, ok := b.sees(book); !ok || got.Owner != r.Others[0] || got.Members != 1 {
		t.Errorf("what is left: %+v, %v", got, ok)
	}
	_, err := a.remote.AddBook(ctx, book, "Team")
	wantErr(t, "make the book that others have now", err, syncer.ErrBookExists)
	must(t, "the owner who is left removes it", b.remote.RemoveBook(ctx, book))
}

func testOwnBook(t *testing.T, r Rig) {
	a, b, ctx := r.device(t, "laptop"), r.as(t, r.Others[0], "phone"), t.Context()
	own := a.book
	wantErr(t, "remove it", a.remote.RemoveBook(ctx, own), syncer.ErrOwnBook)
	b.join(a.invite(own, syncer.Owner)) // it can be shared
	me := a.member(own, r.User).ID
	wantErr(t, "leave it", a.remote.Leave(ctx, own), syncer.ErrOwnBook)
	wantErr(t, "another owner removes it", b.remote.RemoveBook(ctx, own), syncer.ErrOwnBook)
	wantErr(t, "another owner removes its member", b.remote.RemoveMember(ctx, own, me), syncer.ErrOwnBook)
	wantErr(t, "another owner lowers its member", b.remote.SetRole(ctx, own, me, syncer.Reader), syncer.ErrOwnBook)
	must(t, "rename it", a.remote.RenameBook(ctx, own, "Ours"))
	must(t, "the other leaves", b.remote.Leave(ctx, own))
	if got, ok := a.sees(own); !ok || got.Members != 1 || got.Name != "Ours" || got.Role != syncer.Owner {
		t.Errorf("what is left: %+v, %v", got, ok)
	}
}

func testRemoved(t *testing.T, r Rig) {
	a, b, ctx := r.device(t, "laptop"), r.as(t, r.Others[0], "phone"), t.Context()
	own, book := b.book, a.newBook("Team")
	a.applied(insert("x", "Ada"))
	code := a.invite(book, syncer.Writer)
	b.join(code)
	b.pull()
	must(t, "remove", a.remote.RemoveMember(ctx, book, a.member(book, r.Others[0]).ID))
	_, err := b.remote.Changes(ctx, book, b.cursor, 10, 0)
	wantErr(t, "changes", err, syncer.ErrNotFound)
	_, err = b.remote.Push(ctx, book, b.cursor, inserts(1))
	wantErr(t, "push", err, syncer.ErrNotFound)
	wantErr(t, "blob", b.remote.PutBlob(ctx, book, blobOf("x")), syncer.ErrNotFound)
	_, err = b.remote.Members(ctx, book)
	wantErr(t, "members", err, syncer.ErrNotFound)
	_, err = b.remote.Accept(ctx, code)
	wantErr(t, "the link of then", err, syncer.ErrInvitation)
	if _, ok := b.sees(book); ok {
		t.Error("still listed")
	}
	b.book, b.cursor = own, ""
	wantOnly(t, b.pull()) // its own book is untouched
	// An invitation lets it in again, and where it was in the feed still is a place.
	if got := b.join(a.invite(book, syncer.Reader)); got.Role != syncer.Reader {
		t.Errorf("back: %+v", got)
	}
	wantOnly(t, b.pull(), "x")
}

func testRemovedPoll(t *testing.T, r Rig) {
	a, b, ctx := r.device(t, "laptop"), r.as(t, r.Others[0], "phone"), t.Context()
	for _, end := range []string{"removed", "left", "book removed"} {
		book := a.newBook("Team")
		b.join(a.invite(book, syncer.Writer))
		b.pull()
		done := make(chan error, 1)
		go func() {
			_, err := b.remote.Changes(ctx, book, b.cursor, 10, 20*time.Second)
			done <- err
		}()
		// Whether the poll stands already or comes later, it must not wait.
		var err error
		switch end {
		case "removed":
			err = a.remote.RemoveMember(ctx, book, a.member(book, r.Others[0]).ID)
		case "left":
			err = b.remote.Leave(ctx, book)
		case "book removed":
			err = a.remote.RemoveBook(ctx, book)
		}
		must(t, end, err)
		start := time.Now()
		wantErr(t, end+": the long poll", <-done, syncer.ErrNotFound)
		if waited := time.Since(start); waited > 15*time.Second {
			t.Errorf("%s: the long poll went on for %v", end, waited)
		}
	}
}

func testAcceptRace(t *testing.T, r Rig) {
	a := r.device(t, "laptop")
	b, c := r.as(t, r.Others[0], "phone"), r.as(t, r.Others[1], "tablet")
	for i := range 5 {
		book := a.newBook(fmt.Sprintf("Team %d", i))
		code := a.invite(book, syncer.Writer)
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, d := range []*device{b, c} {
			wg.Go(func() { _, errs[i] = d.remote.Accept(context.WithoutCancel(t.Context()), code) })
		}
		wg.Wait()
		lost := 0
		for _, err := range errs {
			if err != nil {
				lost++
				wantErr(t, "who came second", err, syncer.ErrInvitation)
			}
		}
		if got, _ := a.sees(book); lost != 1 || got.Members != 2 {
			t.Errorf("%d were refused, the book has %d members: want one new one", lost, got.Members)
		}
	}
}

func testStranger(t *testing.T, r Rig) {
	a, b, ctx := r.device(t, "laptop"), r.as(t, r.Others[0], "phone"), t.Context()
	book := a.newBook("Team")
	in, err := a.remote.Invite(ctx, book, syncer.Reader, 0)
	must(t, "invite", err)
	for _, id := range []string{book, "no-such-book"} {
		wantErr(t, "rename", b.remote.RenameBook(ctx, id, "Mine"), syncer.ErrNotFound)
		wantErr(t, "remove", b.remote.RemoveBook(ctx, id), syncer.ErrNotFound)
		_, err := b.remote.Members(ctx, id)
		wantErr(t, "members", err, syncer.ErrNotFound)
		wantErr(t, "set role", b.remote.SetRole(ctx, id, a.member(book, r.User).ID, syncer.Reader), syncer.ErrNotFound)
		wantErr(t, "remove member", b.remote.RemoveMember(ctx, id, a.member(book, r.User).ID), syncer.ErrNotFound)
		wantErr(t, "leave", b.remote.Leave(ctx, id), syncer.ErrNotFound)
		_, err = b.remote.Invite(ctx, id, syncer.Reader, 0)
		wantErr(t, "invite", err, syncer.ErrNotFound)
		_, err = b.remote.Invitations(ctx, id)
		wantErr(t, "invitations", err, syncer.ErrNotFound)
		wantErr(t, "withdraw", b.remote.Withdraw(ctx, id, in.ID), syncer.ErrNotFound)
	}
	// An owner of one book has no say in another's.
	mine := b.newBook("Mine")
	wantErr(t, "withdraw another book's invitation", b.remote.Withdraw(ctx, mine, in.ID), syncer.ErrNotFound)
	wantErr(t, "remove another book's member", b.remote.RemoveMember(ctx, mine, a.member(book, r.User).ID), syncer.ErrNotFound)
}
