package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/data"
)

const (
	railWidth     = 18
	railLetter    = 15 // the least height of a letter
	railFromRows  = 40 // a shorter list is scrolled as quickly
	railFromMarks = 5
)

// rail is the column of letters beside a long list: a click, or a finger that slides over it, goes there.
type rail struct {
	widget.BaseWidget
	jump func(at int)

	sections []data.Section
	shown    []data.Section // those that have room
	over     int            // the letter under the pointer; -1: none
	texts    []*canvas.Text
}

func newRail(jump func(at int)) *rail {
	r := &rail{jump: jump, over: -1}
	r.ExtendBaseWidget(r)
	r.Hide()
	return r
}

// railSections are the sections that the rail offers for a list; none: the list is not one that a rail helps with.
func railSections(rows int, sections []data.Section) []data.Section {
	if rows < railFromRows || len(sections) < railFromMarks {
		return nil
	}
	return sections
}

// thin leaves out every nth so that at most most are left; the first and the last always stay.
func thin(sections []data.Section, most int) []data.Section {
	n := len(sections)
	if n <= most {
		return sections
	}
	if most < 2 {
		return nil
	}
	kept := make([]data.Section, most)
	for i := range kept {
		kept[i] = sections[i*(n-1)/(most-1)]
	}
	return kept
}

func (r *rail) set(sections []data.Section) {
	r.sections = sections
	r.Hidden = len(sections) == 0
	r.fit()
	r.Refresh()
}

// fit chooses the letters that have room.
func (r *rail) fit() {
	r.shown = thin(r.sections, int(r.Size().Height/railLetter))
	for len(r.texts) < len(r.shown) {
		t := canvas.NewText("", nil)
		t.Alignment, t.TextSize, t.TextStyle.Bold = fyne.TextAlignCenter, 10.5, true
		r.texts = append(r.texts, t)
	}
}

func (r *rail) Resize(s fyne.Size) {
	r.BaseWidget.Resize(s)
	r.fit()
	r.Refresh()
}

func (r *rail) MinSize() fyne.Size { return fyne.NewSize(railWidth, railLetter*2) }

// at is the letter at a height; -1: none.
func (r *rail) at(y float32) int {
	if len(r.shown) == 0 || r.Size().Height <= 0 {
		return -1
	}
	return min(max(0, int(y/r.Size().Height*float32(len(r.shown)))), len(r.shown)-1)
}

func (r *rail) point(y float32) {
	if over := r.at(y); over != r.over {
		r.over = over
		r.Refresh()
	}
}

func (r *rail) follow(y float32) {
	r.point(y)
	if r.over >= 0 {
		r.jump(r.shown[r.over].At)
	}
}

func (r *rail) Tapped(e *fyne.PointEvent)        { r.follow(e.Position.Y) }
func (r *rail) Dragged(e *fyne.DragEvent)        { r.follow(e.Position.Y) }
func (r *rail) DragEnd()                         { r.MouseOut() }
func (r *rail) MouseIn(e *desktop.MouseEvent)    { r.point(e.Position.Y) }
func (r *rail) MouseMoved(e *desktop.MouseEvent) { r.point(e.Position.Y) }
func (r *rail) MouseOut()                        { r.over = -1; r.Refresh() }

func (r *rail) CreateRenderer() fyne.WidgetRenderer { return &railRenderer{r} }

type railRenderer struct{ *rail }

func (r *railRenderer) Layout(s fyne.Size) {
	for i := range r.shown {
		t := r.texts[i]
		h := t.MinSize().Height
		each := s.Height / float32(len(r.shown))
		t.Resize(fyne.NewSize(s.Width, h))
		t.Move(fyne.NewPos(0, each*(float32(i)+0.5)-h/2))
	}
}

func (r *railRenderer) Refresh() {
	for i, section := range r.shown {
		t := r.texts[i]
		t.Text, t.Color = shownLetter(section.Letter), themeColor(colorMuted)
		if i == r.over {
			t.Color = themeColor(theme.ColorNamePrimary)
		}
	}
	r.Layout(r.rail.Size())
	canvas.Refresh(r.rail)
}

func (r *railRenderer) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, len(r.shown))
	for i := range r.shown {
		objects[i] = r.texts[i]
	}
	return objects
}
func (r *railRenderer) Destroy() {}
