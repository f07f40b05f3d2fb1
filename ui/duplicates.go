package ui

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/contact/duplicate"
	"kith/data"
)

// duplicatesPlace is the sidebar's line of the duplicates: a place, though no filter of the store.
const duplicatesPlace data.Filter = -1

// searchPause is how long after its start the window begins to search for duplicates: everything that the user sees comes first.
const searchPause = 2 * time.Second

// lane is one of what the duplicates are sorted into.
type lane struct {
	lane duplicate.Lane
	name string
}

// lanes are all of them, the surest first.
func lanes() []lane {
	return []lane{{duplicate.Certain, lang.L("Certain")}, {duplicate.Likely, lang.L("Likely")}, {duplicate.Look, lang.L("Look at it")}}
}

// duplicatesPane is the middle pane while duplicates are looked through: the lanes, and the groups of one.
type duplicatesPane struct {
	open   bool
	groups []data.Duplicates
	lane   duplicate.Lane
	shown  []data.Duplicates // of the lane
	at     int
	later  map[string]bool // put off until the place is left

	onShow func(d *data.Duplicates) // nil: there is none
	onKey  func(*fyne.KeyEvent)
	onIn   func() // a click, or Enter

	box      *fyne.Container
	menu     *button
	tabs     []*button
	list     *rowList
	none     *emptyState
	mergeAll *button
	footer   *fyne.Container
}

func newDuplicatesPane(mergeAll func()) *duplicatesPane {
	p := &duplicatesPane{lane: duplicate.Certain, list: newRowList(), none: newEmptyState(), later: map[string]bool{}}
	p.menu = newQuietButton("", theme.MenuIcon(), nil)
	p.menu.Hide()
	tabs := container.New(byTheirTexts{gap: 4})
	for _, l := range lanes() {
		tab := newButton(l.name, nil, func() { p.choose(l.lane) })
		p.tabs = append(p.tabs, tab)
		tabs.Add(tab)
	}
	p.mergeAll = newMainButton("", mergeAll)
	l := p.list
	l.source = p.rowState
	l.onTap = func(i int, _ fyne.KeyModifier) { p.show(i); p.onIn() }
	l.onAlt = func(i int, _ fyne.Position) { p.show(i) }
	l.drag = rowDrag{over: func(int, fyne.Position) {}, end: func() {}}
	l.onFocus, l.onRune, l.onKey = func() {}, func(rune) {}, p.key
	header := container.New(insets{12, 12, 10, 14}, container.New(barLayout{gap: 6, fill: 1}, p.menu, tabs))
	p.footer = container.New(insets{8, 14, 10, 14}, p.mergeAll)
	middle := container.NewStack(p.list, container.NewCenter(p.none.box))
	p.box = container.NewStack(newPanel(colorList), container.New(pinned{}, header, middle, p.footer), newEdge())
	p.box.Hide()
	return p
}

// set takes what the search has found. What is shown stays shown, if it is still there.
func (p *duplicatesPane) set(groups []data.Duplicates) {
	before := ""
	if p.at < len(p.shown) {
		before = groupID(p.shown[p.at])
	}
	p.groups = groups
	if before != "" {
		p.advance()
	}
	p.relist(before)
}

// advance goes to the first lane that has something, if the one at hand has nothing any more.
func (p *duplicatesPane) advance() {
	counts := laneCounts(p.groups)
	for _, l := range lanes() {
		if counts[p.lane] == 0 && counts[l.lane] > 0 {
			p.lane = l.lane
		}
	}
}

// choose shows another lane.
func (p *duplicatesPane) choose(lane duplicate.Lane) {
	p.lane = lane
	p.relist("")
}

