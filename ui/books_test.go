package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/syncer/memremote"
)

func TestBookWords(t *testing.T) {
	club := data.Book{ID: "c", Name: "Chess Club", Role: data.RoleReader, Owner: "ada", Members: 4}
	for _, tt := range []struct {
		book       data.Book
		name, note string
		marked     bool
	}{
		{data.Book{ID: data.DefaultBook, Name: "Personal", Role: data.RoleOwner, Members: 1}, "Personal", "", false},
		{data.Book{ID: data.DefaultBook, Name: "Mine", Role: data.RoleOwner, Members: 1}, "Mine", "", false},
		{data.Book{ID: "f", Name: "Family", Role: data.RoleOwner, Members: 3}, "Family", "Shared by 3 people", true},
		{data.Book{ID: "f", Name: "Family", Role: data.RoleWriter, Owner: "ada", Members: 3}, "Family", "ada shares it with you", true},
		{club, "Chess Club", "ada shares it with you; you may only read it", true},
		{data.Book{ID: "x", Name: "X", Role: data.RoleReader}, "X", "You may only read it", true},
	} {
		if got := bookName(tt.book); got != tt.name {
			t.Errorf("name of %+v: %q; want %q", tt.book, got, tt.name)
		}
		if got := bookNote(tt.book); got != tt.note {
			t.Errorf("note of %+v: %q; want %q", tt.book, got, tt.note)
		}
		if got := bookMark(tt.book) != nil; got != tt.marked {
			t.Errorf("mark of %+v: %v; want %v", tt.book, got, tt.marked)
		}
	}
	if got, want := whyNot(club), "You may only read “Chess Club”. Ask ada to let you change it, or copy the contact into a book of yours."; got != want {
		t.Errorf("why not: %q; want %q", got, want)
	}
}

func TestBookMessages(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{data.ErrReadOnly, "You may only read this book."},
		{data.ErrBooksDiffer, "different books"},
		{syncer.ErrInvitation, "used or withdrawn, or it has expired"},
		{syncer.ErrLink, "not a Kith invitation link"},
		{syncer.ErrLastOwner, "Make another member its owner first"},
		{syncer.ErrNotFound, "no longer there"},
		{&syncer.OtherServerError{Server: "https://a.example", Mine: "https://b.example"}, "https://a.example"},
		{syncer.ErrForbidden, "no right"},
		{errors.New("odd"), "Odd"},
	} {
		if got := userMessage(fmt.Errorf("join: %w", tt.err)); !strings.Contains(got, tt.want) && !strings.Contains(strings.ToLower(got), strings.ToLower(tt.want)) {
			t.Errorf("%v: %q; want it to say %q", tt.err, got, tt.want)
		}
	}
}

func TestNoticeText(t *testing.T) {
	for _, tt := range []struct {
		n    data.Notice
		want string
	}{
		{data.Notice{Kind: data.NoticeLost, Book: "Family", Gone: 12},
			"You are no longer in “Family”: it was deleted, or its owner removed you. Gone from this computer: 12 contacts."},
		{data.Notice{Kind: data.NoticeLost, Book: "Family", Gone: 1200, Kept: 1},
			"You are no longer in “Family”: it was deleted, or its owner removed you. Gone from this computer: 1,200 contacts. What you had changed and not synced yet is kept in “Personal” (1 contact)."},
		{data.Notice{Kind: data.NoticeReadOnly, Book: "Family"}, "From now on you may only read “Family”."},
		{data.Notice{Kind: data.NoticeReadOnly, Book: "Family", Kept: 2},
			"From now on you may only read “Family”. What you had changed there and not synced yet is in “Personal” (2 contacts)."},
		{data.Notice{Kind: data.NoticeAccount, Book: "Family", Gone: 3},
			"“Family” belonged to the account you were signed in to before. Gone from this computer: 3 contacts."},
	} {
		if got := noticeText(tt.n, "Personal"); got != tt.want {
			t.Errorf("%+v: %q; want %q", tt.n, got, tt.want)
		}
	}
}

