//go:build e2e

package systest

import (
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/data"
)

// TestPictures takes the pictures of the docs (make screenshots): the real window on a book of believable people that syncs with a real
// server, in light and dark, wide and narrow.
func TestPictures(t *testing.T) {
	if os.Getenv("KITH_SCREENSHOTS") == "" {
		t.Setenv("KITH_SCREENSHOTS", t.TempDir())
	}
	srv, scr := newServer(t), newScreen(t)
	d := newPeople(t, srv.url())
	for _, theme := range []string{"light", "dark"} {
		d.setting("ui.theme", theme)
		w := scr.open(d, 0)
		w.pictures(theme)
		w.close()
		empty := newDevice(t, "empty")
		empty.setting("ui.theme", theme)
		w = scr.open(empty, 0)
		w.shows(listPane, "Your address book is empty")
		w.still("empty-" + theme)
		w.close()
	}
	d.setting("ui.theme", "light")
	d.setting("ui.text", "1.3")
	w := scr.open(d, 0)
	w.show("Mariana Costa", "Santa Clara")
	w.still("large-text")
	w.close()
}

// newPeople makes the device of the pictures: the people of testdata, some with photos, one edited by two devices, two in the trash.
func newPeople(t *testing.T, url string) *device {
	t.Helper()
	d, other := signedIn(t, "laptop", url), signedIn(t, "desk", url)
	d.ok("import", "testdata/people.vcf")
	id := map[string]string{}
	for _, c := range d.list() {
		id[c.Name] = c.ID
	}
	of := func(name string) string {
		t.Helper()
		for full, id := range id {
			if strings.Contains(full, name) {
				return id
			}
		}
		t.Fatalf("no %s among %v", name, id)
		return ""
	}
	for _, name := range []string{"Mariana", "Layla", "Ingrid", "Lucía", "Katya", "Nora", "Niamh", "Chidi", "Giulia"} {
		file := filepath.Join(t.TempDir(), "photo.png")
		portrait(t, file, name)
		d.ok("photo", of(name), file)
	}
	for _, name := range []string{"Mariana", "Katya", "Niamh"} {
		d.ok("set", of(name), "/keywords/starred=true")
	}
	d.ok("rm", of("Pieter"))
	d.ok("rm", of("Minh"))
	d.sync()
	d.ok("strategy", "ask")
	other.sync()
	other.ok("set", of("Chidi"), "phone=+234 803 555 0188", "title=Lead Engineer")
	other.sync()
	d.ok("set", of("Chidi"), "phone=+234 803 555 0199", "title=Head of Robotics")
	d.must(conflicts, "sync")
	return d
}

// setting stores a setting of the window, which is closed.
func (d *device) setting(key, value string) {
	d.t.Helper()
	d.store(func(s *data.Store) {
		if err := s.SetSetting(d.t.Context(), key, value); err != nil {
			d.t.Fatal(err)
		}
	})
}

// pictures goes through the views.
func (w *window) pictures(theme string) {
	w.t.Helper()
	w.shows(listPane, "27 contacts")
	w.shows(statusBar, "1 conflict")
	w.still("list-" + theme)
	w.show("Mariana Costa", "Santa Clara")
	w.still("contact-" + theme)
	w.keys("ctrl+e")
	w.shows(content, "Save", "Cancel")
	w.still("edit-" + theme)
	w.keys("Escape")

	w.keys("ctrl+f", "ctrl+a")
	w.write("nor")
	w.shows(listPane, "matches")
	w.still("search-" + theme)
	w.keys("ctrl+a", "BackSpace")

	w.keys("ctrl+j")
	w.shows(content, "Keep Mine")
	w.still("conflict-" + theme)
	w.keys("ctrl+4")
	w.shows(listPane, "Pieter")
	w.keys("Down")
	w.shows(content, "In the trash since")
	w.still("trash-" + theme)
	w.keys("ctrl+5")
	w.shows(listPane, "November")
	w.still("birthdays-" + theme)
	w.keys("ctrl+7")
	w.shows(content, "Merge 2 contacts")
	w.still("duplicates-" + theme)
	w.keys("ctrl+1")
	w.shows(listPane, "27 contacts")

	w.keys("ctrl+comma")
	w.shows(settings, "two devices edit the same contact")
	w.still("settings-" + theme)
	w.keys("Escape")
	w.keys("ctrl+slash")
	w.shows(whole, "Keyboard", "Merge the selected")
	w.still("keyboard-" + theme)
	w.keys("Escape")
	file := filepath.Join(filepath.Dir(w.profile), "From my phone.vcf")
	if err := os.WriteFile(file, []byte(fromPhone), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.importing(file)
	w.shows(sheetArea, "new", "One Undo")
	w.still("import-" + theme)
	w.keys("Escape")

	w.show("Mariana Costa", "Santa Clara")
	w.resize(800, windowHeight)
	w.still("two-panes-" + theme)
	w.resize(420, windowHeight)
	w.still("one-pane-list-" + theme)
	w.keys("Down", "Return")
	w.shows(image.Rect(0, 30, 420, windowHeight-36), "Edit", "Mail")
	w.still("one-pane-" + theme)
	w.resize(windowWidth, windowHeight)
}

// fromPhone is what a phone writes: without ids, and one of its people is here already (Duplicates shows that after the import).
var fromPhone = strings.ReplaceAll(`BEGIN:VCARD
VERSION:3.0
FN:Samira Khan
N:Khan;Samira;;;
TEL;TYPE=CELL:+44 7700 900456
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Leif Holm
N:Holm;Leif;;;
EMAIL:leif@holm.example
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Omar Haddad
N:Haddad;Omar;;;
TEL;TYPE=CELL:+961 3 555 014
EMAIL;TYPE=WORK:omar@haddad.example
END:VCARD
`, "\n", "\r\n")

// show opens a contact by the search box, and waits until a text of it is seen.
func (w *window) show(name, text string) {
	w.t.Helper()
	w.keys("Escape", "ctrl+f", "ctrl+a")
	w.write(name)
	w.shows(listPane, "1 match")
	w.keys("Down")
	w.shows(content, text)
	w.keys("ctrl+f", "ctrl+a", "BackSpace")
}

func (w *window) resize(width, height int) {
	w.t.Helper()
	w.screen.xdo("windowsize", "--sync", w.id, fmt.Sprint(width), fmt.Sprint(height))
	within(w.t, fmt.Sprintf("a window of %d by %d", width, height), func() (bool, string) {
		size := w.picture().Bounds().Size()
		return size == image.Pt(width, height), fmt.Sprint(size)
	})
}

// still keeps a picture once the window has come to rest: twice the same, but for the cursor, which blinks.
func (w *window) still(name string) {
	w.t.Helper()
	const cursor = 120 // points
	last := w.picture()
	within(w.t, "a window at rest", func() (bool, string) {
		next := w.picture()
		n := changed(last, next, next.Bounds())
		last = next
		return n <= cursor, fmt.Sprint(n, " points have changed")
	})
	w.shootOne(name)
}
