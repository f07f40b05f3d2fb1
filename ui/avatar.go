package ui

import (
	"hash/fnv"
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// avatarColors are grounds on which white initials are readable, in light and in dark.
var avatarColors = [...]color.NRGBA{
	rgb(0x2f7f86), rgb(0x4a6fa5), rgb(0x7d5ba6), rgb(0xa14a76), rgb(0xb0543f), rgb(0x8a6d1f),
	rgb(0x4d7c3a), rgb(0x2e7d5b), rgb(0x5a6b78), rgb(0x8c5a3c), rgb(0x5b5fc7), rgb(0x9a4b4b),
}

// avatarColor is stable: the same seed (a contact's id) has the same colour on every device.
func avatarColor(seed string) color.NRGBA {
	h := fnv.New32a()
	h.Write([]byte(seed))
	return avatarColors[h.Sum32()%uint32(len(avatarColors))]
}

// avatar is a contact's picture: its photo, or its initials on its colour; without a name, a person.
type avatar struct {
	widget.BaseWidget
	size       float32
	name, seed string

	circle *canvas.Circle
	text   *canvas.Text
	nobody *canvas.Image
	photo  *canvas.Image
}

func newAvatar(size float32) *avatar {
	a := &avatar{size: size, circle: canvas.NewCircle(color.Transparent), text: canvas.NewText("", color.White)}
	a.text.Alignment = fyne.TextAlignCenter
	a.text.TextStyle.Bold = true
	a.text.TextSize = size * 0.38
	a.nobody = canvas.NewImageFromResource(iconNobody)
	a.nobody.Hide()
	a.photo = newFace(size)
	a.ExtendBaseWidget(a)
	return a
}

func (a *avatar) set(name, seed string) {
	if a.name == name && a.seed == seed {
		return
	}
	a.name, a.seed = name, seed
	a.circle.FillColor = avatarColor(seed)
	a.text.Text = monogram(name)
	a.nobody.Hidden = a.text.Text != "" || a.circle.Hidden
	a.Refresh()
}

// setPhoto shows a photo; nil: the initials.
func (a *avatar) setPhoto(img image.Image) {
	if setFace(a.photo, img) {
		a.text.Hidden, a.circle.Hidden = img != nil, img != nil
		a.nobody.Hidden = img != nil || a.text.Text != ""
		a.Refresh()
	}
}

// newFace is a round photo that shows nothing yet.
func newFace(size float32) *canvas.Image {
	p := canvas.NewImageFromImage(nil)
	p.FillMode, p.CornerRadius = canvas.ImageFillCover, size/2
	p.Hide()
	return p
}

// setFace changes a round photo, and says whether that was a change. Only a change is worth a new texture.
func setFace(p *canvas.Image, img image.Image) bool {
	if p.Image == img {
		return false
	}
	p.Image, p.Hidden = img, img == nil
	p.Refresh()
	return true
}

// layNobody puts the picture of a person into an avatar's circle.
func layNobody(nobody *canvas.Image, circle *canvas.Circle) {
	size := circle.Size().Width
	nobody.Resize(fyne.NewSquareSize(size * 0.6))
	nobody.Move(circle.Position().AddXY(size*0.2, size*0.2))
}

func (a *avatar) MinSize() fyne.Size { return fyne.NewSquareSize(a.size) }

func (a *avatar) CreateRenderer() fyne.WidgetRenderer { return &avatarRenderer{a} }

type avatarRenderer struct{ *avatar }

func (r *avatarRenderer) Layout(s fyne.Size) {
	r.circle.Resize(fyne.NewSquareSize(r.size))
	r.circle.Move(fyne.NewPos((s.Width-r.size)/2, (s.Height-r.size)/2))
	h := r.text.MinSize().Height
	r.text.Resize(fyne.NewSize(s.Width, h))
	r.text.Move(fyne.NewPos(0, (s.Height-h)/2))
	layNobody(r.nobody, r.circle)
	r.photo.Resize(r.circle.Size())
	r.photo.Move(r.circle.Position())
}
func (r *avatarRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.circle, r.text, r.nobody, r.photo}
}
func (r *avatarRenderer) Refresh() {
	r.circle.Refresh()
	r.text.Refresh()
	r.Layout(r.avatar.Size())
}
func (r *avatarRenderer) Destroy() {}
