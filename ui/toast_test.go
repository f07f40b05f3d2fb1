package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// What a toast says is read whole beside what it offers, or above it, however long the names are.
func TestToastHasRoom(t *testing.T) {
	for _, width := range []float32{1280, 1000, 700, 420} {
		h := newHarness(t, person("Ada", "Lovelace"))
		h.w.win.Resize(fyne.NewSize(width, 660))
		for _, who := range []string{"Al", "Adaline Lovelace", "Maximiliane Oberhuber-Schw…"} {
			h.toast.showSteps("Undone: deleting "+who, "Undo the change of "+who, true, func() {}, func() {})
			text, offers := h.toast.text, []*link{h.toast.more, h.toast.undo}
			if width > 420 && text.Size().Width < text.MinSize().Width {
				t.Errorf("%v wide: %q has %v, and needs %v", width, text.text, text.Size().Width, text.MinSize().Width)
			}
			body := h.toast.body.Size()
			for _, o := range offers {
				at := h.app.Driver().AbsolutePositionForObject(o).Subtract(h.app.Driver().AbsolutePositionForObject(h.toast.body))
				if at.X < 0 || at.X+o.Size().Width-linkPad > body.Width-toastPadding/4 || at.Y+o.Size().Height > body.Height {
					t.Errorf("%v wide: %q stands at %v, %v large, in a toast of %v", width, who, at, o.Size(), body)
				}
			}
		}
	}
}
