package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// TestTakeUpWhatWasDropped: an edit that was cancelled can be gone on with, by the toast and by Ctrl+Z.
func TestTakeUpWhatWasDropped(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.untilListed("Ada Lovelace")
	for _, again := range []struct {
		by string
		do func()
	}{{"toast", func() { h.toast.undo.tapped() }}, {"Ctrl+Z", func() { h.menu("Undo") }}} {
		t.Run(again.by, func(t *testing.T) {
			h.list.choose(0)
			h.untilShown("Ada Lovelace")
			h.menu("Edit")
			h.press(fyne.KeyEscape)
			if h.toast.box.Visible() && h.toast.text.text == "What was typed is dropped" {
				t.Error("nothing was typed, and it is said that something is dropped")
			}
			h.menu("Edit")
			h.editor.title.SetText("Countess")
			h.press(fyne.KeyEscape)
			h.untilToast("What was typed is dropped")
			again.do()
			if !h.editing || h.editor.title.Text != "Countess" || !h.editor.dirty() || h.toast.box.Visible() {
				t.Fatalf("editing %v, %q", h.editing, h.editor.title.Text)
			}
			h.press(fyne.KeyEscape)
			h.untilToast("What was typed is dropped")
			h.toast.hide()
			h.menu("New Contact")
			h.editor.given.SetText("Grace")
			h.press(fyne.KeyEscape)
			h.untilToast("What was typed is dropped")
			again.do()
			if h.editor.id != "" || h.editor.given.Text != "Grace" {
				t.Errorf("the new contact: %q %q", h.editor.id, h.editor.given.Text)
			}
			h.press(fyne.KeyEscape)
			h.toast.hide()
		})
	}
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.menu("Edit")
	h.editor.title.SetText("Countess")
	h.press(fyne.KeyEscape)
	h.menu("Undo")
	h.save()
	h.untilToast("Ada Lovelace saved")
	h.until(t, "the title is stored", func() bool { return h.view.shown.Card.Title() == "Countess" })
}
