//go:build e2e

package systest

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"
)

// sidePane is the sidebar.
var sidePane = image.Rect(30, 30, 226, windowHeight-36)

// drag takes what is at one place of the window to another, as a hand does: pressed, moved, let go.
func (w *window) drag(x, y, toX, toY int) {
	w.t.Helper()
	w.front()
	at := func(x, y int) { w.screen.xdo("mousemove", "--window", w.id, fmt.Sprint(x), fmt.Sprint(y)) }
	at(x, y)
	w.screen.xdo("mousedown", "1")
	const steps = 8
	for i := 1; i <= steps; i++ {
		at(x+(toX-x)*i/steps, y+(toY-y)*i/steps)
	}
	w.screen.xdo("mouseup", "1")
}

// TestWindowOrganizes makes a label, puts contacts on it by dragging, and looks at the lists beside it.
func TestWindowOrganizes(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	d.ok("add", "--name", "Ada Lovelace")
	ada := d.list()[0].ID
	d.ok("set", ada, "birthday=--03-01")
	d.ok("add", "--name", "Ben Zander")
	w := scr.open(d, 0)
	w.shows(listPane, "Ada Lovelace", "Ben Zander")
	w.click(plusX, plusY)
	w.shows(dialog, "New label")
	w.write("Chess")
	w.keys("Return")
	w.shows(sidePane, "Chess")
	w.drag(400, 110, 90, plusY+38)
	within(t, "Ada is labelled", func() (bool, string) {
		v := d.field(ada, "/keywords/Chess")
		return v == "true", v
	})
	w.shows(toast, "Ada Lovelace labelled")
	w.shootOne("labels")
	w.click(90, plusY+38)
	w.shows(listPane, "1 contact")
	w.keys("ctrl+z", "ctrl+5")
	w.shows(listPane, "Ada Lovelace", "March 1")
	w.shootOne("birthdays")
	w.keys("ctrl+1")
	w.shows(listPane, "Ben Zander")

	// The label is given again, named otherwise, coloured, and deleted.
	w.keys("ctrl+y")
	within(t, "Ada is labelled again", func() (bool, string) { v := d.field(ada, "/keywords/Chess"); return v == "true", v })
	w.pressRight(sidePane, "Chess")
	w.press(whole, "Rename")
	w.shows(dialog, "Rename label")
	w.keys("ctrl+a")
	w.write("Go club")
	w.keys("Return")
	w.shows(sidePane, "Go club")
	within(t, "the card follows", func() (bool, string) { v := d.field(ada, "/keywords/Go club"); return v == "true", v })
	dot := func() color.RGBA { return w.picture().RGBAAt(32, plusY+38) }
	before := dot()
	w.pressRight(sidePane, "Go club")
	at := w.place(whole, "Colour")
	w.screen.xdo("mousemove", "--window", w.id, fmt.Sprint(at.X), fmt.Sprint(at.Y)) // its menu opens beside it
	w.shows(whole, "Ochre", "Indigo")
	w.shootOne("label-colours")
	other := "Red"
	if before.R > 150 && before.B < 120 {
		other = "Blue"
	}
	w.press(whole, other)
	within(t, "another colour", func() (bool, string) { c := dot(); return c != before, fmt.Sprint(c) })
	chosen := dot()
	w.pressRight(sidePane, "Go club")
	w.press(whole, "Delete Label")
	within(t, "no label", func() (bool, string) { v := d.field(ada, "/keywords"); return !strings.Contains(v, "Go club"), v })
	w.hides(sidePane, "Go club")
	w.keys("ctrl+z")
	w.shows(sidePane, "Go club")
	w.close()

	// The next start has the label, in the colour that was chosen, and the list of what was changed last.
	w = scr.open(d, 0)
	w.shows(sidePane, "Go club")
	within(t, "the chosen colour", func() (bool, string) { c := dot(); return c == chosen, fmt.Sprint(c, chosen) })
	d.ok("set", ada, "note=played 1850 at Ockham")
	w.keys("ctrl+6")
	w.shows(listPane, "Ada Lovelace")

	// A search goes over everything.
	w.keys("ctrl+1", "ctrl+f")
	w.write("ockh")
	w.shows(listPane, "1 match", "Ada Lovelace")
	w.keys("Return")
	w.shows(content, "played 1850 at Ockham")
	w.shootOne("found-in-note")
	w.close()
}

const plusX, plusY = 200, 216
