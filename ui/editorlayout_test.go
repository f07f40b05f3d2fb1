package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"kith/contact"
)

// A toast covers neither Cancel nor Save, whichever came first, the editor or the toast.
func TestToastLeavesSaveAlone(t *testing.T) {
	for _, width := range []float32{1000, 420} {
		h := newHarness(t, person("Ada", "Lovelace"))
		h.w.win.Resize(fyne.NewSize(width, 660))
		h.list.choose(0)
		h.untilShown("Ada Lovelace")
		free := func(when string) {
			t.Helper()
			toast := h.app.Driver().AbsolutePositionForObject(h.toast.body)
			bar := h.app.Driver().AbsolutePositionForObject(h.editor.bar)
			if bottom := toast.Y + h.toast.body.Size().Height; !h.toast.box.Visible() || bottom > bar.Y {
				t.Errorf("%v wide, %s: the toast ends at %v, the buttons begin at %v", width, when, bottom, bar.Y)
			}
		}
		h.toast.show("Copied", 0)
		resting := h.app.Driver().AbsolutePositionForObject(h.toast.body)
		rests := h.toast.body.Size().Height
		h.menu("Edit")
		free("the toast was there")
		h.toast.hide()
		h.toast.show("Saved", 1)
		free("the editor was there")
		h.press(fyne.KeyEscape)
		h.until(t, "the toast is down again", func() bool {
			return h.app.Driver().AbsolutePositionForObject(h.toast.body).Y+h.toast.body.Size().Height == resting.Y+rests
		})
	}
}

// In each width of the window a postcode is seen whole.
func TestPostcodeHasRoom(t *testing.T) {
	const longest = "SW1Y 4JH 00"
	for _, width := range []float32{1280, 1000, 700, 420} {
		h := newHarness(t, person("Ada", "Lovelace").WithAddresses([]contact.Address{{Street: "12 St James’s Square", Postcode: longest, Locality: "London", Kind: "private"}}))
		h.w.win.Resize(fyne.NewSize(width, 660))
		h.list.choose(0)
		h.untilShown("Ada Lovelace")
		h.menu("Edit")
		row := h.editor.addresses.rows[0]
		need := fyne.MeasureText(longest, theme.Size(theme.SizeNameText), fyne.TextStyle{}).Width + 2*theme.InnerPadding()
		if got := row.postcode.Size().Width; got < need {
			t.Errorf("in a window %v wide the postcode has %v, and needs %v", width, got, need)
		}
		if got := row.locality.Size().Width; got < row.postcode.Size().Width {
			t.Errorf("in a window %v wide the town has %v, less than the postcode", width, got)
		}
	}
}
