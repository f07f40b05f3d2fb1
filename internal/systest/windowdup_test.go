//go:build e2e

package systest

import (
	"fmt"
	"image"
	"testing"
)

// TestWindowMergesDuplicates looks through duplicates by keyboard, merges, takes it back, and says that two are not the same.
func TestWindowMergesDuplicates(t *testing.T) {
	srv, scr := newServer(t), newScreen(t)
	other := signedIn(t, "laptop", srv.url())
	first := other.ok("add", "--name", "Ada Lovelace", "--email", "ada@example.org", "--note", "Met in London")
	second := other.ok("add", "--name", "Ada Lovelace", "--email", "ada@example.org", "--phone", "+44 20 7946 0958")
	other.ok("add", "--name", "Bob Smith", "--email", "bob@example.com")
	other.ok("add", "--name", "Robert Smith", "--email", "bob@example.com", "--org", "Harbour")
	other.sync()
	w := scr.open(signedIn(t, "desk", srv.url()), 0)
	groups := image.Rect(207, 80, 528, 300)
	w.shows(listPane, "Ada Lovelace", "Robert Smith")

	w.keys("ctrl+7")
	w.shows(groups, "Ada Lovelace", "Same e-mail")
	w.shows(content, "Merge 2 contacts", "+44 20 7946 0958", "Met in London")
	w.shootOne("duplicates")
	w.keys("Return", "Return") // to the button, and there it is
	within(t, "the merge on the other device", func() (bool, string) {
		other.sync()
		l := other.list()
		return len(l) == 3, fmt.Sprint(l)
	})
	if c := other.show(first).Card; len(c.Phones()) != 1 || c.Note() != "Met in London" {
		t.Errorf("merged: %s", c.JSON())
	}
	w.shows(content, "merged into Ada Lovelace", "Undo")
	w.shows(groups, "Smith", "similar name") // the next lane that has something
	w.shootOne("duplicates-merged")
	w.keys("ctrl+z")
	within(t, "both back on the other device", func() (bool, string) {
		other.sync()
		l := other.list()
		return len(l) == 4, fmt.Sprint(l)
	})

	w.ok("distinct", first, second) // by another program: the window follows
	w.shows(content, "Merge 2 contacts", "Robert Smith")
	w.keys("Escape")
	w.shows(listPane, "Ada Lovelace", "Robert Smith")
	w.close()
	if got := agree(t, w.device, other); len(got) != 4 {
		t.Errorf("%d contacts at the end; want 4", len(got))
	}
}