func TestSharingWords(t *testing.T) {
	now := testNow
	if got, want := offerText(syncer.Offer{Book: "Family", Role: syncer.Reader, By: "ada"}), "ada invites you to “Family”. You may read its contacts, not change them."; got != want {
		t.Errorf("offer: %q; want %q", got, want)
	}
	if got, want := invitationText(syncer.Invitation{Role: syncer.Writer, By: "ada", Expires: now.Add(7 * 24 * time.Hour)}, now), "May edit · until 29 November, 15:04 · by ada"; got != want {
		t.Errorf("invitation: %q; want %q", got, want)
	}
	if got, want := memberText(syncer.Member{You: true, Since: now}), "You · since 22 November 2026"; got != want {
		t.Errorf("member: %q; want %q", got, want)
	}
	family := data.Book{Name: "Family"}
	for _, tt := range []struct {
		s     sent
		asked bool
		want  string
	}{
		{sent{ids: []string{"a"}, name: "Ada"}, false, "Ada moved to “Family”"},
		{sent{ids: []string{"a", "b"}, name: "Ada", copied: true}, true, "2 contacts copied to “Family”"},
		{sent{ids: []string{"a"}, name: "Ada", copied: true}, false, "Ada copied to “Family”: the original can only be read"},
	} {
		if got := sentText(tt.s, family, tt.asked); got != tt.want {
			t.Errorf("%q; want %q", got, tt.want)
		}
	}
	for _, term := range termOptions() {
		if termDays[term.value] == 0 {
			t.Errorf("how many days is %q?", term.text)
		}
	}
}

