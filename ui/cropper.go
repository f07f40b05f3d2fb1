package ui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/image/draw"
)

// cropper shows a picture with the square that becomes the photo: dragging moves the picture under it, the wheel brings it nearer. With
// the keyboard: the arrows, + and -.
type cropper struct {
	widget.BaseWidget
	picture *image.NRGBA
	frame   cropFrame
	changed func()
	done    func() // Enter was pressed
	focused bool

	view    *canvas.Image
	shades  [4]*canvas.Rectangle // around the square
	edge    *canvas.Rectangle
	circle  *canvas.Circle // what a contact shows of it
	preview *canvas.Image  // beside, as a contact shows it
}

const (
	cropView   = 340 // the side of the view
	cropMargin = 28  // around the square in it
)

func newCropper(picture *image.NRGBA, changed func()) *cropper {
	c := &cropper{picture: picture, frame: newCropFrame(picture.Bounds()), changed: changed,
		view: canvas.NewImageFromImage(nil), edge: canvas.NewRectangle(color.Transparent), circle: canvas.NewCircle(color.Transparent),
		preview: canvas.NewImageFromImage(nil)}
	for i := range c.shades {
		c.shades[i] = canvas.NewRectangle(color.NRGBA{A: 120})
	}
	c.circle.StrokeColor, c.circle.StrokeWidth = color.NRGBA{R: 255, G: 255, B: 255, A: 160}, 1
	c.edge.StrokeWidth = 2
	c.preview.SetMinSize(fyne.NewSquareSize(cropPreview))
	c.preview.CornerRadius, c.preview.FillMode = cropPreview/2, canvas.ImageFillCover
	c.ExtendBaseWidget(c)
	c.draw()
	return c
}

const cropPreview = 96

// inside is the side of the square as it is drawn.
const cropInside = cropView - 2*cropMargin

// set moves or sizes the square.
func (c *cropper) set(f cropFrame) {
	if f == c.frame {
		return
	}
	c.frame = f
	c.draw()
	c.changed()
}

// draw paints what lies in the view: the square, and a margin of what is left out.
func (c *cropper) draw() {
	scale := c.frame.side / cropInside // pixels of the picture for one of the view
	margin := cropMargin * scale
	part := image.Rect(int(c.frame.x-margin), int(c.frame.y-margin), int(c.frame.x+c.frame.side+margin), int(c.frame.y+c.frame.side+margin))
	shown := image.NewNRGBA(image.Rect(0, 0, cropView, cropView))
	inPicture := part.Intersect(c.picture.Bounds())
	at := func(x, from float64) int { return int((x - from) / scale) }
	left, top := c.frame.x-margin, c.frame.y-margin
	into := image.Rect(at(float64(inPicture.Min.X), left), at(float64(inPicture.Min.Y), top), at(float64(inPicture.Max.X), left), at(float64(inPicture.Max.Y), top))
	draw.ApproxBiLinear.Scale(shown, into, c.picture, inPicture, draw.Src, nil)
	c.view.Image = shown
	c.preview.Image = shown.SubImage(image.Rect(cropMargin, cropMargin, cropView-cropMargin, cropView-cropMargin))
	c.view.Refresh()
	c.preview.Refresh()
}

func (c *cropper) MinSize() fyne.Size { return fyne.NewSquareSize(cropView) }

func (c *cropper) Dragged(e *fyne.DragEvent) {
	scale := c.frame.side / cropInside
	c.set(c.frame.moved(-float64(e.Dragged.DX)*scale, -float64(e.Dragged.DY)*scale))
}
func (c *cropper) DragEnd() {}

func (c *cropper) Scrolled(e *fyne.ScrollEvent) {
	c.set(c.frame.sized(c.frame.side * (1 - float64(e.Scrolled.DY)/400)))
}

func (c *cropper) Cursor() desktop.Cursor { return desktop.CrosshairCursor }

func (c *cropper) FocusGained()   { c.focused = true; c.Refresh() }
func (c *cropper) FocusLost()     { c.focused = false; c.Refresh() }
func (c *cropper) TypedRune(rune) {}

func (c *cropper) TypedKey(e *fyne.KeyEvent) {
	step := c.frame.side / 20
	switch e.Name {
	case fyne.KeyLeft:
		c.set(c.frame.moved(-step, 0))
	case fyne.KeyRight:
		c.set(c.frame.moved(step, 0))
	case fyne.KeyUp:
		c.set(c.frame.moved(0, -step))
	case fyne.KeyDown:
		c.set(c.frame.moved(0, step))
	case fyne.KeyPlus, fyne.KeyEqual:
		c.set(c.frame.sized(c.frame.side * 0.9))
	case fyne.KeyMinus:
		c.set(c.frame.sized(c.frame.side / 0.9))
	case fyne.KeyReturn, fyne.KeyEnter:
		c.done()
	default:
		passOn(c, e)
	}
}

func (c *cropper) CreateRenderer() fyne.WidgetRenderer {
	r := &cropperRenderer{c}
	r.Refresh()
	return r
}

type cropperRenderer struct{ *cropper }

func (r *cropperRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.view, r.shades[0], r.shades[1], r.shades[2], r.shades[3], r.circle, r.edge}
}
func (r *cropperRenderer) Destroy() {}

func (r *cropperRenderer) Layout(s fyne.Size) {
	x, y := (s.Width-cropView)/2, (s.Height-cropView)/2
	place := func(o fyne.CanvasObject, left, top, w, h float32) {
		o.Move(fyne.NewPos(x+left, y+top))
		o.Resize(fyne.NewSize(w, h))
	}
	place(r.view, 0, 0, cropView, cropView)
	place(r.shades[0], 0, 0, cropView, cropMargin)
	place(r.shades[1], 0, cropView-cropMargin, cropView, cropMargin)
	place(r.shades[2], 0, cropMargin, cropMargin, cropInside)
	place(r.shades[3], cropView-cropMargin, cropMargin, cropMargin, cropInside)
	place(r.circle, cropMargin, cropMargin, cropInside, cropInside)
	place(r.edge, cropMargin, cropMargin, cropInside, cropInside)
}

func (r *cropperRenderer) Refresh() {
	r.edge.StrokeColor = color.NRGBA{R: 255, G: 255, B: 255, A: 220}
	if r.focused {
		r.edge.StrokeColor = themeColor(theme.ColorNamePrimary)
	}
	r.edge.Refresh()
	r.Layout(r.cropper.Size())
}
