package ui

import (
	"context"
	"errors"
	"image"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/contact"
	"kith/contact/picture"
	"kith/data"
	"kith/ui/native"
)

// pictureEndings are those of the files that picture.Decode reads.
var pictureEndings = []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp"}

func isPictureFile(path string) bool {
	return slices.Contains(pictureEndings, strings.ToLower(filepath.Ext(path)))
}

// cropSide is the longest side of a picture while it is cut: more than a photo has.
const cropSide = 3 * picture.Side

// photoMenu offers what can be done with the photo of the contact that is shown or edited, below the widget that was clicked.
func (b *book) photoMenu(below fyne.CanvasObject) {
	if !b.mayTakePhoto() {
		return
	}
	items := []*fyne.MenuItem{
		fyne.NewMenuItem(lang.L("Choose Photo…"), b.choosePhoto),
		fyne.NewMenuItem(lang.L("Paste Photo"), b.pastePhoto),
	}
	if b.hasPhoto() {
		items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(lang.L("Remove Photo"), func() { b.takePhoto(b.photoOwner(), nil, nil) }))
	}
	at := b.app.Driver().AbsolutePositionForObject(below)
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), b.win.Canvas(), at.AddXY(0, below.Size().Height+4))
}

// photoOwner is the contact that is shown or edited; "" : one that is new.
func (b *book) photoOwner() string {
	if b.editing {
		return b.editor.id
	}
	return b.view.shown.ID
}

// mayTakePhoto says whether a contact is shown or edited that can take a photo.
func (b *book) mayTakePhoto() bool {
	if b.editing {
		return !b.editor.saving
	}
	return b.view.shown.ID != "" && b.view.shown.Deleted.IsZero()
}

func (b *book) hasPhoto() bool {
	card := b.view.shown.Card
	if b.editing {
		card = b.editor.card()
	}
	_, ok := card.Photo()
	return ok
}

func (b *book) choosePhoto() {
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil {
			b.toast.show(userMessage(err), 0)
			return
		}
		if f == nil {
			return // cancelled
		}
		path := f.URI().Path()
		_ = f.Close() // nothing was read
		b.photoFile(path)
	}, b.win)
	d.SetFilter(storage.NewExtensionFileFilter(append(pictureEndings, upper(pictureEndings)...)))
	showChooser(d, lang.L("Choose a photo"), b.win)
}

func upper(endings []string) []string {
	out := make([]string, len(endings))
	for i, e := range endings {
		out[i] = strings.ToUpper(e)
	}
	return out
}

// pastePhoto takes the file that the clipboard names, or the picture that another program has copied. Fyne's clipboard holds text alone,
// so the picture is asked for elsewhere.
func (b *book) pastePhoto() {
	if path, ok := pastedPath(b.app.Clipboard().Content()); ok {
		b.photoFile(path)
		return
	}
	owner := b.photoOwner()
	ask(b.bg, &b.picturing, func(ctx context.Context) (*image.NRGBA, error) {
		file, err := b.copiedPicture(ctx, picture.MaxFileBytes)
		if err != nil {
			return nil, err
		}
		return picture.Decode(file, cropSide)
	}, func(img *image.NRGBA, err error) {
		switch {
		case err != nil:
			b.toast.show(pasteProblem(err), 0)
		case b.mayTakePhoto() && b.photoOwner() == owner:
			b.cropPhoto(owner, img)
		}
	})
}

// pasteProblem says why what was copied is no photo.
func pasteProblem(err error) string {
	switch {
	case errors.Is(err, native.ErrNoPicture):
		return lang.L("There is no picture in the clipboard. Copy one, or a picture's file or its path, then paste again.")
	case errors.Is(err, native.ErrUnsupported):
		return lang.L("Kith can paste a copied file or its path, not a picture itself: save it as a file first")
	}
	return lang.L("The copied picture can't be used. Save it as a JPEG or PNG file of at most 50 million pixels, and choose that.")
}

// pastedPath is the path of a picture's file in a text: as it is, in quotes, as a file: URL, or as file managers copy files.
func pastedPath(text string) (path string, ok bool) {
	for line := range strings.Lines(text) {
		line = strings.Trim(strings.TrimSpace(line), `"'`)
		if u, err := url.Parse(line); err == nil && u.Scheme == "file" {
			line = u.Path
		}
		if line = atHome(line); filepath.IsAbs(line) && isPictureFile(line) {
			return line, true
		}
	}
	return "", false
}

// droppedPhoto takes a picture that was dropped on the contact, and says whether the drop was one.
func (b *book) droppedPhoto(at fyne.Position, paths []string) bool {
	if len(paths) == 0 || !isPictureFile(paths[0]) || b.dialogs.open != nil {
		return false
	}
	from := b.app.Driver().AbsolutePositionForObject(b.detail)
	on := at.Subtract(from)
	inside := on.X >= 0 && on.Y >= 0 && on.X <= b.detail.Size().Width && on.Y <= b.detail.Size().Height
	switch {
	case len(paths) > 1:
		b.toast.show(lang.L("Drop one picture"), 0)
	case !inside || !b.detail.Visible() || !b.mayTakePhoto():
		b.toast.show(lang.L("Drop a picture on an open contact to give it that photo"), 0)
	default:
		b.photoFile(paths[0])
	}
	return true
}

// photoFile reads a picture and opens the view in which it is cut.
func (b *book) photoFile(path string) {
	owner := b.photoOwner()
	ask(b.bg, &b.picturing, func(context.Context) (*image.NRGBA, error) {
		file, err := readPicture(path)
		if err != nil {
			return nil, err
		}
		return picture.Decode(file, cropSide)
	}, func(img *image.NRGBA, err error) {
		switch {
		case err != nil:
			b.toast.show(pictureProblem(filepath.Base(path), err), 0)
		case b.mayTakePhoto() && b.photoOwner() == owner:
			b.cropPhoto(owner, img)
		}
	})
}

