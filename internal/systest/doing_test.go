//go:build e2e

package systest

import (
	"database/sql"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWindowDoes is what a hand does to contacts in a list: the menu of a row, several at once, and undo, step by step.
func TestWindowDoes(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	for _, name := range []string{"Ada Lovelace", "Ben Zander", "Cara Quinn", "Dora Diaz"} {
		d.ok("add", "--name", name)
	}
	ada := d.list()[0].ID
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
	within(t, "the favourite too", func() (bool, string) { v := d.field(ada, "/keywords/starred"); return v == "", v })

	w.keys("ctrl+question")
	w.shows(whole, "New contact", "Undo, redo")
	w.shootOne("shortcuts")
	w.keys("Escape")

	// The end of the trash.
	w.press(listPane, "Dora Diaz")
	w.keys("Delete", "ctrl+4")
	w.shows(listPane, "Dora Diaz", "30 days left")
	w.shootOne("trash")
	w.press(whole, "Empty Trash")
	w.shows(whole, "for good")
	w.shootOne("empty-trash")
	w.keys("Tab", "Return")
	within(t, "nothing in the trash", func() (bool, string) { l := d.list("--trash"); return len(l) == 0, fmt.Sprint(l) })
	w.shows(listPane, "trash is empty")

	// The small window for searching.
	w.keys("ctrl+1", "ctrl+shift+f")
	within(t, "a second window", func() (bool, string) {
		out, _ := scr.command(t.Context(), "xdotool", "search", "--all", "--onlyvisible", "--pid", fmt.Sprint(w.cmd.Process.Pid), "--name", ".").Output()
		return len(strings.Fields(string(out))) == 2, string(out)
	})
	scr.shoot("quick-search")
	scr.xdo("type", "--delay", "20", "cara")
	scr.xdo("key", "--delay", "40", "Return")
	w.shows(content, "Cara Quinn")
	w.close()
}

// TestWindowEdits fills in what the editor offers, kills the program in the middle, and finds it all again.
func TestWindowEdits(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	d.ok("add", "--name", "Ada Lovelace")
	d.ok("add", "--name", "Ben Zander")
	ada := d.list()[0].ID
	photo := filepath.Join(filepath.Dir(d.profile), "ada.png")
	drawPhoto(t, photo)
	w := scr.open(d, 0)

	// A phone.
	w.press(listPane, "Ada Lovelace")
	w.keys("ctrl+e")
	w.shows(content, "Save", "Cancel")
	w.press(content, "Phone")
	w.write("none")
	w.keys("ctrl+s") // what is wrong is said beside the field, and nothing is saved
	w.shows(content, "A phone number has digits")
	w.shootOne("edit-wrong")
	w.keys("ctrl+a")
	w.write("+44 20 7946 0000")
	w.shootOne("edit-phone")
	w.keys("ctrl+s")
	within(t, "the number", func() (bool, string) { v := d.field(ada, "phone"); return v == "+44 20 7946 0000", v })
	w.shows(content, "+44 20 7946 0000")
	w.shootOne("edited")

	// A photo by a path that was copied.
	w.keys("ctrl+f")
	w.write(photo)
	w.keys("ctrl+a", "ctrl+x")
	w.press(listPane, "Ada Lovelace")
	w.click(584, 105)
	w.press(whole, "Paste Photo")
	w.shows(whole, "Choose the part to show", "Zoom")
	w.shootOne("crop")
	w.keys("plus", "plus", "Return")
	within(t, "Ada's photo", func() (bool, string) { v := d.field(ada, "/media"); return v != "", v })
	w.shootOne("photo")

	// A step of the history is taken back.
	w.press(content, "History")
	w.shows(content, "Added", "Take Back")
	w.shootOne("history")
	w.press(content, "Take Back") // the last one that is shown: the number
	within(t, "no number", func() (bool, string) { v := d.field(ada, "phone"); return v == "", v })

	// And the contact as it was at first.
	w.place(content, "Restore this") // the last one, below
	w.shootOne("versions")
	w.press(content, "Restore this")
	within(t, "no photo either", func() (bool, string) { v := d.field(ada, "/media"); return v == "", v })
	w.keys("ctrl+z")
	within(t, "the photo again", func() (bool, string) { v := d.field(ada, "/media"); return v != "", v })

	// What is typed outlives the program.
	w.kill()
	w = scr.open(d, 0)
	w.keys("ctrl+n")
	w.shows(content, "Save")
	w.write("Grace")
	within(t, "the draft is on the disk", func() (bool, string) { return draftHolds(t, d, "Grace"), "no draft" })
	w.kill()
	w = scr.open(d, 0)
	w.shows(content, "not saved when Kith last ended")
	w.shootOne("draft")
	w.keys("ctrl+s")
	w.find("Grace", func(*device, string) bool { return true })
	w.close()
}

// TestWindowSettings: what is chosen is there at once, or as it says after the next start, and is remembered; so is where the window was,
// and how large.
func TestWindowSettings(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	d.ok("add", "--name", "Ada Lovelace")
	ben := d.ok("add", "--name", "Ben Zander")
	atLogin := filepath.Join(filepath.Dir(d.profile), "autostart", "org.kith.Kith.desktop")
	w := scr.open(d, 0)
	w.press(menuBar, "Help")
	w.press(whole, "About Kith")
	w.shows(whole, "SQLite")
	w.shootOne("about")
	w.keys("Escape")

	// The order of the last change.
	d.ok("set", ben, "note=changed")
	w.orders("Last", "Ben Zander", "Ada Lovelace")
	d.ok("set", d.list()[0].ID, "note=changed later")
	w.orders("Last", "Ada Lovelace", "Ben Zander")

	small := w.box(listPane, "Lovelace")
	w.keys("ctrl+comma")
	w.press(whole, "Start when")
	within(t, "an entry among what starts at login", func() (bool, string) {
		entry, err := os.ReadFile(atLogin)
		return strings.Contains(string(entry), "Exec=\"") && strings.Contains(string(entry), "kith"), fmt.Sprint(string(entry), err)
	})
	w.press(whole, "Start when")
	within(t, "no such entry", func() (bool, string) { _, err := os.Stat(atLogin); return os.IsNotExist(err), fmt.Sprint(err) })
	w.press(looks, "As the system")
	w.press(whole, "Light")
	w.press(image.Rect(470, 180, 640, 640), "Normal") // the text's size
	w.press(whole, "Larger")
	w.shootOne("settings-light")
	w.keys("Escape")
	w.isLight()
	w.larger(small)

	w.resize(980, 640)
	scr.xdo("windowmove", w.id, "320", "70")
	moved := w.at()
	w.close()
	d.setting("ui.language", "de")
	w = scr.start(d)
	w.drawn()
	within(t, "the window where it was, as large as it was", func() (bool, string) {
		at, size := w.at(), w.picture().Bounds().Size()
		return at == moved && size == image.Pt(980, 640), fmt.Sprint(at, size, " want ", moved)
	})
	w.larger(small)
	w.shows(whole, "Alle Kontakte", "Papierkorb")
	w.press(menuBar, "Hilfe")
	w.press(whole, "Tastatur")
	w.shows(whole, "Neuer Kontakt")
	w.shootOne("keys-german")
	w.keys("Escape")
	w.close()
}

// larger waits until the first name of the list is drawn larger than it was.
func (w *window) larger(than image.Rectangle) {
	w.t.Helper()
	within(w.t, w.name+": larger text", func() (bool, string) {
		box := w.box(listPane, "Lovelace")
		return box.Dx()*5 > than.Dx()*6, fmt.Sprint(box, than)
	})
}

// isLight waits until the window is drawn in the light theme.
func (w *window) isLight() {
	w.t.Helper()
	within(w.t, w.name+": a light window", func() (bool, string) {
		c := w.picture().RGBAAt(windowWidth-20, windowHeight/2)
		return c.R > 200 && c.G > 200 && c.B > 200, fmt.Sprint(c)
	})
}

// drawPhoto writes a picture with a bright middle.
func drawPhoto(t *testing.T, file string) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 800, 600))
	for y := range 600 {
		for x := range 800 {
			img.SetRGBA(x, y, color.RGBA{uint8(x / 4), uint8(y / 3), 140, 255})
		}
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(png.Encode(f, img), f.Close()); err != nil {
		t.Fatal(err)
	}
}

// draftHolds says whether the profile's draft holds a text.
func draftHolds(t *testing.T, d *device, text string) bool {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.profile, "kith.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var card string
	return db.QueryRowContext(t.Context(), "SELECT to_card FROM draft").Scan(&card) == nil && strings.Contains(card, text)
}
