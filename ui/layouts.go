package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Widths of the panes, and the window's widths from which three and two of them stand side by side.
const (
	sidebarWidth   = 228
	listWidth      = 330
	threePanes     = 900
	twoPanes       = 620
	columnWidth    = 680 // of the contact: longer lines are hard to read
	narrowestPanes = 320
)

// paneWidths shares the window's width among the panes; 0: a pane is not shown. In one pane, the contact covers the list.
func paneWidths(width float32, contact bool) (side, list, detail float32) {
	switch {
	case width >= threePanes:
		list = min(listWidth, max(280, width*0.3))
		return sidebarWidth, list, width - sidebarWidth - list
	case width >= twoPanes:
		list = min(listWidth, width*0.42)
		return 0, list, width - list
	case contact:
		return 0, 0, width
	}
	return 0, width, 0
}

// paneLayout lays out the sidebar, the list and the contact, in this order. changed hears of a new number of panes, before they have
// their new places.
type paneLayout struct {
	contact bool // in one pane: show the contact, not the list
	shown   [3]bool
	changed func(side, list, detail bool)
}

func (l *paneLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(narrowestPanes, 300) }

func (l *paneLayout) Layout(panes []fyne.CanvasObject, s fyne.Size) {
	side, list, detail := paneWidths(s.Width, l.contact)
	if wider := side * (theme.TextSize()/normalText - 1); wider > 0 && detail-wider >= columnWidth/2 { // names of lists stay whole in larger text
		side, detail = side+wider, detail-wider
	}
	if shown := [3]bool{side > 0, list > 0, detail > 0}; shown != l.shown {
		l.shown = shown
		if l.changed != nil {
			l.changed(shown[0], shown[1], shown[2])
		}
	}
	x := float32(0)
	for i, w := range []float32{side, list, detail} {
		if w == 0 {
			panes[i].Hide()
			continue
		}
		panes[i].Show()
		panes[i].Move(fyne.NewPos(x, 0))
		panes[i].Resize(fyne.NewSize(w, s.Height))
		x += w
	}
}

// pageLayout gives all its room to each page that is shown. One that is not is left alone: laying it out takes as long, and nobody
// sees it. showPage shows it.
type pageLayout struct{}

func (pageLayout) MinSize(pages []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, p := range pages {
		if p.Visible() {
			s = s.Max(p.MinSize())
		}
	}
	return s
}

func (pageLayout) Layout(pages []fyne.CanvasObject, s fyne.Size) {
	for _, p := range pages {
		if p.Visible() {
			p.Resize(s)
		}
	}
}

// showPage shows a page of box, whose layout is a pageLayout.
func showPage(box *fyne.Container, page fyne.CanvasObject) {
	page.Show()
	page.Resize(box.Size())
}

// columnLayout stacks its objects in one column of at most columnWidth, inside margins, with gap between them.
type columnLayout struct{ margin, gap float32 }

func (l columnLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		s.Width = max(s.Width, m.Width)
		s.Height += m.Height
		n++
	}
	return fyne.NewSize(s.Width+2*l.margin, s.Height+2*l.margin+l.gap*float32(max(0, n-1)))
}

func (l columnLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	width := min(columnWidth, s.Width-2*l.margin)
	x := l.margin + max(0, (s.Width-2*l.margin-width)/2)*0.5 // a little left of the middle, near the list
	y := l.margin
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		// Wrapped text knows its height only when it knows its width.
		o.Resize(fyne.NewSize(width, o.MinSize().Height))
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(width, h))
		o.Move(fyne.NewPos(x, y))
		y += h + l.gap
	}
}

// insets surrounds one object.
type insets struct{ top, right, bottom, left float32 }

func (l insets) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return objects[0].MinSize().AddWidthHeight(l.left+l.right, l.top+l.bottom)
}

func (l insets) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	objects[0].Move(fyne.NewPos(l.left, l.top))
	objects[0].Resize(s.SubtractWidthHeight(l.left+l.right, l.top+l.bottom))
}

// barLayout is one line: objects at their own width, centred in height, and the one that fills the rest.
type barLayout struct {
	gap  float32
	fill int // the index of the object that takes what is left; -1: none
}

func (l barLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		s.Width += m.Width
		s.Height = max(s.Height, m.Height)
		n++
	}
	s.Width += l.gap * float32(max(0, n-1))
	return s
}

func (l barLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	rest := s.Width - l.MinSize(objects).Width
	x := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if i == l.fill {
			m.Width = max(0, m.Width+rest) // with too little room for all, it is the one that is cut
			o.Resize(m)
			m.Height = o.MinSize().Height // wrapped text knows its height only when it knows its width
		}
		o.Resize(m)
		o.Move(fyne.NewPos(x, (s.Height-m.Height)/2))
		x += m.Width + l.gap
	}
}

// pinned lays out a top, a bottom, and a middle that takes the rest, in this order, which is also the order of Tab.
type pinned struct{}

func (pinned) MinSize(o []fyne.CanvasObject) fyne.Size {
	top, middle, bottom := minSize(o[0]), minSize(o[1]), minSize(o[2])
	return fyne.NewSize(max(top.Width, middle.Width, bottom.Width), top.Height+middle.Height+bottom.Height)
}

func (pinned) Layout(o []fyne.CanvasObject, s fyne.Size) {
	top, bottom := minSize(o[0]).Height, minSize(o[2]).Height
	o[0].Resize(fyne.NewSize(s.Width, top))
	o[0].Move(fyne.NewPos(0, 0))
	o[1].Resize(fyne.NewSize(s.Width, max(0, s.Height-top-bottom)))
	o[1].Move(fyne.NewPos(0, top))
	o[2].Resize(fyne.NewSize(s.Width, bottom))
	o[2].Move(fyne.NewPos(0, s.Height-bottom))
}

// minSize is nothing for an object that is not shown.
func minSize(o fyne.CanvasObject) fyne.Size {
	if !o.Visible() {
		return fyne.Size{}
	}
	return o.MinSize()
}

// besideLayout gives the second object its width at the right while it is shown, and the first the rest.
type besideLayout struct{}

func (besideLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	first, second := o[0].MinSize(), minSize(o[1])
	return fyne.NewSize(first.Width+second.Width, max(first.Height, second.Height))
}

func (besideLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	width := minSize(o[1]).Width
	o[0].Resize(fyne.NewSize(s.Width-width, s.Height))
	o[1].Resize(fyne.NewSize(width, s.Height))
	o[1].Move(fyne.NewPos(s.Width-width, 0))
}

// anyWidth lets its object be narrower than it asks for: what scrolls only downwards must not stand out at the side.
type anyWidth struct{}

func (anyWidth) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, o[0].MinSize().Height)
}

func (anyWidth) Layout(o []fyne.CanvasObject, s fyne.Size) { o[0].Resize(s) }
