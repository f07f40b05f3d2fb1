package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// pick is a value that can be chosen: with a tick, or as one of several. Its text is cut where it does not fit. Enter and Space choose it.
type pick struct {
	widget.BaseWidget
	one              bool // of several, one
	on, fixed        bool // fixed: it stands, and there is nothing to choose
	tapped           func()
	onFocus          func()
	hovered, focused bool

	ground *canvas.Rectangle
	icon   *widget.Icon
	text   *textLine
	label  *textLine
}

func newPick(text, label string, one bool, tapped func()) *pick {
	p := &pick{one: one, tapped: tapped, ground: canvas.NewRectangle(transparent), icon: widget.NewIcon(nil),
		text: newTextLine(text, theme.ColorNameForeground, theme.SizeNameText), label: newTextLine(label, colorMuted, sizeSmall)}
	p.ground.CornerRadius = 6
	p.label.Hidden = label == ""
	p.ExtendBaseWidget(p)
	return p
}

// set says whether the value stands, and whether that can be changed.
func (p *pick) set(on, offered bool) {
	p.on, p.fixed = on, !offered
	p.text.color = theme.ColorNameForeground
	if !on {
		p.text.color = colorMuted
	}
	p.Refresh()
}

const (
	pickIcon = 20
	pickPad  = 6
)

func (p *pick) MinSize() fyne.Size {
	h := p.text.MinSize().Height
	if !p.label.Hidden {
		h += p.label.MinSize().Height
	}
	return fyne.NewSize(pickIcon+3*pickPad+24, h+pickPad)
}

func (p *pick) Tapped(*fyne.PointEvent) {
	if !p.fixed {
		p.tapped()
	}
}
func (p *pick) Cursor() desktop.Cursor {
	if p.fixed {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}
func (p *pick) MouseIn(*desktop.MouseEvent)    { p.hovered = true; p.Refresh() }
func (p *pick) MouseMoved(*desktop.MouseEvent) {}
func (p *pick) MouseOut()                      { p.hovered = false; p.Refresh() }
func (p *pick) FocusLost()                     { p.focused = false; p.Refresh() }
func (p *pick) TypedRune(rune)                 {}
func (p *pick) Disabled() bool                 { return p.fixed } // Tab passes by
func (p *pick) Disable()                       { p.fixed = true }
func (p *pick) Enable()                        { p.fixed = false }

func (p *pick) FocusGained() {
	p.focused = true
	p.Refresh()
	if p.onFocus != nil {
		p.onFocus()
	}
}

func (p *pick) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		p.Tapped(nil)
	default:
		passOn(p, e)
	}
}

var _ fyne.Disableable = (*pick)(nil)

func (p *pick) inside() []fyne.CanvasObject { return []fyne.CanvasObject{p.icon, p.text, p.label} }

func (p *pick) CreateRenderer() fyne.WidgetRenderer {
	r := &pickRenderer{p, []fyne.CanvasObject{p.ground, p.icon, p.text, p.label}}
	r.Refresh()
	return r
}

type pickRenderer struct {
	*pick
	objects []fyne.CanvasObject
}

func (r *pickRenderer) Layout(s fyne.Size) {
	r.ground.Resize(s)
	text := r.text.MinSize().Height
	r.icon.Resize(fyne.NewSquareSize(pickIcon))
	r.icon.Move(fyne.NewPos(pickPad, pickPad/2+(text-pickIcon)/2))
	x := float32(pickIcon + 2*pickPad)
	if r.fixed {
		x = pickPad
	}
	r.text.Resize(fyne.NewSize(max(0, s.Width-x-pickPad), text))
	r.text.Move(fyne.NewPos(x, pickPad/2))
	r.label.Resize(fyne.NewSize(max(0, s.Width-x-pickPad), r.label.MinSize().Height))
	r.label.Move(fyne.NewPos(x, pickPad/2+text))
}

func (r *pickRenderer) Refresh() {
	icons := [2]fyne.Resource{iconUnticked, iconTicked}
	if r.one {
		icons = [2]fyne.Resource{iconUnchosen, iconChosen}
	}
	r.icon.Hidden = r.fixed
	r.icon.SetResource(icons[0])
	if r.on {
		r.icon.SetResource(icons[1])
	}
	r.ground.FillColor, r.ground.StrokeWidth = transparent, 0
	if r.hovered && !r.fixed {
		r.ground.FillColor = themeColor(theme.ColorNameHover)
	}
	if r.focused {
		r.ground.StrokeColor, r.ground.StrokeWidth = themeColor(theme.ColorNamePrimary), 1.5
	}
	r.Layout(r.pick.Size())
	r.ground.Refresh()
	r.text.Refresh()
	canvas.Refresh(r.pick)
}

func (r *pickRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *pickRenderer) Destroy()                     {}
