package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
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

// places are all lists, in the sidebar's order.
func places() []place {
	return []place{
		{data.All, lang.L("All contacts"), iconPeople},
		{data.Favourites, lang.L("Favourites"), iconFavorite},
		{data.Birthdays, lang.L("Birthdays"), iconCake},
		{data.Recent, lang.L("Recently changed"), iconRecent},
		{duplicatesPlace, lang.L("Duplicates"), iconMerge},
		{data.Conflicted, lang.L("Conflicts"), iconConflict},
		{data.Reviewed, lang.L("To review"), iconReview},
		{data.Trash, lang.L("Trash"), iconTrash},
	}
}

// belowLabels are the places that stand after the labels.
var belowLabels = []data.Filter{duplicatesPlace, data.Conflicted, data.Reviewed, data.Trash}

func placeOf(f data.Filter) place {
	all := places()
	for _, p := range all {
		if p.filter == f {
			return p
		}
	}
	return all[0]
}

// listName names what a query lists, its text aside.
func listName(q data.Query) string {
	if q.Label != "" {
		return "“" + q.Label + "”"
	}
	return placeOf(q.Filter).name
}

// placeCount is the number beside a list.
func placeCount(c data.Counts, f data.Filter) int {
	switch f {
	case data.Favourites:
		return c.Favourites
	case data.Birthdays:
		return c.Birthdays
	case data.Recent:
		return 0 // how many they are helps nobody
	case data.Conflicted:
		return c.Conflicted
	case data.Reviewed:
		return c.Reviewed
	case data.Trash:
		return c.Trash
	}
	return c.All
}

// sidebarActions are what a sidebar's owner does.
type sidebarActions struct {
	choose      func(data.Filter)
	chooseLabel func(name string)
	labelMenu   func(name string, at fyne.Position)
	newLabel    func()
	books       bookActions

	dropLabel           func(name string) // the dragged contacts get a label
	dropStar, dropTrash func()
}

// sidebar is the left pane: the lists and the labels, with their counts.
type sidebar struct {
	box        *fyne.Container
	scroll     *container.Scroll
	items      map[data.Filter]*sideItem
	labels     []*labelItem
	duplicates int    // groups that were found
	label      string // the chosen one; "" : a list is
	actions    sidebarActions
	colors     labelColors
	empty      []string // labels that no contact has yet
	on         bool

	books           *bookSection
	labelBox        *fyne.Container
	heading, column *fyne.Container
}

// labelItem is the line of a label.
type labelItem struct {
	*sideItem
	label string
	dot   *labelDot
}

func newSidebar(actions sidebarActions) *sidebar {
	s := &sidebar{items: map[data.Filter]*sideItem{}, actions: actions, on: true, colors: labelColors{}, labelBox: container.New(columnLayout{gap: 2})}
	var above, below []fyne.CanvasObject
	for _, p := range places() {
		item := newSideItem(widget.NewIcon(p.icon), p.name, func() { actions.choose(p.filter) })
		s.items[p.filter] = item
		if slices.Contains(belowLabels, p.filter) {
			below = append(below, item)
		} else {
			above = append(above, item)
		}
	}
	s.items[data.Favourites].drop, s.items[data.Trash].drop = actions.dropStar, actions.dropTrash
	add := newQuietButton("", theme.ContentAddIcon(), actions.newLabel)
	s.heading = container.New(insets{2, 2, 0, 12}, container.New(barLayout{fill: 0}, newTextLine(lang.L("Labels"), colorMuted, sizeSmall), add))
	actions.books.reveal = func(item fyne.CanvasObject) { revealIn(s.scroll, item) }
	s.books = newBookSection(actions.books)
	s.column = container.New(columnLayout{gap: 8}, s.books.box, container.New(columnLayout{gap: 2}, above...),
		container.New(columnLayout{gap: 2}, s.heading, s.labelBox), container.New(columnLayout{gap: 2}, below...))
	s.scroll = container.NewVScroll(container.New(insets{10, 10, 10, 10}, s.column))
	keepInSight(s.scroll)
	s.box = container.NewStack(newPanel(colorSidebar), s.scroll)
	s.choose(data.All)
	s.show(data.Counts{})
	return s
}

