package ui

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"kith/contact"
)

// pictures are values of the past and of conflicts that are pictures, drawn small: what the card holds of them, a hash, tells nobody
// anything. Used by the UI goroutine only.
type pictures struct {
	faces   *faces
	waiting []*smallPicture // neither drawn yet, nor known to be gone
}

// smallPicture is one of them: a picture, or the word where its bytes are not on this computer.
type smallPicture struct {
	blob  string
	box   *fyne.Container
	image *canvas.Image
	word  *textLine
}

const (
	pictureSide    = 40
	pictureCorners = 6
)

func newPictures(f *faces) *pictures { return &pictures{faces: f} }

// add draws a picture as soon as its bytes have been read.
func (p *pictures) add(blob string) fyne.CanvasObject {
	s := &smallPicture{blob: blob, image: canvas.NewImageFromImage(nil), word: newTextLine(lang.X("noun.picture", "picture"), theme.ColorNameForeground, theme.SizeNameText)}
	s.word.fixed = true
	s.image.FillMode, s.image.CornerRadius = canvas.ImageFillCover, pictureCorners
	s.word.Hide()
	s.box = container.New(pictureLayout{}, s.image, s.word)
	if !p.settle(s) {
		p.waiting = append(p.waiting[max(0, len(p.waiting)-facesAsked):], s) // faces have forgotten the older ones too
	}
	return s.box
}

// come puts what has been read into its places, and says whether one of them has another size now.
func (p *pictures) come() (resized bool) {
	var still []*smallPicture
	for _, s := range p.waiting {
		if !p.settle(s) {
			still = append(still, s)
		} else if s.word.Visible() {
			resized = true
		}
	}
	p.waiting = still
	return resized
}

// settle says whether it is known what there is to draw.
func (p *pictures) settle(s *smallPicture) bool {
	img := p.faces.get(s.blob, rowFace)
	switch {
	case img != nil:
		s.image.Image = img
		s.image.Refresh()
	case s.blob == "" || p.faces.gone(s.blob, rowFace):
		s.image.Hide()
		s.word.Show()
		s.box.Refresh()
	default:
		return false
	}
	return true
}

// pictureLayout is a small square, or a word in its place.
type pictureLayout struct{}

func (pictureLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	if o[1].Visible() {
		return o[1].MinSize()
	}
	return fyne.NewSize(pictureSide, pictureSide+4)
}

func (pictureLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSquareSize(pictureSide))
	o[0].Move(fyne.NewPos(0, (s.Height-pictureSide)/2))
	word := o[1].MinSize()
	o[1].Resize(word)
	o[1].Move(fyne.NewPos(0, (s.Height-word.Height)/2))
}

// pictured is a value that is a picture; blob is "" where its bytes are elsewhere.
type pictured struct {
	ok   bool
	blob string
}

// picturedAt says whether a value at a path of a card is a picture: an entry of its media, or what an entry shows.
func picturedAt(path string, raw json.RawMessage) pictured {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if parts[0] != "media" || len(parts) < 2 || len(parts) > 3 || absentValue(raw) {
		return pictured{}
	}
	entry := map[string]json.RawMessage{}
	if len(parts) == 3 {
		entry[parts[2]] = raw
	} else if json.Unmarshal(raw, &entry) != nil {
		return pictured{}
	}
	text := func(member string) (s string) {
		_ = json.Unmarshal(entry[member], &s) // "": it is not there, or no text
		return s
	}
	p := contact.Photo{BlobID: text("blobId"), URI: text("uri")}
	switch kind := text("kind"); {
	case kind == "sound", p.BlobID == "" && p.URI == "":
		return pictured{}
	case p.BlobID == "" && !strings.HasPrefix(p.URI, "data:"):
		return pictured{ok: len(parts) == 2} // an address alone is worth reading
	}
	return pictured{true, photoID(p)}
}

// byPicture takes an edit of all of a card's media apart, so that each edit is of one picture.
func byPicture(p contact.Patch) contact.Patch {
	var all contact.Patch
	for _, edit := range p {
		var was, is map[string]json.RawMessage
		if edit.Path != "/media" || json.Unmarshal(valueOrNull(edit.Old), &was) != nil || json.Unmarshal(valueOrNull(edit.New), &is) != nil {
			all = append(all, edit)
			continue
		}
		keys := maps.Clone(was)
		if keys == nil {
			keys = map[string]json.RawMessage{}
		}
		maps.Copy(keys, is)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			all = append(all, contact.Edit{Path: "/media/" + key, Old: was[key], New: is[key]})
		}
	}
	return all
}

func valueOrNull(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	return raw
}

// ofAPicture says whether an edit tells only how another picture is written: its format.
func ofAPicture(path string) bool {
	return strings.HasPrefix(path, "/media/") && (strings.HasSuffix(path, "/mediaType") || strings.HasSuffix(path, "/kith.app:blobType"))
}

// withPictures is a sentence in which pictures stand: each as the rune that stands for it.
func withPictures(sentence string, at map[rune]fyne.CanvasObject) fyne.CanvasObject {
	line := container.New(barLayout{gap: 8, fill: -1})
	say := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			piece := newTextLine(text, theme.ColorNameForeground, theme.SizeNameText)
			piece.fixed = true
			line.Add(piece)
		}
	}
	from := 0
	for i, r := range sentence {
		if o := at[r]; o != nil {
			say(sentence[from:i])
			line.Add(o)
			from = i + len(string(r))
		}
	}
	say(sentence[from:])
	return line
}
