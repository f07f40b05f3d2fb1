package ui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// restyling gives the window a new theme part by part, what is seen first. Fyne itself gives it to everything in one call: to each
// object once for every container around it, and to all that is hidden too.
//
// A theme may come from the settings or from the desktop. Fyne tells its listeners in the order in which they were added, so
// begin adds one before Fyne's own, which the event loop adds, and loops one after it.
type restyling struct {
	bg      *background
	app     fyne.App
	desktop *desktopLook
	keep    func(desktop string) // remembers what the desktop wants; nil: there is nothing to keep it in yet
	drawn   func(f func())       // calls f when what is shown now has been drawn
	parts   func() styled        // of what the window shows; nil: it shows nothing yet

	given  look     // with which the parts were drawn
	depth  int      // of holds that nothing was given after
	steps  []func() // that are left; a newer theme takes the place of one that is being given
	taking bool
}

// styled are the parts of a window.
type styled struct {
	seen, hidden []fyne.CanvasObject
	around       []*fyne.Container // what lays them out, from the outside to the inside
	after        func()
}

// look is all of a theme that is seen.
type look struct {
	variant fyne.ThemeVariant
	scale   float32
}

func lookOf(s fyne.Settings) look {
	if t, ok := s.Theme().(*kithTheme); ok {
		return look{t.variant(s.ThemeVariant()), t.scale}
	}
	return look{}
}

// begin follows the themes that the desktop wants; the event loop must not run yet.
func (r *restyling) begin() {
	r.app.Settings().AddListener(func(s fyne.Settings) {
		if r.depth == 0 { // it is not the settings' theme
			r.told(s.ThemeVariant())
		} else {
			r.hold()
		}
	})
}

// told takes in what the desktop wants, and holds what is to be given.
func (r *restyling) told(v fyne.ThemeVariant) {
	r.desktop.variant, r.desktop.told = v, true
	if r.keep != nil {
		r.keep(r.desktop.last())
	}
	r.hold()
}

// loops must be called once the event loop runs.
func (r *restyling) loops() {
	r.app.Settings().AddListener(func(fyne.Settings) { r.give() })
}

// shows says what the window shows from now on, as it looks now, and what remembers what the desktop wants.
func (r *restyling) shows(parts func() styled, keep func(desktop string)) {
	r.parts, r.given, r.keep = parts, lookOf(r.app.Settings()), keep
	if r.desktop.told {
		keep(r.desktop.last())
	}
}

func (r *restyling) holding() bool { return r.depth > 0 }

// hold keeps what is in a themed object from Fyne's way, until give.
func (r *restyling) hold() { r.depth++ }

// give ends hold, and gives the theme to the parts, in calls that are short.
func (r *restyling) give() {
	if r.depth--; r.depth > 0 || r.parts == nil {
		return
	}
	now := lookOf(r.app.Settings())
	if now == r.given {
		return
	}
	r.given = now
	parts := r.parts()
	r.steps = restyleSteps(nil, parts.seen)
	for _, c := range parts.around {
		r.steps = append(r.steps, func() { layOut(c) }) // a size that stays lays nothing out
	}
	r.steps = append(r.steps, parts.after, func() {
		r.drawn(func() { r.take(restyleSteps(nil, parts.hidden)...) })
	})
	r.take()
}

// take takes steps after those that are left: as many as half a frame has room for in one call, and then in the next.
func (r *restyling) take(more ...func()) {
	r.steps = append(r.steps, more...)
	if r.taking {
		return
	}
	r.taking = true
	r.bg.post(func() {
		r.taking = false
		for began := time.Now(); len(r.steps) > 0 && time.Since(began) < halfFrame; {
			step := r.steps[0]
			r.steps = r.steps[1:]
			step()
		}
		if len(r.steps) > 0 {
			r.take()
		}
	})
}

// set gives the app the theme of a mode, and with texts of a size, as the settings keep them.
func (r *restyling) set(mode, size string) {
	t := newSizedTheme(mode, size)
	t.desktop = r.desktop
	r.hold()
	r.app.Settings().SetTheme(t)
	r.give()
}

// holder is a widget of ours whose Refresh is not one of all that is in it.
type holder interface {
	fyne.Widget
	inside() []fyne.CanvasObject
}

// restyle gives the app's theme to an object that has no others in it.
func restyle(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *widget.Icon:
		icon := o.Resource
		o.SetResource(nil) // it redraws only another one
		o.SetResource(icon)
	case *choice:
		rests := o.Disabled()
		setEnabled(o, rests) // it redraws its arrow only where that becomes another one
		setEnabled(o, !rests)
	default:
		o.Refresh()
	}
}

// redrawBars redraws a scroll's bars, and nothing else.
func redrawBars(s *container.Scroll) {
	at := s.Offset
	s.Offset = at.AddXY(0, -1)
	s.ScrollToOffset(at)
}

func layOut(c *fyne.Container) {
	if c.Layout != nil {
		c.Layout.Layout(c.Objects, c.Size())
	}
}

// restyleSteps adds what restyle does to objects, in steps that are short.
func restyleSteps(steps []func(), objects []fyne.CanvasObject) []func() {
	for _, o := range objects {
		switch o := o.(type) {
		case *fyne.Container:
			steps = append(restyleSteps(steps, o.Objects), func() { layOut(o) })
		case holder:
			steps = append(restyleSteps(steps, o.inside()), o.Refresh)
		case *container.Scroll:
			steps = append(restyleSteps(steps, []fyne.CanvasObject{o.Content}), func() { redrawBars(o) })
		default:
			steps = append(steps, func() { restyle(o) })
		}
	}
	return steps
}

// themed is content that a restyling gives a new theme to.
type themed struct {
	widget.BaseWidget
	content fyne.CanvasObject
	by      *restyling
}

func newThemed(content fyne.CanvasObject, by *restyling) *themed {
	t := &themed{content: content, by: by}
	t.ExtendBaseWidget(t)
	return t
}

func (t *themed) inside() []fyne.CanvasObject { return []fyne.CanvasObject{t.content} }

func (t *themed) CreateRenderer() fyne.WidgetRenderer { return themedRenderer{t} }

type themedRenderer struct{ of *themed }

func (r themedRenderer) Objects() []fyne.CanvasObject {
	if r.of.by.holding() {
		return nil
	}
	return []fyne.CanvasObject{r.of.content}
}

func (r themedRenderer) Refresh() {
	if !r.of.by.holding() {
		r.of.content.Refresh()
	}
}

func (r themedRenderer) Layout(s fyne.Size) { r.of.content.Resize(s) }
func (r themedRenderer) MinSize() fyne.Size { return r.of.content.MinSize() }
func (themedRenderer) Destroy()             {}

// parts are what a new theme is given to one by one.
func (b *book) parts() styled {
	var s styled
	for _, o := range b.win.Canvas().Overlays().List() { // an open dialog is what the hand is on
		if p, ok := o.(*widget.PopUp); ok {
			if t, ok := p.Content.(*themed); ok {
				s.seen = append(s.seen, t)
			}
		}
	}
	s.seen = append(s.seen, b.status.box, b.toast.box, b.dragged.layer)
	pages := slices.Concat(b.paneBox.Objects[:1], b.listBox.Objects, b.detail.Objects)
	for _, p := range pages {
		if p.Visible() {
			s.seen = append(s.seen, p)
		} else {
			s.hidden = append(s.hidden, p)
		}
	}
	s.around = []*fyne.Container{b.content, b.paneBox, b.listBox, b.detail}
	s.after = b.dialogs.resize
	return s
}
