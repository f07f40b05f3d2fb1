//go:build e2e

package systest

import (
	"fmt"
	"image"
	"strings"
	"testing"
)

// TestWindowByKeyboard is a walk without the pointer: a contact is made, found, edited, deleted and brought back.
func TestWindowByKeyboard(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	d.ok("add", "--name", "Ada Lovelace")
	d.ok("add", "--name", "Ben Zander")
	w := scr.open(d, 0)
	w.shows(listPane, "Ada Lovelace", "Ben Zander")

	w.keys("ctrl+n")
	w.shows(content, "Save")
	w.write("Zoe")
	w.keys("Tab")
	w.write("Quill")
	w.keys("ctrl+s")
	w.shows(listPane, "3 contacts", "Zoe Quill")

	w.keys("ctrl+f")
	w.write("ben")
	w.shows(listPane, "1 match", "Ben Zander")
	w.keys("Return")
	w.shows(content, "Ben Zander", "Edit")
	w.keys("ctrl+e")
	w.shows(content, "Save")
	w.keys("End")
	w.write("jamin")
	w.keys("ctrl+s")
	w.shows(content, "Benjamin Zander", "Edit")

	w.keys("ctrl+f", "Escape")
	w.shows(listPane, "3 contacts")
	w.keys("Down", "Down")
	w.shootOne("keyboard")
	w.keys("Delete")
	within(t, "one in the trash", func() (bool, string) { l := d.list("--trash"); return len(l) == 1, fmt.Sprint(l) })
	w.keys("ctrl+z")
	within(t, "three again", func() (bool, string) { l := d.list(); return len(l) == 3, fmt.Sprint(l) })

	// The order of the list, by the menu bar.
	w.orders("Sort by Family Name", "Ada Lovelace", "Zoe Quill", "Benjamin Zander")
	w.orders("Sort by Name", "Ada Lovelace", "Benjamin Zander", "Zoe Quill")
	w.close()
}

// orders chooses an order of the list, and waits until the names stand in it.
func (w *window) orders(order string, names ...string) {
	w.t.Helper()
	w.press(menuBar, "View")
	w.press(whole, order)
	within(w.t, order, func() (bool, string) {
		text := w.read(listPane)
		at := -1
		for _, n := range names {
			next := strings.Index(withoutBlanks(text), withoutBlanks(n))
			if next <= at {
				return false, text
			}
			at = next
		}
		return true, text
	})
}

var menuBar = image.Rect(0, 0, windowWidth, 28)

// TestWindowComesForward: a second start of a profile brings its window to the front, and ends.
func TestWindowComesForward(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	d.ok("add", "--name", "Ada Lovelace")
	w, over := scr.open(d, 0), scr.open(newDevice(t, "other"), 100)
	over.front()
	active := func(id string) func() (bool, string) {
		return func() (bool, string) {
			is, _ := scr.command(t.Context(), "xdotool", "getactivewindow").CombinedOutput() // between two windows none is
			return strings.TrimSpace(string(is)) == id, string(is)
		}
	}
	within(t, "the other window is in front", active(over.id))
	again := scr.kith(d)
	if out, _ := again.CombinedOutput(); again.ProcessState.ExitCode() != 1 || !strings.Contains(string(out), "in use by another window") {
		t.Fatalf("the second start: %v\n%s", again.ProcessState, out)
	}
	within(t, "the first window is in front", active(w.id))
	w.shows(listPane, "Ada Lovelace")
	w.close()
	over.close()
}

// TestWindowNarrows: three panes, two, and one, in which a contact takes the list's place and gives it back.
func TestWindowNarrows(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	d.ok("add", "--name", "Ada Lovelace", "--email", "ada@example.org")
	d.ok("add", "--name", "Ben Zander")
	w := scr.open(d, 0)
	w.shows(whole, "All contacts", "Ada Lovelace")
	w.press(listPane, "Ada Lovelace")
	w.shows(content, "ada@example.org")

	w.resize(760, windowHeight)
	names := image.Rect(64, 80, 315, 640) // beside the faces, which the reader takes for letters
	w.shows(names, "Ada Lovelace", "Ben Zander")
	w.shows(image.Rect(320, 30, 760, 640), "ada@example.org", "Edit")
	w.shootOne("two-panes")

	w.resize(420, windowHeight)
	one := image.Rect(0, 30, 420, 640)
	w.shows(one, "ada@example.org", "Edit")
	w.keys("Escape")
	w.shows(names, "Ada Lovelace", "Ben Zander")
	w.shootOne("one-pane")
	w.press(names, "Ben Zander")
	w.shows(one, "Ben Zander", "Edit")
	w.hides(one, "Ada Lovelace")

	w.resize(windowWidth, windowHeight)
	w.shows(whole, "All contacts", "Ada Lovelace", "Ben Zander")
	w.close()
}

// hides waits until a part of the window does not show a text.
func (w *window) hides(part image.Rectangle, text string) {
	w.t.Helper()
	within(w.t, fmt.Sprintf("%s: %q is not shown", w.name, text), func() (bool, string) {
		seen := w.read(part)
		return !strings.Contains(withoutBlanks(seen), withoutBlanks(text)), seen
	})
}