// choose marks a list as the one that is shown.
func (s *sidebar) choose(f data.Filter) {
	s.label = ""
	s.mark(&f)
}

// chooseLabel marks a label as the one that is shown.
func (s *sidebar) chooseLabel(name string) {
	s.label = name
	s.mark(nil)
}

func (s *sidebar) mark(f *data.Filter) {
	for filter, item := range s.items {
		item.setSelected(f != nil && filter == *f)
	}
	for _, item := range s.labels {
		item.setSelected(item.label == s.label)
	}
}

// show writes the counts; the lists of conflicts are there only while there are some.
func (s *sidebar) show(c data.Counts) {
	for filter, item := range s.items {
		item.setCount(placeCount(c, filter))
	}
	duplicates := s.items[duplicatesPlace]
	duplicates.setCount(s.duplicates)
	duplicates.Hidden = s.duplicates == 0 && !duplicates.selected
	for _, f := range []data.Filter{data.Conflicted, data.Reviewed} {
		s.items[f].Hidden = placeCount(c, f) == 0 && !s.items[f].selected
	}
	s.showLabels(allLabels(c, s.empty))
	if !s.box.Size().IsZero() { // else it has not been laid out yet
		s.scroll.Refresh() // its lines move when others come and go
	}
}

// showLabels keeps the lines that are there: one of them may have the focus.
func (s *sidebar) showLabels(labels []data.Label) {
	before := len(s.labels)
	for i, l := range labels {
		if i == len(s.labels) {
			s.labels = append(s.labels, s.newLabelItem())
			s.labelBox.Objects = append(s.labelBox.Objects, s.labels[i].sideItem)
			keepThisInSight(s.scroll, s.labels[i].sideItem)
		}
		item := s.labels[i]
		item.label = l.Name
		item.name.setText(l.Name)
		item.setCount(l.Count)
		item.dot.set(s.colors.of(l.Name))
		item.setSelected(l.Name == s.label)
	}
	clear(s.labelBox.Objects[len(labels):])
	s.labelBox.Objects = s.labelBox.Objects[:len(labels)]
	clear(s.labels[len(labels):])
	s.labels = s.labels[:len(labels)]
	if len(s.labelBox.Objects) != before {
		layOut(s.labelBox)
	}
}

func (s *sidebar) newLabelItem() *labelItem {
	i := &labelItem{dot: newLabelDot()}
	i.sideItem = newSideItem(i.dot, "", func() { s.actions.chooseLabel(i.label) })
	i.menu = func(at fyne.Position) { s.actions.labelMenu(i.label, at) }
	i.drop = func() { s.actions.dropLabel(i.label) }
	i.disabled = !s.on
	return i
}

// targetAt is the line under a place of the window that contacts can be dropped on, or nil; it is marked, and no other.
func (s *sidebar) targetAt(at fyne.Position) *sideItem {
	var target *sideItem
	mark := func(item *sideItem) {
		over := false
		if item.drop != nil && item.Visible() && s.box.Visible() {
			from, size := fyne.CurrentApp().Driver().AbsolutePositionForObject(item), item.Size()
			over = at.X >= from.X && at.X < from.X+size.Width && at.Y >= from.Y && at.Y < from.Y+size.Height
		}
		if over {
			target = item
		}
		if item.dropping != over {
			item.dropping = over
			item.Refresh()
		}
	}
	for _, item := range s.items {
		mark(item)
	}
	for _, item := range s.labels {
		mark(item.sideItem)
	}
	for _, item := range s.books.items {
		mark(item.sideItem)
	}
	return target
}

func (s *sidebar) enable(on bool) {
	s.on = on
	s.books.enable(on)
	for _, item := range s.items {
		item.disabled = !on
	}
	for _, item := range s.labels {
		item.disabled = !on
	}
}
