//go:build e2e

package systest

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"kith/contact/picture"
)

// TestWindowTakesPhotos drops a file of contacts on the window, and gives a contact photos: one that is dropped and cut by dragging, and
// one that another program has copied.
func TestWindowTakesPhotos(t *testing.T) {
	scr := newScreen(t)
	d := newDevice(t, "desk")
	d.ok("add", "--name", "Ada Lovelace")
	ada := d.list()[0].ID
	folder := filepath.Dir(d.profile)
	book, photo, noise := filepath.Join(folder, "Böök & more.vcf"), filepath.Join(folder, "ada.png"), filepath.Join(folder, "noise.png")
	if err := os.WriteFile(book, []byte(fromPhone), 0o600); err != nil {
		t.Fatal(err)
	}
	drawPhoto(t, photo)
	drawNoise(t, noise)
	w := scr.open(d, 0)
	w.shows(listPane, "Ada Lovelace")

	w.dropFiles(400, 300, book)
	w.shows(sheetArea, "more.vcf", "3 new")
	w.shootOne("dropped")
	w.keys("Return")
	within(t, "three more contacts", func() (bool, string) { l := d.list(); return len(l) == 4, fmt.Sprint(l) })
	w.keys("Escape")

	// The picture is wider than high, and redder to its right: dragged to the left as far as it goes, its right side is what stays.
	w.press(listPane, "Ada Lovelace")
	w.shows(content, "Ada Lovelace", "Edit")
	w.dropFiles(800, 300, photo)
	preview := w.place(whole, "Preview")
	w.shootOne("dropped-photo")
	w.drag(preview.X-100, preview.Y+150, preview.X-340, preview.Y+150)
	w.press(whole, "Use")
	within(t, "a photo", func() (bool, string) { v := d.field(ada, "/media"); return v != "", v })
	cut := d.photo(ada)
	if left := cut.NRGBAAt(0, cut.Rect.Dy()/2); left.R < 45 || left.R > 55 {
		t.Errorf("the photo begins with %v; want what stands at a quarter of the picture's width: a red of 50", left)
	}

	// What is copied is large enough to come in parts.
	copying := scr.command(t.Context(), "xclip", "-quiet", "-selection", "clipboard", "-t", "image/png", "-i", noise)
	if err := copying.Start(); err != nil {
		t.Fatalf("start xclip (scripts/setup e2e installs it): %v", err)
	}
	defer func() { // it ends by itself once something else is copied
		_ = copying.Process.Kill()
		_ = copying.Wait()
	}()
	before := d.field(ada, "/media")
	w.click(584, 105)
	w.press(whole, "Paste Photo")
	w.shows(whole, "Choose the part to show", "Zoom")
	w.shootOne("pasted-photo")
	w.keys("Return")
	within(t, "another photo", func() (bool, string) { v := d.field(ada, "/media"); return v != before && v != "", v })

	w.click(584, 105)
	w.press(whole, "Remove Photo")
	within(t, "no photo", func() (bool, string) { v := d.field(ada, "/media"); return v == "", v })
	w.keys("ctrl+z")
	within(t, "the photo again", func() (bool, string) { v := d.field(ada, "/media"); return v != "", v })
	w.close()
}

// photo is a contact's photo.
func (d *device) photo(id string) *image.NRGBA {
	d.t.Helper()
	file := filepath.Join(d.t.TempDir(), "photo")
	d.ok("photo", id, "--export", file)
	b, err := os.ReadFile(file)
	if err != nil {
		d.t.Fatal(err)
	}
	img, err := picture.Decode(b, picture.Side)
	if err != nil {
		d.t.Fatal(err)
	}
	return img
}

// drawNoise writes a picture that no format makes small.
func drawNoise(t *testing.T, file string) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	img := image.NewNRGBA(image.Rect(0, 0, 1000, 1000))
	for i := range img.Pix {
		img.Pix[i] = uint8(random.Uint32())
		if i%4 == 3 {
			img.Pix[i] = 255
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
