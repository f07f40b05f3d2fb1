package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/data"
)

// bookSection is the part of the sidebar that lists the books. Who has one book does not see it.
type bookSection struct {
	box   *fyne.Container
	items []*bookItem // the first is for all books
	list  *fyne.Container
	on    bool

	actions bookActions
}

// bookActions are what a click, a secondary click, the plus and a drop do.
type bookActions struct {
	choose func(id string)
	menu   func(id string, at fyne.Position)
	add    func(at fyne.Position)
	drop   func(id string)
	reveal func(item fyne.CanvasObject) // it has the focus now
}

// bookItem is the line of a book.
type bookItem struct {
	*sideItem
	book string
}

func newBookSection(a bookActions) *bookSection {
	s := &bookSection{actions: a, on: true, list: container.New(columnLayout{gap: 2})}
	add := newQuietButton("", theme.ContentAddIcon(), nil)
	add.OnTapped = func() {
		a.add(fyne.CurrentApp().Driver().AbsolutePositionForObject(add).AddXY(0, add.Size().Height))
	}
	heading := container.New(insets{2, 2, 0, 12}, container.New(barLayout{fill: 0}, newTextLine(lang.L("Books"), colorMuted, sizeSmall), add))
	s.box = container.New(columnLayout{gap: 2}, heading, s.list)
	s.box.Hide()
	return s
}

// show draws the books, with their counts and a quiet mark for those that are shared or can only be read.
func (s *bookSection) show(k shelf) {
	s.box.Hidden = !k.several()
	if s.box.Hidden {
		return
	}
	total := 0
	for _, n := range k.sizes {
		total += n
	}
	for i := range len(k.all) + 1 {
		if i == len(s.items) {
			s.items = append(s.items, s.newItem(i == 0))
			s.list.Add(s.items[i].sideItem)
		}
		item := s.items[i]
		if i == 0 {
			item.name.setText(lang.L("All books"))
			item.setCount(total)
		} else {
			b := k.all[i-1]
			item.book = b.ID
			item.name.setText(bookName(b))
			item.setCount(k.sizes[b.ID])
			item.setMark(bookMark(b))
			item.drop = nil
			if b.CanEdit() {
				item.drop = func() { s.actions.drop(b.ID) }
			}
		}
		item.setSelected(item.book == k.chosen)
	}
	for _, gone := range s.items[len(k.all)+1:] {
		s.list.Remove(gone.sideItem)
	}
	s.items = s.items[:len(k.all)+1]
}

func (s *bookSection) newItem(all bool) *bookItem {
	i := &bookItem{}
	icon := iconBook
	if all {
		icon = iconBooks
	}
	i.sideItem = newSideItem(widget.NewIcon(icon), "", func() { s.actions.choose(i.book) })
	i.onFocus = func() { s.actions.reveal(i.sideItem) }
	if !all {
		i.menu = func(at fyne.Position) { s.actions.menu(i.book, at) }
	}
	i.disabled = !s.on
	return i
}

func (s *bookSection) enable(on bool) {
	s.on = on
	for _, item := range s.items {
		item.disabled = !on
	}
}

// bookMark is the quiet mark beside a book's name; nil: it is the user's alone.
func bookMark(b data.Book) fyne.Resource {
	switch {
	case !b.CanEdit():
		return iconLock
	case b.Shared() || !b.Mine():
		return iconPeople
	}
	return nil
}

func (s *sidebar) showBooks(k shelf) {
	s.books.show(k)
	s.column.Refresh()
	s.scroll.Refresh()
}

// setMark puts a quiet mark before the number; nil: none.
func (i *sideItem) setMark(mark fyne.Resource) {
	i.mark.SetResource(mark)
	i.marked.Hidden = mark == nil
	i.line.Refresh()
}

// smallIcon keeps an icon smaller than the line's own.
type smallIcon struct{}

func (smallIcon) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSquareSize(15) }
func (smallIcon) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSquareSize(15))
	o[0].Move(fyne.NewPos((s.Width-15)/2, (s.Height-15)/2))
}
