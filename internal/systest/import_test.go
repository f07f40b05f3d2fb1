//go:build e2e

package systest

import (
	"bufio"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/contact/contacttest"
	"kith/contact/vcard"
)

// sheetArea is where the import's dialog stands, whatever its height.
var sheetArea = image.Rect(190, 60, 910, 680)

// TestWindowImports brings ten thousand contacts in by the menu, looks before, stops in the middle, goes on, and takes all of it back.
func TestWindowImports(t *testing.T) {
	const cards = 10_000
	scr := newScreen(t)
	d := newDevice(t, "desk")
	file := filepath.Join(filepath.Dir(d.profile), "book.vcf")
	writeBook(t, file, cards)

	w := scr.open(d, 0)
	w.click(73, 14)
	w.shows(whole, "Import", "Export", "Print")
	w.keys("Escape")
	w.importing(file)
	w.shows(sheetArea, "book.vcf", "10,000 new", "1 can")
	w.shootOne("import-preview")
	if got := len(w.list()); got != 0 {
		t.Fatalf("%d contacts came in by the preview", got)
	}

	w.keys("Return")
	w.shows(sheetArea, "Importing")
	w.shootOne("importing")
	w.keys("Escape")
	within(t, "the dialog goes", func() (bool, string) {
		text := w.read(sheetArea)
		return !strings.Contains(text, "Importing"), text
	})
	in := len(w.list())
	if in%200 != 0 {
		t.Errorf("%d contacts are in; want whole batches", in)
	}

	w.importing(file)
	w.shows(sheetArea, "book.vcf", "already here")
	w.keys("Return")
	within(t, "all contacts are in", func() (bool, string) { n := len(w.list()); return n == cards, fmt.Sprint(n) })
	w.shows(listPane, "10,000")
	w.shootOne("imported")
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), "book.skipped.vcf")); err != nil {
		t.Errorf("what is broken is not kept: %v", err)
	}

	// The same file again changes nothing.
	w.importing(file)
	w.shows(sheetArea, "Everything is already here")
	w.keys("Escape")

	// Each import is one undo.
	for left := len(w.list()); left > 0; left = len(w.list()) {
		w.ok("undo")
	}
	w.shows(listPane, "empty")
	w.close()
	if out := d.ok("check"); !strings.HasPrefix(out, "Sound") {
		t.Errorf("check = %q", out)
	}
}

// importing opens the dialog and names a file in it.
func (w *window) importing(file string) {
	w.t.Helper()
	w.keys("ctrl+o")
	w.shows(sheetArea, "Import contacts", "Browse")
	w.write(file)
	w.keys("Return")
}

// writeBook is a file of good cards with a broken one at the end.
func writeBook(t *testing.T, file string, cards int) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	buffered := bufio.NewWriter(f)
	out := vcard.NewWriter(buffered, vcard.V40)
	for i := range cards {
		if err := out.Write(contacttest.Realistic(4, i)); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Fprint(buffered, "BEGIN:VCARD\r\nno property\r\nEND:VCARD\r\n")
	if err := buffered.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
