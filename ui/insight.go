package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// heldBySight is a widget that Tab reaches and that can be brought into sight then.
type heldBySight interface {
	fyne.CanvasObject
	whenFocused(func())
}

func (f *field) whenFocused(do func())    { f.onFocus = do }
func (b *button) whenFocused(do func())   { b.onFocus = do }
func (c *choice) whenFocused(do func())   { c.onFocus = do }
func (l *link) whenFocused(do func())     { l.onFocus = do }
func (p *pick) whenFocused(do func())     { p.onFocus = do }
func (t *tick) whenFocused(do func())     { t.onFocus = do }
func (i *sideItem) whenFocused(do func()) { i.onFocus = do }

// keepInSight lets a scrolled part follow the focus: what Tab and Shift+Tab reach in it scrolls into sight. It is called again when other
// widgets have come.
func keepInSight(scroll *container.Scroll) { keepThisInSight(scroll, scroll.Content) }

func keepThisInSight(scroll *container.Scroll, o fyne.CanvasObject) {
	switch o := o.(type) {
	case *fyne.Container:
		for _, inner := range o.Objects {
			keepThisInSight(scroll, inner)
		}
	case heldBySight:
		o.whenFocused(func() { revealIn(scroll, o) })
	}
}

// revealIn scrolls as little as needed to have a widget in sight, which Fyne does not do for the one that Tab reaches.
func revealIn(scroll *container.Scroll, w fyne.CanvasObject) {
	const margin = 12
	d := fyne.CurrentApp().Driver()
	top := d.AbsolutePositionForObject(w).Y - d.AbsolutePositionForObject(scroll).Y
	bottom, height := top+w.Size().Height, scroll.Size().Height
	switch {
	case top < margin:
		scroll.ScrollToOffset(fyne.NewPos(0, max(0, scroll.Offset.Y+top-margin)))
	case bottom > height-margin:
		scroll.ScrollToOffset(fyne.NewPos(0, scroll.Offset.Y+bottom-height+margin))
	}
}

// tick is a Check that also answers to Enter, and whose Escape reaches the window.
type tick struct {
	widget.Check
	onFocus func()
}

func newTick(text string, on bool, changed func(bool)) *tick {
	t := &tick{Check: widget.Check{Text: text, Checked: on, OnChanged: changed}}
	t.ExtendBaseWidget(t)
	return t
}

func (t *tick) FocusGained() {
	t.Check.FocusGained()
	if t.onFocus != nil {
		t.onFocus()
	}
}

func (t *tick) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeySpace: // it comes as a rune too, which ticks
	case fyne.KeyReturn, fyne.KeyEnter:
		t.SetChecked(!t.Checked)
	default:
		passOn(t, e)
	}
}

// zoomSlider is a Slider that knows the arrows alone, and hands all other keys on.
type zoomSlider struct{ widget.Slider }

func newZoomSlider(step float64) *zoomSlider {
	s := &zoomSlider{widget.Slider{Max: 1, Step: step}}
	s.ExtendBaseWidget(s)
	return s
}

func (s *zoomSlider) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyLeft, fyne.KeyRight, fyne.KeyUp, fyne.KeyDown:
		s.Slider.TypedKey(e)
	default:
		passOn(s, e)
	}
}
