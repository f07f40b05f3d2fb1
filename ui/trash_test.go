package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kith/data"
	"kith/syncer"
)

func TestTrashWording(t *testing.T) {
	for _, tt := range []struct {
		row            data.Row
		left, subtitle string
	}{
		{data.Row{DaysLeft: 5, Subtitle: "ada@example.org"}, "5 days left", "5 days left · ada@example.org"},
		{data.Row{DaysLeft: 30}, "30 days left", "30 days left"},
		{data.Row{DaysLeft: 0}, "Goes today", "Goes today"},
		{data.Row{DaysLeft: 0, Pending: true}, "Goes once it is synced", "Goes once it is synced"},
		{data.Row{DaysLeft: data.ForEver, Subtitle: "ada@example.org"}, "", "ada@example.org"},
	} {
		if got := leftText(tt.row); got != tt.left {
			t.Errorf("%+v: %q, want %q", tt.row, got, tt.left)
		}
		if got := trashedSubtitle(tt.row); got != tt.subtitle {
			t.Errorf("%+v: %q, want %q", tt.row, got, tt.subtitle)
		}
	}
	deleted := data.Contact{Deleted: testNow.Add(-time.Hour)}
	for _, tt := range []struct {
		c    shownContact
		want string
	}{
		{shownContact{Contact: deleted, row: data.Row{DaysLeft: 29}}, "In the trash since today, 14:04. It stays for 29 more days."},
		{shownContact{Contact: deleted, row: data.Row{DaysLeft: 29}, into: "Grace"}, "Merged into Grace, and in the trash since today, 14:04. It stays for 29 more days."},
		{shownContact{Contact: deleted, row: data.Row{DaysLeft: data.ForEver}}, "In the trash since today, 14:04."},
		{shownContact{Contact: deleted, row: data.Row{Pending: true}}, "In the trash since today, 14:04. It goes for good once it is synced."},
	} {
		if got := trashText(tt.c, testNow); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
	for _, tt := range []struct {
		got, want string
	}{
		{purgeTitle(1, "Ada"), "Remove Ada for good?"},
		{purgeTitle(1234, "Ada"), "Remove 1,234 contacts for good?"},
		{purgedText(data.Purged{Gone: 1}, "Ada"), "Ada removed for good"},
		{purgedText(data.Purged{Gone: 12}, "Ada"), "12 contacts removed for good"},
		{purgedText(data.Purged{Gone: 12, Waiting: 3}, "Ada"), "12 contacts removed for good. 3 more wait to be synced or decided."},
		{purgedText(data.Purged{Waiting: 3}, "Ada"), "3 contacts are not removed yet: something of them is not synced or not decided"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestTrashOptions(t *testing.T) {
	for _, tt := range []struct{ stored, value, text string }{
		{"", "30", "After 30 days"}, {"7", "7", "After 7 days"}, {"never", "never", "Never"}, {"45", "45", "After 45 days"}, {"rubbish", "30", "After 30 days"},
	} {
		all, value := trashOptionsWith(tt.stored)
		if value != tt.value || optionText(all, value) != tt.text {
			t.Errorf("%q: %q %q", tt.stored, value, optionText(all, value))
		}
	}
}

// inTrash opens a window with three contacts in the trash, and shows it.
func inTrash(t *testing.T) *harness {
	h := newHarness(t, goldenCards(t)...)
	h.w.win.Resize(fyne.NewSize(1000, 660))
	for _, name := range []string{"Ada Lovelace", "Charles Babbage", "Grace Hopper"} {
		if err := h.store.Delete(t.Context(), h.idOf(name)); err != nil {
			t.Fatal(err)
		}
	}
	h.until(t, "the trash is counted", func() bool { return h.counts.Trash == 3 })
	h.choosePlace(data.Trash)
	h.untilListed("Ada Lovelace", "Charles Babbage", "Grace Hopper")
	return h
}

func TestDeleteForGood(t *testing.T) {
	h := inTrash(t)
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.view.actions.purge()
	h.until(t, "it asks", func() bool { return h.dialogs.open != nil })
	h.press(fyne.KeyEscape)
	if h.dialogs.open != nil {
		t.Fatal("the question stays")
	}
	h.list.onDelete() // the key
	h.until(t, "it asks", func() bool { return h.dialogs.open != nil })
	h.pressButton("Delete for Good")
	h.untilToast("Ada Lovelace removed for good")
	h.untilListed("Charles Babbage", "Grace Hopper")
	if got := h.counts.Trash; got != 2 {
		h.until(t, "the trash is counted", func() bool { return h.counts.Trash == 2 })
	}
}

func TestEmptyTrash(t *testing.T) {
	h := inTrash(t)
	if h.list.emptyTrash.Hidden {
		t.Fatal("there is no button")
	}
	h.list.emptyTrash.OnTapped()
	h.until(t, "it asks", func() bool { return h.dialogs.open != nil })
	// What comes to the trash while the question stands was not asked about.
	if err := h.store.Delete(t.Context(), h.idOf("X")); err != nil {
		t.Fatal(err)
	}
	h.pressButton("Empty Trash")
	h.untilToast("3 contacts removed for good")
	h.untilListed("X")
	h.choosePlace(data.All)
	h.untilListed("Émilie du Châtelet", "Wolfeschlegelsteinhausenbergerdorff von und zu Hohenstein-Sigmaringen")
	if !h.list.emptyTrash.Hidden {
		t.Error("the button stays")
	}
}

func TestTrashGoldens(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			h := inTrash(t)
			h.app.Settings().SetTheme(newTheme(mode))
			h.until(t, "the status is known", func() bool { return h.status.shown.State == syncer.SignedOut })
			h.list.choose(0)
			h.untilShown("Ada Lovelace")
			h.golden("trash-" + mode)
			h.emptyTrash()
			h.until(t, "it asks", func() bool { return h.dialogs.open != nil })
			h.goldenDialog("emptytrash-" + mode)
		})
	}
}

// idOf is the id of a contact outside the trash.
func (h *harness) idOf(name string) string {
	h.Helper()
	order, err := h.store.Order(h.Context(), data.Query{})
	if err != nil {
		h.Fatal(err)
	}
	rows, err := h.store.Rows(h.Context(), order)
	if err != nil {
		h.Fatal(err)
	}
	for _, r := range rows {
		if r.Name == name {
			return r.ID
		}
	}
	h.Fatalf("there is no %s", name)
	return ""
}

// Delete in the editor is about the contact that is edited, whatever the list has chosen.
func TestDeleteInTheEditor(t *testing.T) {
	t.Run("of one of several that are chosen", func(t *testing.T) {
		h := newHarness(t, person("Ada", "Lovelace"), person("Grace", "Hopper"))
		h.untilListed("Ada Lovelace", "Grace Hopper")
		h.list.choose(1)
		h.untilShown("Grace Hopper")
		h.list.selectAll()
		h.menu("Edit")
		h.editor.drop.OnTapped()
		h.untilToast("Grace Hopper moved to the trash")
		h.untilListed("Ada Lovelace")
	})
	t.Run("of one that the list has lost meanwhile", func(t *testing.T) {
		h := newHarness(t, person("Ada", "Lovelace"), person("Grace", "Hopper"))
		h.untilListed("Ada Lovelace", "Grace Hopper")
		h.list.choose(1)
		h.untilShown("Grace Hopper")
		h.menu("Edit")
		if err := h.store.Delete(t.Context(), h.editor.id); err != nil {
			t.Fatal(err)
		}
		h.untilListed("Ada Lovelace")
		h.editor.drop.OnTapped()
		h.untilToast("Grace Hopper moved to the trash")
		if got := h.stored(data.All); len(got) != 1 {
			t.Errorf("%q are left, want Ada Lovelace", got)
		}
	})
	t.Run("of a draft that was taken up", func(t *testing.T) {
		h := newHarness(t, person("Ada", "Lovelace"))
		h.list.choose(0)
		h.untilShown("Ada Lovelace")
		h.menu("Edit")
		test.Type(h.editor.note, "half a thou")
		h.elapse(draftPause)
		h.close()
		again := openWindow(t, h.dir, nil).opened()
		again.until(t, "the draft is taken up", func() bool { return again.editing })
		again.editor.drop.OnTapped()
		again.untilToast("Ada Lovelace moved to the trash")
		again.untilListed()
	})
	t.Run("of a new one there is none", func(t *testing.T) {
		h := newHarness(t, person("Ada", "Lovelace"))
		h.list.choose(0)
		h.untilShown("Ada Lovelace")
		h.menu("New Contact")
		test.Type(h.editor.given, "Zoë")
		h.menu("Move to Trash")
		if !h.editing || h.editor.given.Text != "Zoë" {
			t.Error("what was typed is gone")
		}
	})
}