// inBooks is a window on a profile with a second book, whose contacts are named after their book.
func inBooks(t *testing.T) (h *harness, family data.Book) {
	t.Helper()
	dir := t.TempDir()
	store := newTestStore(t, dir)
	family, err := store.AddBook(t.Context(), "Family")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []contact.Card{person("Ada", "Lovelace").WithStarred(true), person("Grace", "Hopper")} {
		if _, err := store.Add(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.AddTo(t.Context(), family.ID, person("Mary", "Somerville")); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	h = openWindow(t, dir, nil).opened()
	h.until(t, "the books are known", func() bool { return h.books.several() })
	return h, family
}

func (h *harness) bookLines() string {
	var lines []string
	for _, i := range h.sidebar.books.items {
		lines = append(lines, fmt.Sprintf("%s %d", i.name.text, i.count))
	}
	return strings.Join(lines, ", ")
}

// One book is listed, or all; search, favourites and counts stay within the choice; new contacts go to the one that is listed.
func TestChooseABook(t *testing.T) {
	h, family := inBooks(t)
	if got, want := h.bookLines(), "All books 3, Personal 2, Family 1"; got != want {
		t.Errorf("the sidebar has %q; want %q", got, want)
	}
	h.chooseBook(family.ID)
	h.untilListed("Mary Somerville")
	h.until(t, "the book is counted", func() bool { return h.counts.All == 1 && h.sidebar.items[data.Favourites].count == 0 })
	if h.list.search.PlaceHolder != "Search “Family”" {
		t.Errorf("the search box says %q", h.list.search.PlaceHolder)
	}
	h.list.search.SetText("ada")
	h.until(t, "nobody matches there", func() bool { return len(h.list.order) == 0 && h.list.shownText == "ada" })
	h.chooseBook("")
	h.untilListed("Ada Lovelace")
	h.list.search.SetText("")
	h.untilListed("Ada Lovelace", "Grace Hopper", "Mary Somerville")

	h.stepBook(-1)
	h.untilListed("Mary Somerville")
	h.menu("New Contact")
	if h.editor.in.choice.Selected != "Family" {
		t.Errorf("a new contact goes to %q", h.editor.in.choice.Selected)
	}
	h.editor.given.SetText("Zoë")
	h.menu("Save")
	h.untilListed("Mary Somerville", "Zoë")
	h.untilShown("Zoë")
	if h.view.in.name.text.text != "Family" {
		t.Errorf("the view says %q", h.view.in.name.text.text)
	}
	h.chooseBook("") // and from all books to where new contacts go
	h.menu("New Contact")
	if h.editor.in.choice.Selected != "Personal" {
		t.Errorf("a new contact goes to %q", h.editor.in.choice.Selected)
	}
	h.press(fyne.KeyEscape)
}

// A contact is moved by its editor, several by the menu, one by dragging; Undo takes each back.
func TestMoveToAnotherBook(t *testing.T) {
	h, family := inBooks(t)
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.menu("Edit")
	if h.editor.save.Disabled() != true {
		t.Error("nothing has changed, and Save is offered")
	}
	h.editor.in.choice.SetSelected("Family")
	h.editor.title.SetText("Countess")
	h.menu("Save")
	h.untilToast("Ada Lovelace saved")
	h.until(t, "the book has her", func() bool { return h.bookLines() == "All books 3, Personal 1, Family 2" })
	h.until(t, "the view shows her there", func() bool { return h.view.shown.Book == family.ID && h.view.shown.Card.Title() == "Countess" })
	test.Tap(h.toast.undo)
	h.until(t, "she is back", func() bool { return h.bookLines() == "All books 3, Personal 2, Family 1" })

	h.untilListed("Ada Lovelace", "Grace Hopper", "Mary Somerville")
	h.until(t, "the list has the one that is back", func() bool { return h.list.rowState(0).row.Book == data.DefaultBook })
	h.menu("Select All")
	h.sendChosen(family.ID, true)
	h.untilToast("3 contacts copied to “Family”")
	h.until(t, "the copies are there", func() bool { return h.bookLines() == "All books 6, Personal 2, Family 4" })
	h.menu("Undo")
	h.until(t, "the copies are gone", func() bool { return h.bookLines() == "All books 3, Personal 2, Family 1" })

	h.untilListed("Ada Lovelace", "Grace Hopper", "Mary Somerville")
	h.list.single()
	h.list.choose(1)
	h.untilShown("Grace Hopper")
	h.dropBook(family.ID)
	h.untilToast("Grace Hopper moved to “Family”")
	h.until(t, "the book has her", func() bool { return h.bookLines() == "All books 3, Personal 1, Family 2" })
	h.until(t, "the view follows her", func() bool { return h.view.shown.Book == family.ID })
}

// friend is another account at the server, without a window, who shares a book with Mary Somerville in it; link invites to it.
func friend(t *testing.T, server *memremote.Server, role string) (engine *syncer.Engine, shared data.Book, link string) {
	t.Helper()
	server.AddUser("bob", "secret")
	store := newTestStore(t, t.TempDir())
	t.Cleanup(func() { store.Close() })
	engine = syncer.New(store, server.Connector(), &memremote.Secrets{}, syncer.Options{})
	if err := engine.SignIn(t.Context(), syncer.SignInRequest{Server: "https://kith.test", User: "bob", Password: "secret", Device: "Bob's phone"}); err != nil {
		t.Fatal(err)
	}
	shared, err := store.AddBook(t.Context(), "Family")
	if err == nil {
		_, err = store.AddTo(t.Context(), shared.ID, person("Mary", "Somerville").WithUID("00000000-0000-7000-8000-000000000020"))
	}
	if err == nil {
		_, err = engine.Sync(t.Context())
	}
	var invitation syncer.Invitation
	if err == nil {
		invitation, err = engine.Invite(t.Context(), shared.ID, role, 7)
	}
	if err != nil {
		t.Fatal(err)
	}
	return engine, shared, invitation.Link
}

// inDialog is what the open dialog has of a kind of widget, if it has one that fits.
func inDialog[W fyne.CanvasObject](h *harness, fits func(W) bool) (found W, ok bool) {
	if h.dialogs.open == nil {
		return found, false
	}
	for _, o := range test.LaidOutObjects(h.dialogs.open) {
		if w, is := o.(W); is && w.Visible() && fits(w) {
			return w, true
		}
	}
	return found, false
}

func (h *harness) dialogButton(text string) (*button, bool) {
	return inDialog(h, func(b *button) bool { return b.Text == text })
}

// dialogSays reports whether the open dialog has all these texts.
func (h *harness) dialogSays(texts ...string) bool {
	for _, text := range texts {
		_, line := inDialog(h, func(l *textLine) bool { return strings.Contains(l.text, text) })
		_, label := inDialog(h, func(l *widget.Label) bool { return strings.Contains(l.Text, text) })
		_, rich := inDialog(h, func(r *widget.RichText) bool { return strings.Contains(r.String(), text) })
		if !line && !label && !rich {
			return false
		}
	}
	return true
}

func (h *harness) untilDialog(what string, texts ...string) {
	h.Helper()
	h.until(h.T, what, func() bool { return h.dialogSays(texts...) })
}

// join pastes a link into the dialog, and joins.
func (h *harness) join(link, offer string) (id string) {
	h.Helper()
	h.dialogs.joinBook()
	entry := h.focused().(*field)
	entry.SetText(link)
	h.untilDialog("the invitation is looked at", offer)
	entry.OnSubmitted(entry.Text)
	h.until(h.T, "the book is there", func() bool { return h.books.several() })
	return h.books.all[1].ID
}

// memberID is a member's id.
func memberID(t *testing.T, engine *syncer.Engine, book, user string) string {
	t.Helper()
	members, err := engine.Members(t.Context(), book)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		if m.User == user {
			return m.ID
		}
	}
	t.Fatalf("%s is not among %+v", user, members)
	return ""
}

// Where one may only read, nothing is offered that would change anything, and a try says why.
func TestReadOnlyBook(t *testing.T) {
	server := memremote.New()
	server.AddUser("ada", "secret")
	h := signedIn(t, server, "Desk", person("Ada", "Lovelace"), person("Grace", "Hopper"))
	bobs, shared, link := friend(t, server, syncer.Reader)
	family := h.join(link, "bob invites you to “Family”. You may read its contacts, not change them.")
	h.untilListed("Ada Lovelace", "Grace Hopper", "Mary Somerville")
	h.until(t, "the books are counted", func() bool { return h.bookLines() == "All books 3, Personal 2, Family 1" })
	h.chooseBook(family)
	h.untilListed("Mary Somerville")
	h.list.choose(0)
	h.untilShown("Mary Somerville")
	h.until(t, "the view knows it", func() bool { return !h.view.edit.Visible() })
	if h.view.trash.Visible() || h.view.star.Visible() || !h.view.camera.Disabled() || !h.list.add.Disabled() {
		t.Error("something is offered that can't be done")
	}
	why := "You may only read “Family”. Ask bob to let you change it, or copy the contact into a book of yours."
	h.menu("New Contact")
	h.untilToast(why)
	h.toast.hide()
	h.menu("Edit")
	h.untilToast(why)
	h.menu("Move to Trash")
	h.untilToast("You may only read this book. Ask its owner to let you change it, or copy the contacts into a book of yours.")
	for _, item := range h.bookItems(family) {
		if item.Label == "Move to" {
			t.Error("a move is offered")
		}
	}
	if h.sidebar.books.items[2].drop != nil {
		t.Error("contacts can be dropped on it")
	}
	h.sendChosen(data.DefaultBook, false)
	h.untilToast("Mary Somerville copied to “Personal”: the original can only be read")

	if err := bobs.SetRole(t.Context(), shared.ID, memberID(t, bobs, shared.ID, "ada"), syncer.Writer); err != nil {
		t.Fatal(err)
	}
	h.engine.SyncNow()
	h.until(t, "she may edit", func() bool { return h.view.edit.Visible() && !h.list.add.Disabled() })
}

// The dialog of a book: a link is made and copied, an open invitation withdrawn, a member given another role and removed.
func TestShareDialog(t *testing.T) {
	server := memremote.New()
	server.AddUser("ada", "secret")
	h := signedIn(t, server, "Desk", person("Ada", "Lovelace"))
	bobs, _, _ := friend(t, server, syncer.Reader)
	h.menu("New Book…")
	h.focused().(*field).SetText("  Chess   Club ")
	h.focused().(*field).OnSubmitted("")
	h.untilToast("“Chess Club” added")
	h.until(t, "it is there and empty", func() bool { return h.books.several() && h.list.empty.title.Text == "“Chess Club” is empty" })
	club := h.books.chosen

	h.shareBook(club)
	h.untilDialog("the only member is shown", "Share “Chess Club”", "ada", "Owner")
	h.pressButton("Make Link")
	h.untilDialog("the link is shown", "works once", "Open invitations", "May edit · until")
	h.pressButton("Copy Link")
	copied := h.app.Clipboard().Content()
	if _, err := bobs.Join(t.Context(), copied); err != nil {
		t.Fatalf("join by %q: %v", copied, err)
	}
	h.dialogs.close()
	h.shareBook(club)
	h.untilDialog("the new member is shown", "bob", "Since ")
	role, ok := inDialog(h, func(c *choice) bool { return c.Selected == "May edit" })
	if !ok {
		t.Fatal("his role can't be chosen")
	}
	role.SetSelected("May only read")
	h.until(t, "the role is changed", func() bool {
		members, err := h.engine.Members(t.Context(), club)
		return err == nil && members[1].Role == syncer.Reader
	})
	h.pressButton("Make Link")
	h.untilDialog("another invitation is open", "Open invitations")
	withdraw, ok := inDialog(h, func(l *link) bool { return l.text.text == "Withdraw" })
	if !ok {
		t.Fatal("it can't be withdrawn")
	}
	withdraw.tapped()
	h.until(t, "it is withdrawn", func() bool { return !h.dialogSays("Open invitations") })
	h.pressButton("Remove")
	h.until(t, "he is removed", func() bool { _, there := h.dialogButton("Remove"); return !there && h.dialogSays("ada") })
	h.dialogs.close()

	h.dialogs.removeBook(h.books.of(club))
	h.pressButton("Delete Book")
	h.untilToast("“Chess Club” deleted")
	h.until(t, "one book is left", func() bool { return !h.books.several() && h.books.chosen == "" })
}

// Who is removed from a book is told, with numbers, until it is dismissed; what was not synced yet is in the own book.
func TestLostBookIsTold(t *testing.T) {
	server := memremote.New()
	server.AddUser("ada", "secret")
	h := signedIn(t, server, "Desk", person("Ada", "Lovelace"))
	bobs, shared, link := friend(t, server, syncer.Writer)
	family := h.join(link, "You may read and change its contacts.")
	h.untilListed("Ada Lovelace", "Mary Somerville")
	server.SetFaults(cutOff("Desk"))
	if _, err := h.store.AddTo(t.Context(), family, person("Zoë", "Quinn")); err != nil {
		t.Fatal(err)
	}
	h.untilListed("Ada Lovelace", "Mary Somerville", "Zoë Quinn")
	if err := bobs.RemoveMember(t.Context(), shared.ID, memberID(t, bobs, shared.ID, "ada")); err != nil {
		t.Fatal(err)
	}
	h.chooseBook(family)
	server.SetFaults(func(memremote.Request) memremote.Fault { return memremote.Fault{} })
	h.engine.SyncNow()
	h.until(t, "it is told", func() bool { return h.list.news.box.Visible() })
	if got, want := h.list.news.text.Text, "You are no longer in “Family”: it was deleted, or its owner removed you. Gone from this computer: 1 contact. What you had changed and not synced yet is kept in “Personal” (1 contact)."; got != want {
		t.Errorf("it says %q; want %q", got, want)
	}
	h.untilListed("Ada Lovelace", "Zoë Quinn")
	if h.books.chosen != "" || h.sidebar.books.box.Visible() {
		t.Error("the book is still chosen, or listed")
	}
	h.list.news.onDismiss([]int64{h.list.news.shown.ID})
	h.until(t, "it is dismissed", func() bool { return !h.list.news.box.Visible() })
}

// TestBookGoldens draws what several books bring: the sidebar, the contact's line, the editor's, the notice, and the dialogs.
func TestBookGoldens(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			server := memremote.New()
			server.SetClock(func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }) // since when somebody is a member is drawn
			server.AddUser("ada", "secret")
			h := signedIn(t, server, "Desk", goldenCards(t)...)
			h.app.Settings().SetTheme(newTheme(mode))
			h.w.win.Resize(fyne.NewSize(1000, 660))
			bobs, shared, link := friend(t, server, syncer.Reader)
			family := h.join(link, "bob invites you")
			if _, err := h.store.AddBook(t.Context(), "Wolfeschlegelsteinhausenbergerdorff family reunion 2027"); err != nil {
				t.Fatal(err)
			}
			h.engine.SyncNow()
			h.until(t, "the third book is there", func() bool { return len(h.books.all) == 3 })
			h.until(t, "the contact of the second is there", func() bool { return h.books.sizes[family] == 1 && len(h.list.order) == 7 })
			h.until(t, "everything is synced", func() bool {
				return h.status.shown.State == syncer.Idle && h.status.shown.Pending == 0 && h.books.all[2].Remote != ""
			})
			h.toast.hide()
			h.list.choose(0)
			h.untilShown("Ada Lovelace")
			h.golden("books-" + mode)
			h.menu("Edit")
			h.golden("books-edit-" + mode)
			h.press(fyne.KeyEscape)
			h.chooseBook(family)
			h.untilListed("Mary Somerville")
			h.list.choose(0)
			h.untilShown("Mary Somerville")
			h.golden("books-read-only-" + mode)

			h.dialogs.joinBook()
			again, err := bobs.Invite(t.Context(), shared.ID, syncer.Writer, 7)
			if err != nil {
				t.Fatal(err)
			}
			h.focused().(*field).SetText(again.Link[:len("https://kith.test/join#")] + strings.Repeat("x", 26))
			h.untilDialog("the link is refused", "used or withdrawn")
			h.goldenDialog("join-" + mode)
			h.dialogs.close()

			long := h.books.all[2]
			h.shareBook(long.ID)
			h.untilDialog("the only member is shown", "Owner")
			h.goldenDialog("share-alone-" + mode)
			h.pressButton("Make Link")
			h.untilDialog("the link is shown", "works once", "Open invitations")
			copied, _ := inDialog(h, func(f *field) bool { return true })
			if _, err := bobs.Join(t.Context(), copied.Text); err != nil {
				t.Fatal(err)
			}
			h.dialogs.close()
			h.shareBook(long.ID)
			h.untilDialog("the new member is shown", "bob", "Owner")
			h.goldenDialog("share-" + mode)
			h.dialogs.close()

			h.chooseBook("")
			if err := bobs.RemoveMember(t.Context(), shared.ID, memberID(t, bobs, shared.ID, "ada")); err != nil {
				t.Fatal(err)
			}
			h.engine.SyncNow()
			h.until(t, "it is told", func() bool { return h.list.news.box.Visible() && len(h.list.order) == 6 })
			h.until(t, "the contact is put away", func() bool { return h.list.selection.current == 0 || h.view.name.text != "Mary Somerville" })
			h.until(t, "the sync has ended", func() bool { return h.status.shown.State == syncer.Idle })
			h.w.win.Resize(fyne.NewSize(420, 660))
			h.showList()
			h.golden("books-lost-narrow-" + mode)
		})
	}
}
