package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// cameraButton is a contact's picture that offers to change it: a camera over it while it has the pointer or the focus.
type cameraButton struct {
	widget.DisableableWidget
	face             *avatar
	tapped           func()
	onFocus          func()
	hovered, focused bool

	shade *canvas.Circle
	icon  *widget.Icon
	ring  *canvas.Circle
}

func newCameraButton(face *avatar, tapped func()) *cameraButton {
	b := &cameraButton{face: face, tapped: tapped, shade: canvas.NewCircle(color.NRGBA{A: 110}), ring: canvas.NewCircle(color.Transparent),
		icon: widget.NewIcon(iconCamera)}
	b.ExtendBaseWidget(b)
	return b
}

func (b *cameraButton) MinSize() fyne.Size { return b.face.MinSize() }

func (b *cameraButton) Tapped(*fyne.PointEvent) {
	if !b.Disabled() {
		b.tapped()
	}
}

func (b *cameraButton) Cursor() desktop.Cursor {
	if b.Disabled() {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

func (b *cameraButton) MouseIn(*desktop.MouseEvent)    { b.hovered = true; b.Refresh() }
func (b *cameraButton) MouseMoved(*desktop.MouseEvent) {}
func (b *cameraButton) MouseOut()                      { b.hovered = false; b.Refresh() }
func (b *cameraButton) FocusLost()                     { b.focused = false; b.Refresh() }
func (b *cameraButton) TypedRune(rune)                 {}

func (b *cameraButton) FocusGained() {
	b.focused = true
	b.Refresh()
	if b.onFocus != nil {
		b.onFocus()
	}
}

func (b *cameraButton) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		b.Tapped(nil)
	default:
		passOn(b, e)
	}
}

func (b *cameraButton) CreateRenderer() fyne.WidgetRenderer {
	r := &cameraRenderer{b}
	r.Refresh()
	return r
}

type cameraRenderer struct{ *cameraButton }

func (r *cameraRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.face, r.shade, r.icon, r.ring}
}
func (r *cameraRenderer) Destroy() {}

func (r *cameraRenderer) Layout(s fyne.Size) {
	size := r.face.MinSize().Width
	at := fyne.NewPos((s.Width-size)/2, (s.Height-size)/2)
	for _, o := range []fyne.CanvasObject{r.face, r.shade, r.ring} {
		o.Resize(fyne.NewSquareSize(size))
		o.Move(at)
	}
	r.icon.Resize(fyne.NewSquareSize(26))
	r.icon.Move(at.AddXY((size-26)/2, (size-26)/2))
}

func (r *cameraRenderer) Refresh() {
	offered := (r.hovered || r.focused) && !r.Disabled()
	r.shade.Hidden, r.icon.Hidden = !offered, !offered
	r.ring.Hidden = !r.focused
	r.ring.StrokeColor, r.ring.StrokeWidth = themeColor(theme.ColorNamePrimary), 2.5
	r.face.Refresh()
	r.shade.Refresh()
	r.ring.Refresh()
	r.icon.Refresh()
}
