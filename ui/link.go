package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// link is a button that looks like text: for what is offered, but is not what one came for.
type link struct {
	widget.BaseWidget
	tapped           func()
	onFocus          func()
	hovered, focused bool

	ground *canvas.Rectangle
	icon   *widget.Icon // hidden: none
	text   *textLine
}

func newLink(text string, icon fyne.Resource, tapped func()) *link {
	l := &link{tapped: tapped, ground: canvas.NewRectangle(transparent), icon: widget.NewIcon(icon), text: newTextLine(text, theme.ColorNameHyperlink, theme.SizeNameText)}
	l.text.fixed = true
	l.ground.CornerRadius = 6
	l.icon.Hidden = icon == nil
	l.ExtendBaseWidget(l)
	return l
}

func (l *link) setText(text string) {
	if l.text.text != text {
		l.text.setText(text)
		l.Refresh()
	}
}

func (l *link) setIcon(icon fyne.Resource) { l.icon.SetResource(icon) }

func (l *link) setColor(name fyne.ThemeColorName) {
	l.text.color, l.text.bold = name, true
	l.text.Refresh()
}

const (
	linkPad  = 8
	linkIcon = 18
)

func (l *link) MinSize() fyne.Size {
	s := l.text.MinSize().AddWidthHeight(2*linkPad, 12)
	if !l.icon.Hidden {
		s.Width += linkIcon + 4
	}
	return s
}

func (l *link) Tapped(*fyne.PointEvent)        { l.tapped() }
func (l *link) Cursor() desktop.Cursor         { return desktop.PointerCursor }
func (l *link) MouseIn(*desktop.MouseEvent)    { l.hovered = true; l.Refresh() }
func (l *link) MouseMoved(*desktop.MouseEvent) {}
func (l *link) MouseOut()                      { l.hovered = false; l.Refresh() }
func (l *link) FocusLost()                     { l.focused = false; l.Refresh() }
func (l *link) TypedRune(rune)                 {}

func (l *link) FocusGained() {
	l.focused = true
	l.Refresh()
	if l.onFocus != nil {
		l.onFocus()
	}
}

func (l *link) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		l.tapped()
	default:
		passOn(l, e)
	}
}

func (l *link) inside() []fyne.CanvasObject { return []fyne.CanvasObject{l.icon, l.text} }

func (l *link) CreateRenderer() fyne.WidgetRenderer { return &linkRenderer{l} }

type linkRenderer struct{ *link }

func (r *linkRenderer) Layout(s fyne.Size) {
	r.ground.Resize(s)
	x := float32(linkPad)
	if !r.icon.Hidden {
		r.icon.Resize(fyne.NewSquareSize(linkIcon))
		r.icon.Move(fyne.NewPos(x, (s.Height-linkIcon)/2))
		x += linkIcon + 4
	}
	r.text.Resize(fyne.NewSize(s.Width-x-linkPad, s.Height))
	r.text.Move(fyne.NewPos(x, 0))
}

func (r *linkRenderer) Refresh() {
	r.ground.FillColor, r.ground.StrokeWidth = transparent, 0
	if r.hovered {
		r.ground.FillColor = themeColor(theme.ColorNameHover)
	}
	if r.focused {
		r.ground.StrokeColor, r.ground.StrokeWidth = themeColor(r.text.color), 1.5
	}
	r.ground.Refresh()
	r.Layout(r.link.Size())
	canvas.Refresh(r.link)
}

func (r *linkRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.icon, r.text}
}
func (r *linkRenderer) Destroy() {}
