package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// sideItem is a line of the sidebar: Tab reaches it, Enter and Space choose it.
type sideItem struct {
	widget.BaseWidget
	chosen                               func()
	menu                                 func(at fyne.Position) // the secondary click; nil: there is none
	onFocus                              func()
	drop                                 func() // contacts are dropped on it; nil: they can't be
	count                                int
	selected, hovered, focused, disabled bool
	dropping                             bool // contacts are dragged over it

	ground *canvas.Rectangle
	icon   fyne.CanvasObject
	name   *textLine
	mark   *widget.Icon // quiet, before the number
	marked *fyne.Container
	number *textLine
	line   *fyne.Container
}

func newSideItem(icon fyne.CanvasObject, name string, chosen func()) *sideItem {
	i := &sideItem{chosen: chosen, ground: canvas.NewRectangle(nil), icon: icon,
		name: newTextLine(name, theme.ColorNameForeground, theme.SizeNameText), number: newCaption(""), mark: widget.NewIcon(nil)}
	i.ground.CornerRadius = 8
	i.marked = container.New(smallIcon{}, i.mark)
	i.marked.Hide()
	i.line = container.New(barLayout{gap: 10, fill: 1}, i.icon, i.name, i.marked, i.number)
	i.ExtendBaseWidget(i)
	return i
}

func (i *sideItem) setSelected(on bool) {
	i.selected = on
	i.name.bold = on
	i.Refresh()
}

func (i *sideItem) setCount(n int) {
	i.count = n
	i.number.setText(ifAny(n > 0, thousands(n)))
	i.line.Refresh()
}

// MinSize grows with the text.
func (i *sideItem) MinSize() fyne.Size {
	return fyne.NewSize(120, max(36, i.name.MinSize().Height+14))
}

func (i *sideItem) Tapped(*fyne.PointEvent)        { i.choose() }
func (i *sideItem) MouseIn(*desktop.MouseEvent)    { i.hovered = true; i.Refresh() }
func (i *sideItem) MouseMoved(*desktop.MouseEvent) {}
func (i *sideItem) MouseOut()                      { i.hovered = false; i.Refresh() }
func (i *sideItem) FocusLost()                     { i.focused = false; i.Refresh() }
func (i *sideItem) TypedRune(rune)                 {}

func (i *sideItem) FocusGained() {
	i.focused = true
	i.Refresh()
	if i.onFocus != nil {
		i.onFocus()
	}
}

func (i *sideItem) TappedSecondary(e *fyne.PointEvent) {
	if i.menu != nil && !i.disabled {
		i.menu(e.AbsolutePosition)
	}
}

func (i *sideItem) Disabled() bool { return i.disabled }
func (i *sideItem) Disable()       { i.disabled = true }
func (i *sideItem) Enable()        { i.disabled = false }

func (i *sideItem) choose() {
	if !i.disabled {
		i.chosen()
	}
}

func (i *sideItem) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		i.choose()
	case fyne.KeyDown, fyne.KeyUp:
		if c := fyne.CurrentApp().Driver().CanvasForObject(i); c != nil {
			if e.Name == fyne.KeyDown {
				c.FocusNext()
			} else {
				c.FocusPrevious()
			}
		}
	case desktop.KeyMenu:
		if i.menu != nil {
			at := fyne.CurrentApp().Driver().AbsolutePositionForObject(i)
			i.menu(at.AddXY(i.Size().Width/3, i.Size().Height))
		}
	default:
		passOn(i, e)
	}
}

func (i *sideItem) inside() []fyne.CanvasObject { return []fyne.CanvasObject{i.line} }

func (i *sideItem) CreateRenderer() fyne.WidgetRenderer {
	return &sideItemRenderer{i, []fyne.CanvasObject{i.ground, i.line}}
}

type sideItemRenderer struct {
	*sideItem
	objects []fyne.CanvasObject
}

func (r *sideItemRenderer) Layout(s fyne.Size) {
	r.ground.Resize(s)
	r.line.Resize(fyne.NewSize(s.Width-24, s.Height))
	r.line.Move(fyne.NewPos(12, 0))
}

func (r *sideItemRenderer) Refresh() {
	switch {
	case r.dropping:
		r.ground.FillColor = themeColor(theme.ColorNameSelection)
	case r.selected:
		r.ground.FillColor = themeColor(colorSelected)
	case r.hovered:
		r.ground.FillColor = themeColor(theme.ColorNameHover)
	default:
		r.ground.FillColor = transparent
	}
	r.ground.StrokeWidth = 0
	if r.focused {
		r.ground.StrokeColor, r.ground.StrokeWidth = themeColor(theme.ColorNamePrimary), 1.5
	}
	r.ground.Refresh()
	r.line.Refresh()
}

func (r *sideItemRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *sideItemRenderer) Destroy()                     {}
