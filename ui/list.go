package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// rowList is a virtual list: it draws the rows in sight, asks source for their state, and leaves the selection to its owner, which
// hears of clicks and keys. widget.List knows one selected row, and redraws all for each.
type rowList struct {
	widget.BaseWidget
	source   func(index int) rowState
	onRange  func(first, last int) // the rows in sight have changed
	onTap    func(index int, m fyne.KeyModifier)
	onAlt    func(index int, at fyne.Position)
	drag     rowDrag
	onFocus  func()
	onKey    func(*fyne.KeyEvent) // while the list has the focus
	onRune   func(rune)
	disabled bool

	length  int
	focused bool
	tapping bool // the focus comes with a click, which chooses a row itself
	scroll  *container.Scroll
	body    *rowListBody
}

func newRowList() *rowList {
	l := &rowList{}
	l.body = &rowListBody{list: l, used: map[int]*listRow{}}
	l.body.ExtendBaseWidget(l.body)
	l.scroll = container.NewVScroll(l.body)
	l.scroll.OnScrolled = func(fyne.Position) { l.body.lay() }
	l.ExtendBaseWidget(l)
	return l
}

func (l *rowList) inside() []fyne.CanvasObject { return []fyne.CanvasObject{l.scroll} }

func (l *rowList) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(l.scroll) }
func (l *rowList) MinSize() fyne.Size                  { return fyne.NewSize(180, rowHeight*2) }

func (l *rowList) Resize(s fyne.Size) {
	l.BaseWidget.Resize(s)
	l.body.lay()
}

// setLength says how many rows there are, and draws anew what is in sight.
func (l *rowList) setLength(n int) {
	l.length = n
	l.scroll.Content.Resize(fyne.NewSize(l.scroll.Size().Width, l.body.MinSize().Height))
	if bottom := l.body.MinSize().Height - l.scroll.Size().Height; l.scroll.Offset.Y > max(0, bottom) {
		l.scroll.Offset.Y = max(0, bottom)
	}
	l.scroll.Refresh()
	l.body.lay()
}

// redraw asks source again for every row in sight.
func (l *rowList) redraw() { l.body.lay() }

// visible is the range of rows in sight, the last one excluded.
func (l *rowList) visible() (first, last int) {
	height := l.scroll.Size().Height
	if height <= 0 || l.length == 0 {
		return 0, 0
	}
	first = max(0, int(l.scroll.Offset.Y/rowHeight))
	return min(first, l.length), min(l.length, first+int(height/rowHeight)+2)
}

// page is how many rows fit.
func (l *rowList) page() int { return max(1, int(l.scroll.Size().Height/rowHeight)) }

// show scrolls as little as needed to have a row in sight.
func (l *rowList) show(index int) {
	height := l.scroll.Size().Height
	if index < 0 || index >= l.length || height <= 0 {
		return
	}
	top := float32(index) * rowHeight
	switch {
	case top < l.scroll.Offset.Y:
		l.scroll.ScrollToOffset(fyne.NewPos(0, top))
	case top+rowHeight > l.scroll.Offset.Y+height:
		l.scroll.ScrollToOffset(fyne.NewPos(0, top+rowHeight-height))
	}
	l.body.lay()
}

// top scrolls a row to the top, as far as there are rows below it.
func (l *rowList) top(index int) {
	l.scroll.ScrollToOffset(fyne.NewPos(0, max(0, min(float32(index)*rowHeight, l.body.MinSize().Height-l.scroll.Size().Height))))
	l.body.lay()
}

func (l *rowList) toTop() {
	l.scroll.ScrollToOffset(fyne.Position{})
	l.body.lay()
}

func (l *rowList) FocusGained() {
	l.focused = true
	l.onFocus()
	l.redraw()
}

func (l *rowList) FocusLost()                { l.focused = false; l.redraw() }
func (l *rowList) TypedKey(e *fyne.KeyEvent) { l.onKey(e) }
func (l *rowList) TypedRune(r rune)          { l.onRune(r) }
func (l *rowList) Disable()                  { l.disabled = true }
func (l *rowList) Enable()                   { l.disabled = false }
func (l *rowList) Disabled() bool            { return l.disabled }

var _ fyne.Disableable = (*rowList)(nil)

// rowListBody is as high as all the rows together, and holds the few that are in sight.
type rowListBody struct {
	widget.BaseWidget
	list    *rowList
	used    map[int]*listRow
	spare   []*listRow
	objects []fyne.CanvasObject
}

func (b *rowListBody) MinSize() fyne.Size {
	return fyne.NewSize(180, float32(b.list.length)*rowHeight)
}

func (b *rowListBody) inside() []fyne.CanvasObject {
	rows := make([]fyne.CanvasObject, 0, len(b.used)+len(b.spare))
	for _, r := range b.used {
		rows = append(rows, r)
	}
	for _, r := range b.spare {
		rows = append(rows, r)
	}
	return rows
}

func (b *rowListBody) CreateRenderer() fyne.WidgetRenderer { return &rowListRenderer{b} }

// lay puts a row widget at every place in sight, keeping those that are there, and gives each its state.
func (b *rowListBody) lay() {
	l := b.list
	if l.source == nil {
		return
	}
	first, last := l.visible()
	for i, r := range b.used {
		if i < first || i >= last {
			delete(b.used, i)
			b.spare = append(b.spare, r)
		}
	}
	if l.onRange != nil {
		l.onRange(first, last)
	}
	width := l.scroll.Size().Width
	changed := len(b.objects) != last-first
	for i := first; i < last; i++ {
		r, ok := b.used[i]
		if !ok {
			r, changed = b.row(), true
			b.used[i] = r
		}
		r.Move(fyne.NewPos(0, float32(i)*rowHeight))
		if size := fyne.NewSize(width, rowHeight); r.Size() != size {
			r.Resize(size)
		}
		r.set(i, l.source(i))
	}
	if changed {
		b.objects = b.objects[:0]
		for i := first; i < last; i++ {
			b.objects = append(b.objects, b.used[i])
		}
		b.Refresh()
	}
}

func (b *rowListBody) row() *listRow {
	if n := len(b.spare); n > 0 {
		r := b.spare[n-1]
		b.spare = b.spare[:n-1]
		r.index = -1 // the theme may have changed since: draw it whole
		return r
	}
	l := b.list
	tap := func(i int, m fyne.KeyModifier) {
		if l.disabled {
			return
		}
		if c := fyne.CurrentApp().Driver().CanvasForObject(l); c != nil {
			l.tapping = true
			c.Focus(l)
			l.tapping = false
		}
		l.onTap(i, m)
	}
	alt := func(i int, at fyne.Position) {
		if !l.disabled {
			l.onAlt(i, at)
		}
	}
	return newListRow(tap, alt, rowDrag{over: func(i int, at fyne.Position) {
		if !l.disabled && l.drag.over != nil {
			l.drag.over(i, at)
		}
	}, end: func() {
		if l.drag.end != nil {
			l.drag.end()
		}
	}})
}

type rowListRenderer struct{ *rowListBody }

func (r *rowListRenderer) Layout(fyne.Size)             {}
func (r *rowListRenderer) Refresh()                     { canvas.Refresh(r.rowListBody) }
func (r *rowListRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *rowListRenderer) Destroy()                     {}
