//go:build e2e

package systest

import (
	"strings"
	"testing"
)

// TestWindowFields gives a contact a phone with a label of one's own and a relation, which the other contact then has, too.
func TestWindowFields(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	d.ok("add", "--name", "Ada Lovelace", "--phone", "+44 20 7946 0000")
	d.ok("add", "--name", "Ben Zander")
	all := d.list()
	ada, ben := all[0].ID, all[1].ID
	w := scr.open(d, 0)

	w.press(listPane, "Ada Lovelace")
	w.keys("ctrl+e")
	w.shows(content, "Save", "Cancel")
	w.press(content, "Other")
	w.press(whole, "Custom")
	w.write("Boat")
	w.press(content, "Add Field")
	w.press(whole, "Relation")
	w.shows(content, "Spouse")
	w.write("Ben")
	w.shootOne("edit-relation")
	w.press(content, "Ben Zander") // who it may be is offered below the name
	w.keys("ctrl+s")
	within(t, "the label", func() (bool, string) { v := d.field(ada, "/phones"); return strings.Contains(v, "Boat"), v })
	within(t, "the relation there", func() (bool, string) { v := d.field(ben, "/relatedTo"); return strings.Contains(v, ada), v })
	w.shows(content, "Boat", "Ben Zander", "Spouse")
	w.press(content, "Ben Zander")
	w.shows(content, "Ada Lovelace", "Spouse")
	w.close()
}
