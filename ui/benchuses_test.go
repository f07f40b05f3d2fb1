//go:build linux

package ui

import (
	"strconv"

	"fyne.io/fyne/v2"

	"kith/contact"
	"kith/contact/contacttest"
	"kith/data"
)

// listed waits until the list shows what was asked of it last.
func (h *harness) listed() {
	h.Helper()
	h.until(h.T, "it is listed", func() bool { return h.list.listing.cancel == nil && !h.list.stale })
}

// readHistory opens the history of a contact that was edited often.
func readHistory(h *harness, tr *trace) {
	const edits = 50
	tr.call(func() { h.list.choose(50_000) })
	h.until(h.T, "a contact is shown", h.view.box.Visible)
	was := h.view.shown
	card := was.Card
	for i := range edits {
		saved, err := h.store.Save(h.T.Context(), was.ID, card, card.WithTitle("Engineer "+strconv.Itoa(i)))
		if err != nil {
			h.Fatal(err)
		}
		card = saved.Card
	}
	h.until(h.T, "the edits are shown", func() bool { return h.view.shown.Card.Title() == card.Title() })
	h.listed()
	tr.call(h.view.history.toggle.tapped)
	h.until(h.T, "the history is shown", func() bool { return len(h.view.history.entries.Objects) == historyPage })
	for h.view.history.rest.Visible() {
		tr.call(h.view.history.more.tapped)
	}
	tr.call(h.view.history.toggle.tapped)
}

// resizePanes draws the window's edge over the widths of one, two and three panes, with a contact shown.
func resizePanes(h *harness, tr *trace) {
	tr.call(func() { h.list.choose(50_000) })
	h.until(h.T, "a contact is shown", h.view.box.Visible)
	for _, width := range []float32{1100, 900, 760, 600, 420, 600, 760, 900, 1100} {
		tr.call(func() { h.w.win.Resize(fyne.NewSize(width, 720)) })
	}
}

// changeSettings opens the settings, and changes how the window looks.
func changeSettings(h *harness, tr *trace) {
	tr.call(h.dialogs.settings)
	h.until(h.T, "the settings are shown", func() bool { return h.win.Canvas().Overlays().Top() != nil })
	tr.call(func() { h.dialogs.close() })
}

// changeTheme goes from light to dark and back, and to larger text, with a contact shown and the settings open.
func changeTheme(h *harness, tr *trace) {
	tr.call(func() { h.list.choose(50_000) })
	h.until(h.T, "a contact is shown", h.view.box.Visible)
	tr.call(h.dialogs.settings)
	h.until(h.T, "the settings are shown", func() bool { return h.win.Canvas().Overlays().Top() != nil })
	for _, look := range [][2]string{{themeDark, ""}, {themeLight, ""}, {themeLight, "1.3"}, {themeLight, ""}} {
		tr.call(func() { h.looks.set(look[0], look[1]) })
		h.given()
	}
}

// switchBooks goes from all books to one, and back.
func switchBooks(h *harness, tr *trace) {
	for _, id := range []string{data.DefaultBook, "", data.DefaultBook, ""} {
		tr.call(func() { h.chooseBook(id) })
		h.listed()
	}
}

// emptyTrash removes 10,000 contacts for good; they were added for this.
func emptyTrash(h *harness, tr *trace) {
	const many = 10_000
	before := h.counts.All
	cards := make([]contact.Card, many)
	for i := range cards {
		cards[i] = contacttest.Realistic(2, i)
	}
	ids, err := h.store.AddAll(h.T.Context(), cards)
	if err != nil {
		h.Fatal(err)
	}
	if err := h.store.Delete(h.T.Context(), ids...); err != nil {
		h.Fatal(err)
	}
	h.until(h.T, "they are in the trash", func() bool { return h.counts.All == before && h.counts.Trash == many })
	tr.call(func() { h.choosePlace(data.Trash) })
	h.listed()
	rows := h.list.order
	tr.call(func() { h.purge(rows, "") })
	h.until(h.T, "the trash is empty", func() bool { return h.counts.Trash == 0 && len(h.list.order) == 0 })
}
