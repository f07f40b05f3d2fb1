package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/syncer/memremote"
)

func crowd(n int) []contact.Card {
	var cards []contact.Card
	for i := range n {
		cards = append(cards, person(fmt.Sprintf("Person%02d", i), "Surname"))
	}
	return cards
}

// emptiedElsewhere is a window whose server has lost 30 of 40 contacts to another device.
func emptiedElsewhere(t *testing.T) *harness {
	t.Helper()
	server := memremote.New()
	server.AddUser("ada", "secret")
	h := signedIn(t, server, "Laptop", crowd(40)...)
	phone, engine := otherDevice(t, server)
	order, err := phone.Order(t.Context(), data.Query{})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := phone.Rows(t.Context(), order[10:])
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	if err := phone.Delete(t.Context(), ids...); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Sync(t.Context()); err != nil { // the guard of the phone
		t.Fatal(err)
	}
	if err := phone.AllowDeletions(t.Context(), ids...); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.until(t, "the bar says what waits", func() bool {
		return h.status.text.text == "Sync waits: 30 of 40 contacts would be deleted here" && h.status.attention.text.text == "Review"
	})
	h.untilToast("Sync waits: 30 of 40 contacts would be deleted here")
	return h
}

func (h *harness) openReview() {
	h.Helper()
	h.status.attention.tapped()
	h.until(h.T, "the review is open", func() bool { return h.dialogs.open != nil })
}

// press a button of the open dialog by its text.
func (h *harness) pressButton(text string) {
	h.Helper()
	for _, o := range test.LaidOutObjects(h.dialogs.open) {
		if b, ok := o.(*button); ok && b.Text == text {
			b.OnTapped()
			return
		}
	}
	h.Fatalf("no button %q", text)
}

func TestMassDeletionIsAskedInTheWindow(t *testing.T) {
	for _, tt := range []struct {
		answer, toast string
		left, undone  int
	}{
		{"Delete Them Here Too", "30 contacts moved to the trash", 10, 40},
		{"Keep Them", "30 contacts kept, and put back everywhere", 40, 10},
	} {
		t.Run(tt.answer, func(t *testing.T) {
			h := emptiedElsewhere(t)
			h.openReview()
			if b, ok := h.focused().(*button); !ok || b.Text != "Later" {
				t.Errorf("the focus is on %#v: Enter must not delete", h.focused())
			}
			h.press(fyne.KeyEscape)
			if h.dialogs.open != nil || len(h.stored(data.All)) != 40 {
				t.Error("Escape must answer nothing")
			}
			h.openReview()
			h.pressButton(tt.answer)
			h.untilToast(tt.toast)
			h.until(t, "nothing waits", func() bool {
				return strings.HasPrefix(h.status.text.text, "Up to date") && !h.status.attention.Visible()
			})
			if got := len(h.stored(data.All)); got != tt.left {
				t.Errorf("%d contacts, want %d", got, tt.left)
			}
			if got := len(h.server.Contacts("ada")); got != tt.left {
				t.Errorf("%d contacts at the server, want %d", got, tt.left)
			}
			h.undo(1)
			h.until(t, "it is undone", func() bool { return len(h.stored(data.All)) == tt.undone })
		})
	}
}

func TestOwnMassDeletionIsAskedInTheWindow(t *testing.T) {
	for _, tt := range []struct {
		answer string
		left   int
	}{{"Delete Them Everywhere", 0}, {"Bring Them Back", 30}} {
		t.Run(tt.answer, func(t *testing.T) {
			server := memremote.New()
			server.AddUser("ada", "secret")
			h := signedIn(t, server, "Laptop", crowd(30)...)
			h.list.selectAll()
			h.trash()
			h.until(t, "the bar says what waits", func() bool {
				return h.status.text.text == "Sync waits: 30 of 30 contacts would be deleted everywhere"
			})
			if got := len(server.Contacts("ada")); got != 30 {
				t.Errorf("%d contacts at the server", got)
			}
			h.openReview()
			h.pressButton(tt.answer)
			h.until(t, "it is done", func() bool {
				return len(server.Contacts("ada")) == tt.left && len(h.stored(data.All)) == tt.left && strings.HasPrefix(h.status.text.text, "Up to date")
			})
		})
	}
}

