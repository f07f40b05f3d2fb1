package ui

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kith/contact"
	"kith/data"
	"kith/syncer"
)

func TestEmptyBookSaysWhatToDoFirst(t *testing.T) {
	h := newHarness(t)
	if !h.list.empty.box.Visible() || !h.list.empty.add.Visible() || !h.list.empty.setUp.Visible() {
		t.Error("an empty book must offer to add a contact and to set up sync")
	}
	if h.focused() != fyne.Focusable(h.list.search) {
		t.Errorf("focus is on %T, want the search box", h.focused())
	}
	test.Tap(h.list.empty.add)
	if !h.editing || !h.editor.box.Visible() {
		t.Error("the button must open the editor")
	}
}

func TestAddContactByKeyboard(t *testing.T) {
	h := newHarness(t, person("Grace", "Hopper"))
	h.menu("New Contact")
	if h.focused() != fyne.Focusable(h.editor.given) {
		t.Fatalf("focus is on %T, want the given name", h.focused())
	}
	if !h.editor.save.Disabled() {
		t.Error("Save must rest while nothing was typed")
	}
	test.Type(h.editor.given, "Ada")
	h.w.win.Canvas().FocusNext()
	test.Type(h.focused(), "Lovelace")
	if h.editor.save.Disabled() {
		t.Error("Save must be possible once something was typed")
	}
	h.menu("Save")
	h.untilToast("Ada Lovelace added")
	h.untilListed("Ada Lovelace", "Grace Hopper")
	h.untilShown("Ada Lovelace")
	if got := h.stored(data.All); !slices.Equal(got, []string{"Ada Lovelace", "Grace Hopper"}) {
		t.Errorf("stored %v", got)
	}
	if at := h.list.selection.place(h.list.order); at != 0 {
		t.Errorf("the new contact must be chosen; chosen is row %d", at)
	}
}

func TestNothingToSaveSaysWhy(t *testing.T) {
	h := newHarness(t)
	h.menu("New Contact")
	test.Type(h.editor.note, "only a note")
	h.menu("Save")
	if !h.editing || h.editor.problem.text == "" {
		t.Error("a contact that nothing finds must stay in the editor, with a message")
	}
}

