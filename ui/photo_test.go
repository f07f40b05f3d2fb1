package ui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"kith/contact"
	"kith/contact/picture"
	"kith/ui/native"
)

// portrait is a picture of a face, as far as a test needs one: a bright disc on a dark ground, above the middle.
func portrait(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	cx, cy, r := w/2, h*2/5, min(w, h)/4
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 60, G: uint8(60 + 60*y/h), B: 110, A: 255}
			if dx, dy := x-cx, y-cy; dx*dx+dy*dy < r*r {
				c = color.NRGBA{R: 236, G: 200, B: 170, A: 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func pictureFile(t *testing.T, name string, img image.Image) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	f, err := os.Create(file)
	if err == nil {
		err = errors.Join(png.Encode(f, img), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestCropFrame(t *testing.T) {
	wide, tall := newCropFrame(image.Rect(0, 0, 400, 100)), newCropFrame(image.Rect(0, 0, 90, 300))
	tests := []struct {
		name string
		got  cropFrame
		want image.Rectangle
	}{
		{"in the middle of a wide picture", wide, image.Rect(150, 0, 250, 100)},
		{"a little above in a tall one", tall, image.Rect(0, 70, 90, 160)},
		{"moved", wide.moved(50, 10), image.Rect(200, 0, 300, 100)},
		{"moved no farther than the picture", wide.moved(1e6, 1e6), image.Rect(300, 0, 400, 100)},
		{"and back", wide.moved(-1e6, 0), image.Rect(0, 0, 100, 100)},
		{"nearer, about its middle", wide.sized(60), image.Rect(170, 20, 230, 80)},
		{"no smaller than a face can be seen", wide.sized(1), image.Rect(176, 26, 224, 74)},
		{"no larger than the picture", wide.sized(60).sized(1e6), image.Rect(150, 0, 250, 100)},
		{"larger at the edge", wide.sized(50).moved(1e6, 1e6).sized(100), image.Rect(300, 0, 400, 100)},
		{"by the slider", wide.zoomed(1), image.Rect(176, 26, 224, 74)},
		{"a picture too small to be cut", newCropFrame(image.Rect(0, 0, 20, 10)).sized(5), image.Rect(5, 0, 15, 10)},
	}
	for _, tt := range tests {
		if got := tt.got.rectangle(); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
		if z := tt.got.zoom(); z < 0 || z > 1 {
			t.Errorf("%s: zoom %v", tt.name, z)
		}
	}
}

func TestPastedPath(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"/home/ada/me.jpg", "/home/ada/me.jpg"},
		{"  '/home/ada/my photo.PNG'\n", "/home/ada/my photo.PNG"},
		{"file:///home/ada/my%20photo.webp", "/home/ada/my photo.webp"},
		{"x-special/nautilus-clipboard\ncopy\nfile:///home/ada/me.gif\n", "/home/ada/me.gif"},
		{"/home/ada/me.txt", ""},
		{"me.jpg", ""},
		{"https://example.org/me.jpg", ""},
		{"", ""},
	} {
		got, ok := pastedPath(tt.text)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q: %q, %v, want %q", tt.text, got, ok, tt.want)
		}
	}
}

func TestPictureProblem(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("%w (png: bad)", picture.ErrNotAPicture), "x.png is not a picture that Kith can read. Use a JPEG, PNG, GIF, WebP or BMP file."},
		{fmt.Errorf("%w: 9", picture.ErrTooLarge), "x.png is too large. Make a smaller picture of it first, of at most 50 million pixels."},
		{os.ErrNotExist, "There is no file x.png any more."},
		{os.ErrPermission, "You may not read x.png."},
		{errors.New("read x: is a directory"), "x.png can't be read: Read x: is a directory."},
	} {
		if got := pictureProblem("x.png", tt.err); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// A photo is chosen, cut, saved, seen in the head and in the list, and undone.
func TestPhotoOfTheShownContact(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.photoFile(pictureFile(t, "ada.png", portrait(900, 1200)))
	h.useCrop()
	h.untilToast("Photo saved")
	h.until(t, "the head shows the photo", func() bool { return h.view.face.photo.Visible() && h.view.face.circle.Hidden })
	h.until(t, "the row shows the photo", func() bool { return h.list.rowState(0).face != nil })
	c, err := h.store.Contact(h.Context(), h.view.shown.ID)
	if err != nil {
		t.Fatal(err)
	}
	p, _ := c.Card.Photo()
	blob, err := h.store.Blob(h.Context(), p.BlobID)
	if err != nil {
		t.Fatal(err)
	}
	img, err := picture.Decode(blob.Bytes, 5000)
	if err != nil || img.Bounds().Dx() != 900 || img.Bounds().Dy() != 900 {
		t.Errorf("the photo is %v, %v", img.Bounds(), err)
	}
	h.undo(1)
	h.until(t, "the head shows initials again", func() bool { return !h.view.face.photo.Visible() && !h.view.face.circle.Hidden })
	h.takePhoto(h.photoOwner(), nil, nil)
	h.untilToast("Photo removed")
}

// useCrop waits for the view in which a picture is cut, and takes what it offers.
func (h *harness) useCrop() {
	h.Helper()
	h.until(h.T, "the picture can be cut", func() bool { return h.dialogs.open != nil })
	use := find(h.dialogs.open.Content, func(o fyne.CanvasObject) bool {
		b, ok := o.(*button)
		return ok && b.Text == "Use Photo"
	})
	use.(*button).OnTapped()
	h.until(h.T, "the dialog is gone", func() bool { return h.dialogs.open == nil })
}

// find returns the first object below o for which is is true; nil: there is none.
func find(o fyne.CanvasObject, is func(fyne.CanvasObject) bool) fyne.CanvasObject {
	if i := slices.IndexFunc(descendants(o), is); i >= 0 {
		return descendants(o)[i]
	}
	return nil
}

// In the editor, a photo is a part of the edit: Save saves it, Cancel drops it.
func TestPhotoInTheEditor(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	file := pictureFile(t, "ada.png", portrait(300, 200))
	h.menu("Edit")
	if !h.editor.save.Disabled() {
		t.Error("Save before anything has changed")
	}
	h.photoFile(file)
	h.useCrop()
	h.until(t, "the editor shows the photo", func() bool { return h.editor.face.photo.Visible() })
	if h.editor.save.Disabled() {
		t.Error("Save rests though the photo has changed")
	}
	h.press(fyne.KeyEscape)
	h.untilShown("Ada Lovelace")
	if h.hasPhoto() {
		t.Error("a cancelled photo was saved")
	}
	h.menu("Edit")
	h.photoFile(file)
	h.useCrop()
	h.until(t, "the editor shows the photo", func() bool { return h.editor.face.photo.Visible() })
	h.menu("Save")
	h.untilToast("Ada Lovelace saved")
	h.until(t, "the head shows the photo", func() bool { return h.view.face.photo.Visible() })
	h.menu("Edit")
	h.takePhoto(h.photoOwner(), nil, nil)
	h.menu("Save")
	h.until(t, "the photo is gone", func() bool { return !h.editing && !h.view.face.photo.Visible() && !h.hasPhoto() })
}

func TestPhotoThatIsNone(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	file := filepath.Join(t.TempDir(), "broken.jpg")
	if err := os.WriteFile(file, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.photoFile(file)
	h.untilToast("broken.jpg is not a picture that Kith can read. Use a JPEG, PNG, GIF, WebP or BMP file.")
	copied := []byte("no picture either")
	var problem error
	h.copiedPicture = func(context.Context, int) ([]byte, error) { return copied, problem }
	for _, tt := range []struct {
		problem error
		want    string
	}{
		{native.ErrNoPicture, "There is no picture in the clipboard. Copy one, or a picture's file or its path, then paste again."},
		{native.ErrUnsupported, "Kith can paste a copied file or its path, not a picture itself: save it as a file first"},
		{nil, "The copied picture can't be used. Save it as a JPEG or PNG file of at most 50 million pixels, and choose that."},
	} {
		problem = tt.problem
		h.app.Clipboard().SetContent("a poem")
		h.pastePhoto()
		h.untilToast(tt.want)
	}
	h.app.Clipboard().SetContent("file://" + file)
	h.pastePhoto()
	h.untilToast("broken.jpg is not a picture that Kith can read. Use a JPEG, PNG, GIF, WebP or BMP file.")
}

// What another program has copied, as a picture and not as a file, becomes the photo.
func TestPhotoPasted(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	file := pictureFile(t, "ada.png", portrait(300, 200))
	h.copiedPicture = func(context.Context, int) ([]byte, error) { return os.ReadFile(file) }
	h.app.Clipboard().SetContent("")
	h.pastePhoto()
	h.useCrop()
	h.untilToast("Photo saved")
	h.until(t, "the photo is there", func() bool { return h.hasPhoto() })
}

func TestPhotoDropped(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	file := storage.NewFileURI(pictureFile(t, "ada.png", portrait(300, 200)))
	onContact := h.app.Driver().AbsolutePositionForObject(h.detail).AddXY(50, 50)
	h.dropped(onContact, []fyne.URI{file})
	h.untilToast("Drop a picture on an open contact to give it that photo")
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.dropped(fyne.NewPos(5, 100), []fyne.URI{file})
	h.untilToast("Drop a picture on an open contact to give it that photo")
	h.dropped(onContact, []fyne.URI{file, file})
	h.untilToast("Drop one picture")
	h.dropped(onContact, []fyne.URI{file})
	h.useCrop()
	h.untilToast("Photo saved")
}

// A photo that is on its way is asked for again when something has come; the cache stays within its bounds.
func TestFaces(t *testing.T) {
	l := newLoop()
	bg := l.background(t)
	defer bg.stop()
	here := false
	asked := 0
	small, err := picture.Thumbnail(mustEncode(t, portrait(40, 40)), 32)
	if err != nil {
		t.Fatal(err)
	}
	ready := 0
	f := newFaces(bg, func(context.Context, string, int) ([]byte, error) {
		asked++
		if !here {
			return nil, contact.ErrNoBlob
		}
		return small, nil
	}, func() { ready++ })
	if f.get("", 32) != nil || f.get("a", 32) != nil {
		t.Error("a photo at once")
	}
	l.until(t, "it was asked for", func() bool { return ready == 1 })
	f.get("a", 32)
	if here = true; f.get("a", 32) != nil || asked != 1 {
		t.Errorf("asked %d times for what is not there", asked)
	}
	f.outdate()
	f.get("a", 32)
	l.until(t, "it is here", func() bool { return f.get("a", 32) != nil })
	for i := range 3 * facesKept {
		key := fmt.Sprint(i)
		f.get(key, 32)
		l.until(t, key+" is here", func() bool { return f.get(key, 32) != nil })
	}
	if len(f.kept) != facesKept || f.recent.Len() != facesKept || f.get("a", 32) != nil {
		t.Errorf("%d kept", len(f.kept))
	}
}

func mustEncode(t *testing.T, img image.Image) []byte {
	t.Helper()
	_, b, err := picture.Encode(img)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A picture that is read while another contact is opened is not offered to that one.
func TestPhotoIsForWhomItWasChosen(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"), person("Grace", "Hopper"))
	h.untilListed("Ada Lovelace", "Grace Hopper")
	h.list.choose(1)
	h.untilShown("Grace Hopper")
	var file bytes.Buffer
	if err := png.Encode(&file, portrait(300, 200)); err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	h.copiedPicture = func(context.Context, int) ([]byte, error) {
		<-read
		return file.Bytes(), nil
	}
	h.pastePhoto()
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	close(read)
	h.until(t, "the picture has been read", func() bool { return h.picturing.cancel == nil })
	if h.dialogs.open != nil {
		t.Error("the picture is offered to another contact")
	}
}

// While a picture is cut, a sync may remove the contact that it is for, and the list shows the next one.
func TestPhotoOfAContactThatIsRemovedMeanwhile(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"), person("Grace", "Hopper"))
	h.untilListed("Ada Lovelace", "Grace Hopper")
	h.list.choose(1)
	h.untilShown("Grace Hopper")
	h.photoFile(pictureFile(t, "grace.png", portrait(300, 200)))
	h.until(t, "the picture can be cut", func() bool { return h.dialogs.open != nil })
	if err := h.store.Delete(t.Context(), h.view.shown.ID); err != nil {
		t.Fatal(err)
	}
	h.untilShown("Ada Lovelace")
	h.useCrop()
	h.untilToast("This contact is no longer there.")
	if h.hasPhoto() {
		t.Error("another contact has got the photo")
	}
}