// readPicture reads no more of a file than a picture may have.
func readPicture(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, picture.MaxFileBytes+1))
}

// pictureProblem says why a file is no photo.
func pictureProblem(name string, err error) string {
	switch {
	case errors.Is(err, picture.ErrNotAPicture):
		return lang.L("{{.File}} is not a picture that Kith can read. Use a JPEG, PNG, GIF, WebP or BMP file.", with{"File": name})
	case errors.Is(err, picture.ErrTooLarge):
		return lang.L("{{.File}} is too large. Make a smaller picture of it first, of at most 50 million pixels.", with{"File": name})
	case errors.Is(err, os.ErrNotExist):
		return lang.L("There is no file {{.File}} any more.", with{"File": name})
	case errors.Is(err, os.ErrPermission):
		return lang.L("You may not read {{.File}}.", with{"File": name})
	}
	return lang.L("{{.File}} can't be read: {{.Problem}}", with{"File": name, "Problem": userMessage(err)})
}

// taken is a photo as it was cut, and how the head shows it.
type taken struct {
	blob contact.Blob
	face image.Image
}

// cropPhoto lets the user choose the square of a picture that becomes the photo of its owner.
func (b *book) cropPhoto(owner string, img *image.NRGBA) {
	zoom := newZoomSlider(0.01)
	var c *cropper
	c = newCropper(img, func() { zoom.SetValue(c.frame.zoom()) })
	zoom.OnChanged = func(v float64) {
		if v-c.frame.zoom() > 0.005 || c.frame.zoom()-v > 0.005 {
			c.set(c.frame.zoomed(v))
		}
	}
	nearer := container.New(barLayout{gap: 6, fill: 1}, newCaption(lang.L("Zoom")), zoom)
	hint := newCaption(lang.L("Drag the picture and turn the wheel, or use the arrows, + and −."))
	beside := container.New(columnLayout{gap: 10}, newTextLine(lang.L("Preview"), colorMuted, theme.SizeNameText), container.NewHBox(c.preview))
	var content fyne.CanvasObject = container.New(columnLayout{gap: 10}, container.New(cropLayout{}, c, beside), nearer, hint)
	use := newMainButton(lang.L("Use Photo"), nil)
	c.done = func() {
		if !use.Disabled() {
			use.OnTapped()
		}
	}
	use.OnTapped = func() {
		use.Disable()
		frame := c.frame
		ask(b.bg, &b.dialogs.asking, func(ctx context.Context) (taken, error) {
			cut := picture.Crop(img, frame.rectangle(), picture.Side)
			kind, bytes, err := picture.Encode(cut)
			if err != nil {
				return taken{}, err
			}
			p := taken{contact.NewBlob(kind, bytes), picture.Crop(cut, cut.Bounds(), headFace)}
			return p, b.store.PutBlob(ctx, p.blob)
		}, func(p taken, err error) {
			b.dialogs.close()
			if err != nil {
				b.toast.show(userMessage(err), 0)
				return
			}
			b.takePhoto(owner, &p.blob, p.face)
		})
	}
	b.dialogs.show(lang.L("Choose the part to show"), cropDialog, content, c, newButton(lang.L("Cancel"), nil, func() { b.dialogs.close() }), use)
}

const cropDialog = cropView + cropPreview + 84

// cropLayout is the cropper at the left, and the preview at the right where there is room.
type cropLayout struct{}

func (cropLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(cropView, cropView)
}

func (cropLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSquareSize(cropView))
	o[0].Move(fyne.NewPos(0, 0))
	m := o[1].MinSize()
	o[1].Resize(m)
	o[1].Move(fyne.NewPos(cropView+24, 0))
}

// takePhoto gives its owner a photo, or takes it off: in the editor as a part of the edit, else at once. face is the photo, small. Where
// the owner was removed while the picture was cut, the photo goes to no other contact.
func (b *book) takePhoto(owner string, blob *contact.Blob, face image.Image) {
	if !b.mayTakePhoto() || b.photoOwner() != owner {
		b.toast.show(userMessage(data.ErrNotFound), 0)
		return
	}
	if b.editing {
		b.editor.setPhoto(blob, face)
		return
	}
	shown := b.view.shown
	done := lang.L("Photo saved")
	if blob == nil {
		done = lang.L("Photo removed")
	}
	b.write(func(ctx context.Context) error {
		_, err := b.store.Save(ctx, shown.ID, shown.Card, withPhoto(shown.Card, blob))
		return err
	}, done)
}

func withPhoto(c contact.Card, blob *contact.Blob) contact.Card {
	if blob == nil {
		return c.WithoutPhoto()
	}
	return c.WithPhoto(*blob)
}

// showFaces puts the photo of the contact into its head, and into the editor's, as far as it is here.
func (b *book) showFaces() {
	if b.pictures.come() {
		b.view.resized()
	}
	b.view.face.setPhoto(b.list.faces.get(b.view.shown.photo, headFace))
	if !b.editing || b.editor.newFace != nil {
		return
	}
	b.editor.face.setPhoto(b.list.faces.get(photoID(b.editor.photo), headFace))
}

// photoID is the blob that the store has of a photo, also of one that the card holds itself; "" : the photo is elsewhere.
func photoID(p contact.Photo) string {
	if blob, ok := p.Inline(); ok {
		return blob.ID
	}
	return p.BlobID
}