// relist lists the groups of the lane, and shows the one of that id, or the one that has taken its place.
func (p *duplicatesPane) relist(id string) {
	counts := laneCounts(p.groups)
	p.shown = nil
	for _, put := range []bool{false, true} { // what was put off stands last
		for _, g := range p.groups {
			if g.Lane == p.lane && p.later[groupID(g)] == put {
				p.shown = append(p.shown, g)
			}
		}
	}
	for i, l := range lanes() {
		p.tabs[i].SetText(l.name + ifAny(counts[l.lane] > 0, " "+thousands(counts[l.lane])))
		p.tabs[i].Importance = 0
		if l.lane == p.lane {
			p.tabs[i].Importance = widget.HighImportance
		}
		p.tabs[i].Refresh()
	}
	p.mergeAll.SetText(mergeAllText(counts[duplicate.Certain]))
	p.footer.Hidden = p.lane != duplicate.Certain || counts[duplicate.Certain] < 2 // for one there is Merge
	p.none.show(noDuplicates(p.lane, len(p.shown)))
	p.list.setLength(len(p.shown))
	at := slices.IndexFunc(p.shown, func(g data.Duplicates) bool { return groupID(g) == id })
	if at < 0 {
		at = min(p.at, len(p.shown)-1)
		if id == "" {
			at = 0
		}
	}
	p.box.Refresh()
	p.show(at)
}

// show chooses a group.
func (p *duplicatesPane) show(at int) {
	p.at = max(0, at)
	if p.at >= len(p.shown) {
		p.list.redraw()
		p.onShow(nil)
		return
	}
	p.list.show(p.at)
	p.list.redraw()
	p.onShow(&p.shown[p.at])
}

// putOff shows the next group, and this one last.
func (p *duplicatesPane) putOff() {
	if p.at < len(p.shown) {
		p.later[groupID(p.shown[p.at])] = true
		p.relist("-") // none has this id: what follows takes its place
	}
}

func (p *duplicatesPane) rowState(i int) rowState {
	if i < 0 || i >= len(p.shown) {
		return rowState{}
	}
	g := p.shown[i]
	row := g.Rows[0]
	row.Name, row.Subtitle = groupName(g), groupText(g)
	row.Starred, row.Pending, row.Conflict = false, false, false
	return rowState{row: row, loaded: true, selected: i == p.at}
}

func (p *duplicatesPane) key(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyDown:
		p.show(min(p.at+1, len(p.shown)-1))
	case fyne.KeyUp:
		p.show(p.at - 1)
	case fyne.KeyPageDown:
		p.show(min(p.at+p.list.page(), len(p.shown)-1))
	case fyne.KeyPageUp:
		p.show(p.at - p.list.page())
	case fyne.KeyHome:
		p.show(0)
	case fyne.KeyEnd:
		p.show(len(p.shown) - 1)
	case fyne.KeyReturn, fyne.KeyEnter:
		p.onIn()
	default:
		p.onKey(e)
	}
}

// groupID tells groups apart, whatever their order.
func groupID(g data.Duplicates) string {
	var ids []string
	for _, r := range g.Rows {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, " ")
}

