//go:build e2e

package systest

import (
	"fmt"
	"image"
	"testing"
)

// TestWindowSteps takes back what a hand has done, several steps deep, by the toast and by keys, and does it again; the steps outlive the
// program.
func TestWindowSteps(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	id := d.ok("add", "--name", "Ada Lovelace")
	d.ok("add", "--name", "Ben Zander")
	w := scr.open(d, 0)
	is := func(name, star string, trash int) {
		t.Helper()
		within(t, fmt.Sprintf("%q, starred %q, %d in the trash", name, star, trash), func() (bool, string) {
			n, s, l := d.show(id).Card.DisplayName(), d.field(id, "/keywords/starred"), len(d.list("--trash"))
			return n == name && s == star && l == trash, fmt.Sprint(n, s, l)
		})
	}
	w.press(listPane, "Ada Lovelace")
	w.shows(content, "Ada Lovelace")
	w.keys("ctrl+d")
	is("Ada Lovelace", "true", 0)
	w.edit("End")
	w.write("line")
	w.keys("ctrl+s")
	is("Adaline Lovelace", "true", 0)
	w.shows(content, "Adaline Lovelace", "History")
	w.keys("Delete")
	is("Adaline Lovelace", "true", 1)

	// By the toast: each step offers the next by its name, and the way forth.
	w.shows(toast, "Undo")
	w.press(toast, "Undo")
	is("Adaline Lovelace", "true", 0)
	w.shootOne("undo-toast")
	w.shows(toast, "Undone: deleting Adaline", "Undo the change of", "Redo")
	w.press(toast, "Undo the change")
	is("Ada Lovelace", "true", 0)
	w.shows(toast, "Undone: the change of")
	w.press(toast, "Redo")
	is("Adaline Lovelace", "true", 0)

	// By keys, to the beginning and to the end.
	w.keys("ctrl+z", "ctrl+z")
	is("Ada Lovelace", "", 0)
	w.keys("ctrl+y")
	is("Ada Lovelace", "true", 0)
	w.keys("ctrl+shift+z", "ctrl+y")
	is("Adaline Lovelace", "true", 1)
	w.close()

	// The next start knows the way back.
	w = scr.open(d, 0)
	w.shows(listPane, "Ben Zander")
	w.keys("ctrl+z", "ctrl+z", "ctrl+z")
	is("Ada Lovelace", "", 0)
	w.shows(listPane, "Ada Lovelace", "Ben Zander")
	w.close()
}

// TestWindowRowMenu does by the menus of a row and of a contact what they offer: edit, QR code, favourite and back, labels, export and
// trash; and deletes one for good.
func TestWindowRowMenu(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	id := d.ok("add", "--name", "Ada Lovelace", "--phone", "+44 20 7946 0000")
	ben := d.ok("add", "--name", "Ben Zander")
	w := scr.open(d, 0)
	choose := func(name, line string) {
		t.Helper()
		w.pressRight(listPane, name)
		w.press(whole, line)
	}
	field := func(what, field, want string) {
		t.Helper()
		within(t, what, func() (bool, string) { v := d.field(id, field); return v == want, v })
	}
	choose("Ada Lovelace", "QR Code")
	w.shows(whole, "Point a phone")
	w.shootOne("qr")
	w.keys("Escape")
	choose("Ada Lovelace", "Add to Favourites")
	field("a favourite", "/keywords/starred", "true")
	choose("Ada Lovelace", "Remove from Favourites")
	field("no favourite", "/keywords/starred", "")
	choose("Ada Lovelace", "Labels")
	w.press(whole, "New Label")
	w.shows(dialog, "New label")
	w.write("Chess")
	w.keys("Return")
	field("the label", "/keywords/Chess", "true")
	choose("Ada Lovelace", "Labels")
	w.place(whole, "New Label")
	w.press(image.Rect(230, 60, 530, 400), "Chess") // between the sidebar and the contact, which have it too
	field("no label", "/keywords/Chess", "")
	choose("Ada Lovelace", "Edit")
	w.shows(content, "Save", "Cancel")
	w.keys("Escape")
	choose("Ben Zander", "Move to Trash")
	within(t, "one in the trash", func() (bool, string) { l := d.list("--trash"); return len(l) == 1 && l[0].ID == ben, fmt.Sprint(l) })

	// What is deleted for good is asked about first, and is gone.
	w.keys("ctrl+4")
	choose("Ben Zander", "Delete for Good")
	w.shows(whole, "for good", "Cancel")
	w.keys("Escape")
	if l := d.list("--trash"); len(l) != 1 {
		t.Errorf("in the trash after Cancel: %v", l)
	}
	choose("Ben Zander", "Delete for Good")
	w.shows(whole, "for good", "Cancel")
	w.keys("Tab", "Return")
	within(t, "nothing in the trash", func() (bool, string) { l := d.list("--trash"); return len(l) == 0, fmt.Sprint(l) })
	w.close()
}

// TestWindowDrafts: an edit that was begun outlives the program; given up, it changes nothing and does not come back; and without a change
// there is nothing to save.
func TestWindowDrafts(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	id := d.ok("add", "--name", "Ada Lovelace", "--note", "Countess")
	w := scr.open(d, 0)
	w.press(listPane, "Ada Lovelace")
	w.shows(content, "Countess")
	w.edit("End")
	idle := w.picture()
	button := image.Rect(windowWidth-130, windowHeight-90, windowWidth-10, windowHeight-36)
	w.keys("ctrl+s") // nothing has changed: nothing is saved
	w.write("line")
	within(t, "the button that saves", func() (bool, string) { n := changed(idle, w.picture(), button); return n > 200, fmt.Sprint(n) })
	within(t, "the draft is on the disk", func() (bool, string) { return draftHolds(t, d, "Adaline"), "no draft" })
	if h := d.show(id); h.Card.DisplayName() != "Ada Lovelace" {
		t.Errorf("saved without being asked: %s", h.Card.JSON())
	}
	w.kill()

	w = scr.open(d, 0)
	w.shootOne("draft-of-an-edit")
	w.shows(content, "not saved when Kith last ended")
	w.keys("Escape")
	w.shows(content, "Ada Lovelace", "History")
	within(t, "no draft", func() (bool, string) { return !draftHolds(t, d, "Adaline"), "a draft" })
	w.kill()

	w = scr.open(d, 0)
	w.press(listPane, "Ada Lovelace")
	w.shows(content, "Ada Lovelace", "History", "Countess")
	w.close()
	if out := d.ok("check"); d.field(id, "name") != "Ada Lovelace" {
		t.Errorf("%s; %s", d.field(id, "name"), out)
	}
}