func TestValidationBesideTheField(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.menu("Edit")
	test.Type(h.editor.birthday, "someday")
	if h.editor.birthdayHint.box.Visible() {
		t.Error("a field that is being typed in must not be called wrong")
	}
	h.menu("Save")
	if !h.editing || !h.editor.birthdayHint.box.Visible() {
		t.Error("the hint must stand below the birthday, and nothing be saved")
	}
	h.editor.birthday.SetText("10 December 1815")
	h.menu("Save")
	h.untilToast("Ada Lovelace saved")
	c, err := h.store.Contact(t.Context(), h.view.shown.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Card.Birthday(), (contact.Date{Year: 1815, Month: 12, Day: 10}); got != want {
		t.Errorf("birthday %v, want %v", got, want)
	}
}

func TestEditCancelKeepsTheContact(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.menu("Edit")
	if !h.list.search.Disabled() || !h.list.rest.Visible() || !h.sideRest.Visible() {
		t.Error("the other panes must rest while a contact is edited")
	}
	h.editor.given.SetText("Augusta")
	h.press(fyne.KeyEscape) // from within the focused field
	if h.editing {
		t.Fatal("Escape must leave the editor")
	}
	h.untilShown("Ada Lovelace")
	if h.list.search.Disabled() || h.list.rest.Visible() {
		t.Error("the other panes must wake up")
	}
	if got := h.stored(data.All); !slices.Equal(got, []string{"Ada Lovelace"}) {
		t.Errorf("stored %v", got)
	}
}

func TestEditOfPhones(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.menu("Edit")
	test.Tap(h.editor.phones.add)
	row := h.editor.phones.rows[0]
	if h.focused() != fyne.Focusable(row.value) {
		t.Errorf("focus is on %T, want the new number", h.focused())
	}
	test.Type(row.value, "+44 20 7946 0999")
	row.kind.choice.SetSelected("Work")
	test.Tap(h.editor.emails.rows[0].remove)
	h.menu("Save")
	h.untilToast("Ada Lovelace saved")
	c, err := h.store.Contact(t.Context(), h.view.shown.ID)
	if err != nil {
		t.Fatal(err)
	}
	phones := c.Card.Phones()
	if len(phones) != 1 || phones[0].Value != "+44 20 7946 0999" || phones[0].Kind != "work" {
		t.Errorf("phones %+v", phones)
	}
	if len(c.Card.Emails()) != 0 {
		t.Errorf("e-mails %+v", c.Card.Emails())
	}
}

func TestTypedLabel(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.menu("Edit")
	row := h.editor.emails.rows[0]
	row.kind.choice.SetSelected("Custom…")
	if h.focused() != fyne.Focusable(row.kind.label) {
		t.Fatalf("focus is on %T, want the label", h.focused())
	}
	h.w.win.Canvas().Focus(row.value) // without typing one: as it was
	if !row.kind.choice.Visible() || h.editor.dirty() {
		t.Errorf("choice visible %v, dirty %v", row.kind.choice.Visible(), h.editor.dirty())
	}
	row.kind.choice.SetSelected("Custom…")
	test.Type(row.kind.label, "Chess club")
	h.menu("Save")
	h.untilToast("Ada Lovelace saved")
	c, err := h.store.Contact(t.Context(), h.view.shown.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Card.Emails()[0].Label; got != "Chess club" {
		t.Errorf("label %q", got)
	}
}

func TestSearch(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"), person("Søren", "Kierkegaard"), person("Grace", "Hopper"))
	test.Type(h.list.search, "soren")
	h.untilListed("Søren Kierkegaard")
	if got, want := h.list.total.text, "1 match"; got != want {
		t.Errorf("total %q, want %q", got, want)
	}
	h.press(fyne.KeyReturn)
	h.untilShown("Søren Kierkegaard")
	h.list.search.SetText("nobody")
	h.until(t, "the list says that there is no match", func() bool { return h.list.empty.box.Visible() })
	if got, want := h.list.empty.title.Text, "No match"; got != want {
		t.Errorf("empty list says %q, want %q", got, want)
	}
	if h.view.name.text != "Søren Kierkegaard" {
		t.Error("a search must not take away the contact that is shown")
	}
	h.w.win.Canvas().Focus(h.list.search)
	h.press(fyne.KeyEscape)
	h.untilListed("Ada Lovelace", "Grace Hopper", "Søren Kierkegaard")
}

func TestDeleteAndUndo(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"), person("Grace", "Hopper"), person("Mary", "Somerville"))
	h.press(fyne.KeyDown) // from the search box into the list
	h.untilShown("Ada Lovelace")
	h.press(fyne.KeyDown)
	h.untilShown("Grace Hopper")
	h.press(fyne.KeyDelete)
	h.untilToast("Grace Hopper moved to the trash")
	h.untilListed("Ada Lovelace", "Mary Somerville")
	h.untilShown("Mary Somerville") // the neighbour takes over
	test.Tap(h.toast.undo)
	h.untilListed("Ada Lovelace", "Grace Hopper", "Mary Somerville")
	h.untilToast("Undone: deleting Grace Hopper")
}

func TestTrashAndRestore(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"), person("Grace", "Hopper"))
	h.list.choose(0)
	h.menu("Move to Trash")
	h.untilListed("Grace Hopper")
	h.until(t, "the trash is counted", func() bool { return h.sidebar.items[data.Trash].count == 1 })
	h.choosePlace(data.Trash)
	h.untilListed("Ada Lovelace")
	h.list.choose(0)
	h.until(t, "the view says that it is in the trash", func() bool { return h.view.notices.Visible() })
	if h.view.edit.Visible() || h.view.trash.Visible() {
		t.Error("a contact in the trash can't be edited")
	}
	h.menu("Restore")
	h.untilToast("Ada Lovelace restored")
	h.until(t, "the trash says that it is empty", func() bool { return h.list.empty.title.Text == "The trash is empty" })
}

func TestSelectSeveral(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"), person("Grace", "Hopper"), person("Mary", "Somerville"), person("Zoë", "Quinn"))
	h.list.tapped(0, 0)
	h.list.tapped(2, fyne.KeyModifierShift)
	if h.list.selection.count() != 3 || !h.list.bar.box.Visible() {
		t.Fatalf("%d chosen, bar %v", h.list.selection.count(), h.list.bar.box.Visible())
	}
	h.list.tapped(1, fyne.KeyModifierShortcutDefault)
	test.Tap(h.list.bar.trash)
	h.untilToast("2 contacts moved to the trash")
	h.untilListed("Grace Hopper", "Zoë Quinn")
	h.menu("Undo")
	h.untilListed("Ada Lovelace", "Grace Hopper", "Mary Somerville", "Zoë Quinn")
	h.w.win.Canvas().Focus(h.list.list)
	h.menu("Select All")
	if h.list.selection.count() != 4 {
		t.Errorf("%d chosen, want all 4", h.list.selection.count())
	}
	h.press(fyne.KeyEscape)
	if h.list.selection.count() != 1 {
		t.Errorf("%d chosen after Escape, want 1", h.list.selection.count())
	}
}

func TestFavourites(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"), person("Grace", "Hopper"))
	h.list.choose(1)
	h.untilShown("Grace Hopper")
	test.Tap(h.view.star)
	h.untilToast("Grace Hopper added to the favourites")
	h.choosePlace(data.Favourites)
	h.untilListed("Grace Hopper")
	test.Tap(h.toast.undo)
	h.until(t, "there are no favourites", func() bool { return len(h.list.order) == 0 })
}

// What another program, or a sync, changes is followed; the chosen contact stays chosen.
func TestFollowsChangesFromElsewhere(t *testing.T) {
	h := newHarness(t, person("Grace", "Hopper"), person("Mary", "Somerville"))
	h.list.choose(0)
	h.untilShown("Grace Hopper")
	shown := h.view.shown.Contact
	if _, err := h.store.Add(t.Context(), person("Ada", "Lovelace")); err != nil {
		t.Fatal(err)
	}
	h.untilListed("Ada Lovelace", "Grace Hopper", "Mary Somerville")
	if at := h.list.selection.place(h.list.order); at != 1 {
		t.Errorf("chosen is row %d, want 1: the same contact", at)
	}
	if _, err := h.store.Save(t.Context(), shown.ID, shown.Card, shown.Card.WithTitle("Rear admiral")); err != nil {
		t.Fatal(err)
	}
	h.until(t, "the view shows the new title", func() bool { return h.view.role.text == "Rear admiral" })
}

// A contact that changes while it is edited keeps what is typed; saving merges both.
func TestSaveMergesWithWhatCameMeanwhile(t *testing.T) {
	h := newHarness(t, person("Grace", "Hopper"))
	h.list.choose(0)
	h.untilShown("Grace Hopper")
	h.menu("Edit")
	h.editor.note.SetText("typed here")
	shown := h.view.shown.Contact
	if _, err := h.store.Save(t.Context(), shown.ID, shown.Card, shown.Card.WithTitle("Rear admiral")); err != nil {
		t.Fatal(err)
	}
	h.until(t, "the list has heard of it", func() bool { return h.list.rowState(0).row.Subtitle == "Rear admiral" })
	if h.editor.note.Text != "typed here" || h.editor.title.Text != "" {
		t.Error("the editor must keep what is typed, and show nothing else")
	}
	h.menu("Save")
	h.untilToast("Grace Hopper saved")
	c, err := h.store.Contact(t.Context(), shown.ID)
	if err != nil {
		t.Fatal(err)
	}
	if c.Card.Note() != "typed here" || c.Card.Title() != "Rear admiral" {
		t.Errorf("note %q, title %q: one side's edit is lost", c.Card.Note(), c.Card.Title())
	}
}

// A window that ends without saving or cancelling has kept what was typed.
func TestDraftSurvivesACrash(t *testing.T) {
	h := newHarness(t, person("Grace", "Hopper"))
	h.list.choose(0)
	h.untilShown("Grace Hopper")
	h.menu("Edit")
	test.Type(h.editor.note, "half a thou")
	h.elapse(draftPause)
	h.close() // waits for what was begun, as a kill right after it would find it

	again := openWindow(t, h.dir, nil).opened()
	again.until(t, "the draft is taken up", func() bool { return again.editing })
	if got := again.editor.note.Text; got != "half a thou" {
		t.Errorf("note %q", got)
	}
	if !again.editor.notice.Visible() {
		t.Error("the editor must say where this comes from")
	}
	again.menu("Save")
	again.untilToast("Grace Hopper saved")
	again.close() // waits for what was begun
	store := newTestStore(t, h.dir)
	defer store.Close()
	if _, found, err := store.Draft(t.Context()); err != nil || found {
		t.Errorf("draft after saving: %v, %v", found, err)
	}
}

func TestSignInChecksBeforeItSaves(t *testing.T) {
	h := newHarness(t, person("Grace", "Hopper"))
	h.server.AddUser("ada", "secret")
	s := newSignInDialog(h.w.win.Canvas(), data.Account{Device: "laptop"}, func() {}, func() {})
	if !s.ok.Disabled() {
		t.Error("Sign In must rest until every field is filled")
	}
	for _, err := range []error{fmt.Errorf("sign in: %w", syncer.ErrOffline), fmt.Errorf("sign in: %w", syncer.ErrNotKith)} {
		if s.wrong(err) != s.server {
			t.Errorf("%v is not about the address", err)
		}
	}
	if s.wrong(fmt.Errorf("sign in: %w", syncer.ErrCredentials)) != s.password {
		t.Error("a wrong password is not about the password")
	}
	h.dialogs.showSignIn(data.Account{Device: "laptop", Server: "https://kith.test", User: "ada"})
	for _, password := range []string{"wrong", "secret"} {
		field := h.focused().(*field)
		field.SetText(password)
		h.press(fyne.KeyReturn)
		if password == "wrong" {
			h.until(t, "the dialog says no", func() bool { return !field.Disabled() && h.focused() == fyne.Focusable(field) })
			if _, err := h.store.Account(t.Context()); !errors.Is(err, data.ErrNotSignedIn) {
				t.Errorf("account after a wrong password: %v", err)
			}
		}
	}
	h.untilToast("Signed in as ada")
	h.until(t, "the contact is at the server", func() bool { return len(h.server.Contacts("ada")) == 1 })
	h.until(t, "the bar says so", func() bool {
		return h.status.shown.State == syncer.Idle && strings.HasPrefix(h.status.text.text, "Up to date")
	})
}

func TestProblemsOfAProfile(t *testing.T) {
	t.Run("not a database", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "kith.db"), []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
			t.Fatal(err)
		}
		h := openWindow(t, dir, nil)
		h.until(t, "the window has tried", func() bool { return len(h.loop.posts) == 0 && h.w.book == nil && h.w.win.Canvas().Focused() != nil })
		if b, ok := h.focused().(*button); !ok || b.Text != "Start Empty" {
			t.Errorf("focus is on %#v", h.focused())
		}
	})
}