// groupName names a group by its contacts: "Ada Lovelace", "Bob Smith, Robert Smith".
func groupName(g data.Duplicates) string {
	var names []string
	for _, r := range g.Rows {
		if name := nameOr(r.Name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return commaed(names)
}

// groupText is a group's second line: why its contacts seem to be one, and how many they are, if more than two.
func groupText(g data.Duplicates) string {
	if n := len(g.Rows); n > 2 {
		return facts(lang.N("{{.Count}} contacts", n, counted(n)), reasonsText(g.Reasons))
	}
	return reasonsText(g.Reasons)
}

func laneCounts(groups []data.Duplicates) map[duplicate.Lane]int {
	counts := map[duplicate.Lane]int{}
	for _, g := range groups {
		counts[g.Lane]++
	}
	return counts
}

// mergeAllText is on the button that merges all of which nobody need doubt.
func mergeAllText(n int) string { return lang.L("Merge all {{.Number}}", with{"Number": thousands(n)}) }

// noDuplicates is what an empty lane says.
func noDuplicates(lane duplicate.Lane, n int) emptyWords {
	switch {
	case n > 0:
		return emptyWords{}
	case lane == duplicate.Certain:
		return emptyWords{title: lang.L("Nothing is there twice for certain"), text: lang.L("Contacts with the same name and the same e-mail or phone come here.")}
	case lane == duplicate.Likely:
		return emptyWords{title: lang.L("Nothing is likely there twice"), text: lang.L("Contacts that share something, and whose names may be one, come here.")}
	}
	return emptyWords{title: lang.L("Nothing to look at"), text: lang.L("Contacts that may be the same, or namesakes, come here.")}
}

// ---- in the book ----------------------------------------------------------------------------------------------------------

// findDuplicates searches in the background, and shows what is found.
func (b *book) findDuplicates() {
	askAgain(b.bg, &b.finding, func(ctx context.Context) ([]data.Duplicates, error) {
		if _, err := b.store.FindDuplicates(ctx); err != nil {
			return nil, err
		}
		return b.store.Duplicates(ctx)
	}, func(groups []data.Duplicates, err error) {
		if err != nil {
			if b.dups.open {
				b.toast.show(userMessage(err), 0)
			}
			return
		}
		b.sidebar.duplicates = len(groups)
		b.sidebar.show(b.counts)
		if b.dups.open {
			b.dups.set(groups)
		} else {
			b.dups.groups = groups
		}
	})
}

// comparing says that contacts are shown side by side, and so no single one.
func (b *book) comparing() bool { return b.dups.open || b.mergingChosen }

// openDuplicates goes to the place of the duplicates.
func (b *book) openDuplicates() {
	b.viewing.drop()
	b.sidebar.choose(duplicatesPlace)
	b.sidebar.show(b.counts)
	b.list.selection.clear()
	b.list.bar.show(0)
	b.view.shown = shownContact{}
	b.dups.open = true
	showPage(b.listBox, b.dups.box)
	b.dups.lane = duplicate.Certain
	b.dups.advance()
	b.dups.relist("")
	b.findDuplicates()
	b.showList()
	b.win.Canvas().Focus(b.dups.list)
}

// leaveDuplicates goes back to lists of contacts.
func (b *book) leaveDuplicates() {
	if b.mergingChosen {
		b.endMergingChosen()
	}
	if !b.dups.open {
		return
	}
	b.dups.open = false
	b.dups.later = map[string]bool{}
	b.dups.box.Hide()
	b.merging.drop()
	b.merge.clear()
	b.showPane(b.blank)
}

// showGroup puts a group's contacts side by side; nil: there is none.
func (b *book) showGroup(d *data.Duplicates) {
	if d == nil {
		b.merging.drop()
		b.merge.clear()
		b.showPane(b.blank)
		b.showList()
		return
	}
	var ids []data.RowID
	for _, r := range d.Rows {
		ids = append(ids, r.RowID)
	}
	b.merge.merge.SetText(lang.L("Merge"))
	b.merge.later.SetText(lang.L("Later"))
	b.showSideBySide(ids, reasonsText(d.Reasons), b.dups.comparingGroup)
}

func (p *duplicatesPane) comparingGroup() bool { return p.open }

// showSideBySide reads contacts and shows them, if that is still wanted then.
func (b *book) showSideBySide(ids []data.RowID, reasons string, wanted func() bool) {
	ask(b.bg, &b.merging, func(ctx context.Context) ([]data.Contact, error) { return b.store.Contacts(ctx, ids) },
		func(contacts []data.Contact, err error) {
			contacts = slices.DeleteFunc(contacts, func(c data.Contact) bool { return !c.Deleted.IsZero() })
			switch {
			case err != nil:
				b.toast.show(userMessage(err), 0)
			case !wanted() || b.editing:
			case len(contacts) < 2 && b.mergingChosen:
				b.endMergingChosen()
			case len(contacts) >= 2:
				b.merge.show(contacts, reasons)
				b.showPane(b.merge.box)
			}
		})
}

// mergeChosen shows the chosen contacts side by side, to be merged.
func (b *book) mergeChosen() {
	ids := b.list.chosenRows()
	if b.editing || b.comparing() || b.list.query.Filter == data.Trash {
		return
	}
	if len(ids) < 2 {
		b.toast.show(lang.L("Choose two contacts or more to merge them"), 0)
		return
	}
	if len(ids) > mostChosen {
		b.toast.show(lang.N("Choose {{.Count}} contacts at most to merge them into one", mostChosen, counted(mostChosen)), 0)
		return
	}
	b.mergingChosen = true
	b.list.enable(false)
	b.sidebar.enable(false)
	b.sideRest.Show()
	b.merge.clear()
	b.merge.later.SetText(lang.L("Cancel"))
	b.showSideBySide(ids, "", func() bool { return b.mergingChosen })
	b.showContact()
	b.win.Canvas().Focus(b.merge.merge)
}

// mostChosen keeps Select All and a slip from making one contact of a whole book.
const mostChosen = 20

func (b *book) endMergingChosen() {
	b.mergingChosen = false
	b.merging.drop()
	b.merge.clear()
	b.list.enable(true)
	b.sidebar.enable(true)
	b.sideRest.Hide()
	b.showPane(b.blank)
	if b.list.selection.current != 0 {
		b.load(b.list.selection.current)
	}
	b.win.Canvas().Focus(b.list.list)
}

// endComparing is what follows a decision: the contact, or the next group. The keyboard goes back to the list, so that an Enter held too
// long decides nothing more.
func (b *book) endComparing() {
	if b.mergingChosen {
		b.endMergingChosen()
		return
	}
	b.showList()
	b.win.Canvas().Focus(b.dups.list)
}

// mergeShown merges what is side by side, as it was chosen.
func (b *book) mergeShown() {
	if b.merge.model == nil {
		return
	}
	m := data.Merge{Choices: b.merge.model.choices()}
	for _, c := range b.merge.contacts {
		m.IDs = append(m.IDs, c.ID)
	}
	name := nameOr(b.merge.result.DisplayName())
	if b.mergingChosen {
		b.list.reveal = b.merge.contacts[0].Row
	}
	b.endComparing()
	b.write(func(ctx context.Context) error { return b.store.MergeContacts(ctx, m) }, mergedText(len(m.IDs), name))
}

func mergedText(n int, name string) string {
	return lang.N("{{.Count}} contacts merged into {{.Name}}", n, with{"Count": thousands(n), "Name": name})
}

// tellApart remembers that what is side by side is not the same.
func (b *book) tellApart() {
	var ids []string
	for _, c := range b.merge.contacts {
		ids = append(ids, c.ID)
	}
	if len(ids) == 0 {
		return
	}
	b.endComparing()
	b.write(func(ctx context.Context) error { return b.store.TellApart(ctx, ids...) }, lang.L("Remembered as not the same"))
}

func (b *book) mergeLater() {
	if b.dups.open {
		b.dups.putOff()
	}
	b.endComparing()
}

// mergeCertain merges every group of which there is no doubt, as one action.
func (b *book) mergeCertain() {
	merges, contacts := data.CertainMerges(b.dups.groups)
	if len(merges) == 0 {
		return
	}
	b.write(func(ctx context.Context) error { return b.store.MergeContacts(ctx, merges...) }, mergedAllText(contacts, len(merges)))
}

func mergedAllText(contacts, into int) string {
	return lang.N("{{.Count}} contacts merged into {{.Number}}", contacts, with{"Count": thousands(contacts), "Number": thousands(into)})
}

// enterGroup is a click on a group, or Enter: where there is one pane, the comparison covers the list.
func (b *book) enterGroup() {
	b.showContact()
	if b.merge.box.Visible() && !b.dups.list.tapping {
		b.win.Canvas().Focus(b.merge.merge)
	}
}

// byTheirTexts gives each object the width that it asks for, and an equal share of what is left over.
type byTheirTexts struct{ gap float32 }

func (l byTheirTexts) MinSize(o []fyne.CanvasObject) fyne.Size { return sideBySide(l).MinSize(o[:1]) }

func (l byTheirTexts) Layout(o []fyne.CanvasObject, s fyne.Size) {
	rest := s.Width - l.gap*float32(len(o)-1)
	for _, c := range o {
		rest -= c.MinSize().Width
	}
	x, share := float32(0), rest/float32(len(o))
	for _, c := range o {
		w := c.MinSize().Width + share
		c.Resize(fyne.NewSize(w, s.Height))
		c.Move(fyne.NewPos(x, 0))
		x += w + l.gap
	}
}
