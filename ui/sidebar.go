package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/data"
)

// place is one list of the sidebar.
type place struct {
	filter data.Filter
	name   string
	icon   fyne.Resource
}

var places = []place{
	{data.All, "All contacts", iconPeople},
	{data.Favourites, "Favourites", iconFavorite},
	{data.Conflicted, "Conflicts", iconConflict},
	{data.Trash, "Trash", iconTrash},
}

func placeOf(f data.Filter) place {
	for _, p := range places {
		if p.filter == f {
			return p
		}
	}
	return places[0]
}

// placeCount is the number beside a list.
func placeCount(c data.Counts, f data.Filter) int {
	switch f {
	case data.Favourites:
		return c.Favourites
	case data.Conflicted:
		return c.Conflicted
	case data.Trash:
		return c.Trash
	}
	return c.All
}

// sidebar is the left pane: the lists, with their counts.
type sidebar struct {
	box   *fyne.Container
	items map[data.Filter]*sideItem
}

func newSidebar(chosen func(data.Filter)) *sidebar {
	s := &sidebar{items: map[data.Filter]*sideItem{}}
	column := container.New(columnLayout{margin: 10, gap: 2})
	for _, p := range places {
		item := newSideItem(p, func() { chosen(p.filter) })
		s.items[p.filter] = item
		column.Add(item)
	}
	s.box = container.NewStack(newPanel(colorSidebar), column)
	s.choose(data.All)
	s.show(data.Counts{})
	return s
}

func (s *sidebar) choose(f data.Filter) {
	for filter, item := range s.items {
		item.setSelected(filter == f)
	}
}

// show writes the counts; the list of conflicts is there only while there are some.
func (s *sidebar) show(c data.Counts) {
	for filter, item := range s.items {
		item.setCount(placeCount(c, filter))
	}
	conflicts := s.items[data.Conflicted]
	conflicts.Hidden = c.Conflicted == 0 && !conflicts.selected
	s.box.Refresh()
}

func (s *sidebar) enable(on bool) {
	for _, item := range s.items {
		item.disabled = !on
	}
}

// sideItem is a line of the sidebar: Tab reaches it, Enter and Space choose it.
type sideItem struct {
	widget.BaseWidget
	chosen                               func()
	count                                int
	selected, hovered, focused, disabled bool

	ground *canvas.Rectangle
	icon   *widget.Icon
	name   *textLine
	number *textLine
	line   *fyne.Container
}

func newSideItem(p place, chosen func()) *sideItem {
	i := &sideItem{chosen: chosen, ground: canvas.NewRectangle(nil), icon: widget.NewIcon(p.icon),
		name: newTextLine(p.name, theme.ColorNameForeground, theme.SizeNameText), number: newCaption("")}
	i.ground.CornerRadius = 8
	i.line = container.New(barLayout{gap: 10, fill: 1}, i.icon, i.name, i.number)
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

func (i *sideItem) MinSize() fyne.Size             { return fyne.NewSize(120, 36) }
func (i *sideItem) Tapped(*fyne.PointEvent)        { i.choose() }
func (i *sideItem) MouseIn(*desktop.MouseEvent)    { i.hovered = true; i.Refresh() }
func (i *sideItem) MouseMoved(*desktop.MouseEvent) {}
func (i *sideItem) MouseOut()                      { i.hovered = false; i.Refresh() }
func (i *sideItem) FocusGained()                   { i.focused = true; i.Refresh() }
func (i *sideItem) FocusLost()                     { i.focused = false; i.Refresh() }
func (i *sideItem) TypedRune(rune)                 {}
func (i *sideItem) Disabled() bool                 { return i.disabled }
func (i *sideItem) Disable()                       { i.disabled = true }
func (i *sideItem) Enable()                        { i.disabled = false }

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
	default:
		passOn(i, e)
	}
}

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