func TestSetAsideInTheWindow(t *testing.T) {
	server := memremote.New()
	server.AddUser("ada", "secret")
	h := signedIn(t, server, "Laptop", person("Grace", "Hopper"), person("Mary", "Somerville"))
	server.SetReject(func(syncer.Outgoing) string { return "the card has 300000 bytes; this server takes 262144" })
	h.list.choose(0)
	h.untilShown("Grace Hopper")
	id := h.view.shown.ID
	h.menu("Edit")
	h.editor.title.SetText("Rear admiral")
	h.editor.note.SetText(strings.Repeat("long ", 200))
	h.menu("Save")
	h.until(t, "the bar says it", func() bool { return h.status.attention.text.text == "1 contact can't be sent · Review" })
	h.until(t, "the contact says it", func() bool { return h.view.shown.aside != nil && h.view.notices.Visible() })
	h.mend()
	if h.focused() != fyne.Focusable(h.editor.note) {
		t.Errorf("the focus is on %#v, want the long note", h.focused())
	}
	h.press(fyne.KeyEscape)
	h.until(t, "the editor is closed", func() bool { return !h.editing })

	server.Put("ada", "poison", []byte(`["not a card"]`))
	h.until(t, "the bar counts both", func() bool { return h.status.attention.text.text == "2 contacts could not be synced · Review" })
	h.openReview()
	h.pressButton("Open")
	h.untilShown("Grace Hopper")

	all, err := h.store.SetAside(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "aside.json")
	h.exportAside(all)
	h.until(t, "the dialog is open", func() bool { return h.dialogs.open != nil })
	var name *field
	for _, o := range test.LaidOutObjects(h.dialogs.open) {
		if f, ok := o.(*field); ok {
			name = f
		}
	}
	name.SetText(file)
	h.pressButton("Export")
	h.untilToast("2 contacts exported to aside.json")
	if b, err := os.ReadFile(file); err != nil || !strings.Contains(string(b), "Rear admiral") || !strings.Contains(string(b), "not a card") {
		t.Errorf("exported %s, %v", b, err)
	}

	server.SetReject(func(syncer.Outgoing) string { return "" })
	h.tryAgain(id)
	h.until(t, "it is sent", func() bool {
		return h.status.attention.text.text == "1 contact can't be read · Review" && h.status.shown.Pending == 0
	})
	server.Put("ada", "poison", person("Now", "Readable").JSON())
	h.until(t, "all is well", func() bool { return !h.status.attention.Visible() })
}

func TestHeldWording(t *testing.T) {
	in := func(devices ...string) (all []data.HeldDeletion) {
		for _, d := range devices {
			all = append(all, data.HeldDeletion{Device: d})
		}
		return all
	}
	for _, tt := range []struct {
		held []data.HeldDeletion
		want string
	}{
		{in("Phone", "Phone"), "They were deleted on Phone. "},
		{in("Phone", "Desk"), "They were deleted on Desk and Phone. "},
		{in("a", "b", "c", "d"), "They were deleted on 4 other devices. "},
		{in("Phone", ""), "They were deleted on another device. "},
	} {
		if got := heldQuestion(tt.held); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%v: %q, want %q", tt.held, got, tt.want)
		}
	}
}

func TestHeldGoldens(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			h := newHarness(t, goldenCards(t)...)
			h.app.Settings().SetTheme(newTheme(mode))
			h.w.win.Resize(fyne.NewSize(1000, 660))
			h.until(t, "the status is known", func() bool { return h.status.shown.State == syncer.SignedOut })
			names := []string{"Ada Lovelace", "Émilie du Châtelet", "山田 太郎", "Wolfeschlegelsteinhausenbergerdorff von und zu Hohenstein-Sigmaringen", "Grace Hopper", "X"}
			var held []data.HeldDeletion
			for i := range 40 {
				held = append(held, data.HeldDeletion{ID: fmt.Sprint(i), Name: names[i%len(names)], Subtitle: []string{"Countess, Analytical Society", "", "emilie@example.org"}[i%3], Device: "Ada’s phone"})
			}
			h.status.status.Set(syncer.Status{State: syncer.Idle, LastSync: testNow, Held: data.Held{In: 40, Live: 100}})
			h.dialogs.showHeld(held, 100)
			h.golden("held-" + mode)
			h.dialogs.close()

			all := []data.SetAside{
				{ID: "a", Name: "Ada Lovelace", Out: true, Here: true, Reason: "the card has 300000 bytes; this server takes 262144"},
				{ID: "b", Name: "Grace Hopper", Here: true, Device: "Ada’s phone", Reason: "nested deeper than 64 levels", At: time.Unix(0, 0)},
				{ID: "c", Reason: "a card is a JSON object, not a array"},
			}
			h.dialogs.showAside(all)
			h.golden("aside-" + mode)
			h.dialogs.close()
			h.list.choose(0)
			h.untilShown("Ada Lovelace")
			h.view.show(shownContact{Contact: h.view.shown.Contact, aside: &all[0]})
			h.showPane(h.view.box)
			h.golden("refused-" + mode)
		})
	}
}
