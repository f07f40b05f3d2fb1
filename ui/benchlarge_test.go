//go:build linux

package ui

import (
	"fmt"
	"strings"

	"kith/contact"
	"kith/data"
)

// showAdded adds a contact, and chooses it.
func (h *harness) showAdded(tr *trace, card contact.Card) {
	h.Helper()
	all := h.counts.All
	if _, err := h.store.Add(h.T.Context(), card); err != nil {
		h.Fatal(err)
	}
	h.until(h.T, "the contact is counted", func() bool { return h.counts.All == all+1 })
	h.listed()
	tr.call(func() { h.list.search.SetText(card.DisplayName()) })
	h.until(h.T, "the contact is found", func() bool { return h.list.shownText == card.DisplayName() && !h.list.stale })
	h.listed()
	tr.call(func() { h.list.choose(0) })
	h.until(h.T, "the contact is shown", func() bool { return h.view.box.Visible() && h.view.name.text == card.DisplayName() })
}

// manyEmails are n addresses of one contact.
func manyEmails(n int) []contact.Entry {
	entries := make([]contact.Entry, n)
	for i := range entries {
		entries[i] = contact.Entry{Value: fmt.Sprintf("wide.%d@example.org", i), Kind: "private"}
	}
	return entries
}

// readWide shows a contact with 200 values.
func readWide(h *harness, tr *trace) {
	h.showAdded(tr, contact.New().WithFullName("Wide Reader").WithEmails(manyEmails(200)))
	h.idle()
}

// readLongNote shows a note nearly as long as a contact may be, and the next piece of it.
func readLongNote(h *harness, tr *trace) {
	note := strings.Repeat("A line of a very long note, as a log of calls may be.\n", 200<<10/54)
	h.showAdded(tr, contact.New().WithFullName("Long Noted").WithNote(note))
	h.idle()
	for _, o := range descendants(h.view.blocks) {
		if more, ok := o.(*link); ok {
			tr.call(more.tapped)
		}
	}
	h.idle()
}

// editWide edits a contact with 100 values: opens it, types, adds a value, removes one, saves.
func editWide(h *harness, tr *trace) {
	h.showAdded(tr, contact.New().WithFullName("Wide Editor").WithEmails(manyEmails(100)))
	h.idle()
	tr.call(h.book.edit)
	h.until(h.T, "the editor has its fields", func() bool { return h.editing && len(h.editor.emails.rows) == 100 })
	for _, r := range "Benchmark" {
		tr.call(func() { h.editor.title.TypedRune(r) })
	}
	tr.call(h.editor.emails.add.tapped)
	tr.call(func() { h.editor.emails.remove(h.editor.emails.rows[50]) })
	tr.call(h.book.save)
	h.until(h.T, "it is saved", func() bool { return !h.editing && strings.Contains(h.toast.text.text, "saved") })
	h.idle()
}

// manyLabels shows 500 labels in the sidebar.
func manyLabels(h *harness, tr *trace) {
	const many = 500
	cards := make([]contact.Card, many)
	for i := range cards {
		cards[i] = contact.New().WithFullName("Labelled").WithLabels([]string{fmt.Sprintf("Label %03d", i)})
	}
	ids, err := h.store.AddAll(h.T.Context(), cards)
	if err != nil {
		h.Fatal(err)
	}
	h.until(h.T, "the labels are in the sidebar", func() bool { return len(h.sidebar.labels) >= many })
	h.idle()
	tr.call(func() { h.chooseLabel("Label 250") })
	h.listed()
	tr.call(func() { h.choosePlace(data.All) })
	h.listed()
	if err := h.store.Delete(h.T.Context(), ids...); err != nil { // the next use finds few labels
		h.Fatal(err)
	}
	h.until(h.T, "the labels are gone", func() bool { return len(h.sidebar.labels) < many })
}

// listShortcuts opens the dialog with the shortcuts.
func listShortcuts(h *harness, tr *trace) {
	tr.call(h.dialogs.shortcuts)
	h.until(h.T, "the shortcuts are shown", func() bool { return h.win.Canvas().Overlays().Top() != nil })
	h.idle()
	tr.call(func() { h.dialogs.close() })
}

// reloadHistory edits a contact while a long history of it is unfolded.
func reloadHistory(h *harness, tr *trace) {
	const edits, later = 60, 5
	h.showAdded(tr, contact.New().WithFullName("Often Edited").WithTitle("Apprentice"))
	was := h.view.shown
	card := was.Card
	edit := func(title string) {
		saved, err := h.store.Save(h.T.Context(), was.ID, card, card.WithTitle(title))
		if err != nil {
			h.Fatal(err)
		}
		card = saved.Card
	}
	for i := range edits {
		edit(fmt.Sprintf("Engineer %d", i))
	}
	h.until(h.T, "the edits are shown", func() bool { return h.view.shown.Card.Title() == card.Title() })
	history := h.view.history
	tr.call(history.toggle.tapped)
	h.until(h.T, "the history is there", func() bool { return len(history.all) > edits })
	for history.rest.Visible() {
		tr.call(history.more.tapped)
	}
	for i := range later {
		known := len(history.all)
		edit(fmt.Sprintf("Director %d", i))
		h.until(h.T, "the history has the edit", func() bool { return len(history.all) > known })
	}
}

// idle runs what is posted already, and what that posts at once.
func (h *harness) idle() {
	for {
		select {
		case f := <-h.posts:
			h.call(f)
		default:
			return
		}
	}
}
