//go:build e2e

package systest

import (
	"fmt"
	"testing"
)

// TestWindowDoes is what a hand does to contacts in a list: the menu of a row, several at once, and undo, step by step.
func TestWindowDoes(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	for _, name := range []string{"Ada Lovelace", "Ben Zander", "Cara Quinn", "Dora Diaz"} {
		d.ok("add", "--name", name)
	}
	w := scr.open(d, 0)
	w.shows(listPane, "Ada Lovelace", "Dora Diaz")

	// The menu of a row.
	w.pressRight(listPane, "Ada Lovelace")
	w.shootOne("context-menu")
	w.press(whole, "Add to Favourites")
	w.keys("ctrl+2")
	w.shows(listPane, "1 contact", "Ada Lovelace")

	// Several at once.
	w.keys("ctrl+1")
	w.press(listPane, "Ben Zander")
	w.keys("shift+Down", "shift+Down")
	w.shows(whole, "3 selected")
	w.shootOne("several")
	w.keys("Delete")
	w.shows(listPane, "1 contact")

	// Undo, step by step.
	w.press(listPane, "Ada Lovelace")
	w.keys("Delete")
	within(t, "the trash", func() (bool, string) { l := d.list("--trash"); return len(l) == 4, fmt.Sprint(l) })
	w.keys("ctrl+z")
	within(t, "one back", func() (bool, string) { l := d.list("--trash"); return len(l) == 3, fmt.Sprint(l) })
	w.keys("ctrl+z")
	within(t, "all back", func() (bool, string) { l := d.list(); return len(l) == 4, fmt.Sprint(l) })
	w.shows(toast, "Undo")
	w.shootOne("undo-steps")
	w.keys("ctrl+z")
	within(t, "the favourite too", func() (bool, string) {
		v := d.list()
		return len(v) == 4, fmt.Sprint(v)
	})

	w.keys("ctrl+question")
	w.shootOne("shortcuts")
	w.keys("Escape")

	// Emptying the trash.
	w.press(listPane, "Dora Diaz")
	w.keys("Delete", "ctrl+4")
	w.shows(listPane, "Dora Diaz")
	w.shootOne("trash")
	w.close()
}
