package ui

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"kith/data"
)

// What was typed comes back after a crash with the book that was chosen for it.
func TestDraftKeepsItsBook(t *testing.T) {
	tests := []struct {
		name  string
		begin func(h *harness)
		want  string
	}{
		{"a new contact", func(h *harness) {
			h.menu("New Contact")
			h.editor.given.SetText("Zoë")
		}, "Zoë"},
		{"one that is to be moved", func(h *harness) {
			h.list.choose(0)
			h.untilShown("Ada Lovelace")
			h.menu("Edit")
			h.editor.title.SetText("Countess")
		}, "Ada Lovelace"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, family := inBooks(t)
			tt.begin(h)
			h.editor.in.choice.SetSelected("Family")
			h.elapse(draftPause)
			h.close()

			again := openWindow(t, h.dir, nil).opened()
			again.until(t, "the draft is taken up", func() bool { return again.editing })
			if got := again.editor.in.choice.Selected; got != "Family" || !again.editor.in.row.Visible() {
				t.Errorf("the draft is to go to %q", got)
			}
			again.menu("Save")
			again.untilToast(tt.want + map[bool]string{true: " added", false: " saved"}[again.editor.id == ""])
			if got := again.view.shown.Book; got != family.ID {
				t.Errorf("it went to %q", got)
			}
			again.close()
		})
	}
}

// A window that is closed right after Save leaves no draft behind: the next one would add the contact once more.
func TestDraftOfASaveThatTheCloseOvertakes(t *testing.T) {
	h := newHarness(t)
	h.menu("New Contact")
	test.Type(h.editor.given, "Zoë")
	h.elapse(draftPause)
	h.menu("Save")
	h.close()
	store := newTestStore(t, h.dir)
	defer store.Close()
	order, err := store.Order(t.Context(), data.Query{})
	if err != nil || len(order) != 1 {
		t.Errorf("%d contacts, %v; want 1", len(order), err)
	}
	if d, found, err := store.Draft(t.Context()); err != nil || found {
		t.Errorf("the draft of %q is kept: %v", d.To.DisplayName(), err)
	}
}
