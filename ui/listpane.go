package ui

import (
	"context"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"kith/data"
)

const (
	rowsKept  = 4096 // rows in memory
	rowsAhead = 40   // rows read beyond those in sight, on both sides
)

// listPane is the middle pane: the search box, the list, and how many there are. It owns which contacts are listed and chosen.
type listPane struct {
	bg     *background
	canvas fyne.Canvas
	store  *data.Store

	query     data.Query
	order     []data.RowID
	found     map[data.RowID]string // by that search, in the rows that have been in sight; see readFound
	shownText string                // the search that order is the answer to
	rows      *rowCache
	selection selection
	faces     *faces
	book      string // the name of the one that is listed; "" : all are
	fixed     bool   // it can only be read
	marks     bool   // there is a server: mark what it does not have
	railed    bool   // the rail has its room
	partial   bool   // order is but the top of the list, or the rail's letters are not known yet
	loaded    bool   // order is an answer, not the emptiness before the first

	listing, paging question
	stale           bool       // the book changed while a listing was under way
	wanted          [2]int     // the range of rows that is on its way
	reveal          data.RowID // to be scrolled to when it is listed
	begin           bool       // choose the first row of the list that was asked for

	shift    func() bool         // whether Shift is held: keys come without their modifiers
	onShow   func(id data.RowID) // another contact is to be shown; 0: none
	onAlt    func(at fyne.Position)
	onDelete func()
	onEscape func(*fyne.KeyEvent)
	onEnter  func()
	onFaces  func() // photos have come that were asked for

	box        *fyne.Container
	middle     *fyne.Container // the list and its rail
	search     *field
	menu       *button // where the sidebar has no room
	add        *button
	list       *rowList
	rail       *rail
	empty      *emptyState
	total      *textLine
	emptyTrash *button // in the same place where it is of the trash
	alike      *button // below the search where the list is one of questions
	bar        *selectionBar
	news       *bookNews
	rest       *scrim
}

func newListPane(bg *background, canvas fyne.Canvas, store *data.Store) *listPane {
	p := &listPane{bg: bg, canvas: canvas, store: store, rows: newRowCache(rowsKept), list: newRowList(), empty: newEmptyState(), total: newCaption(""), shift: shiftHeld}
	p.faces = newFaces(bg, store.Thumbnail, func() {
		p.list.redraw()
		p.onFaces()
	})
	p.onFaces = func() {}
	p.search = newField(lang.L("Search"))
	p.search.Icon = theme.SearchIcon()
	p.search.OnChanged = func(text string) { p.ask(withText(p.query, text)) }
	p.search.onKey = p.searchKey
	p.search.OnSubmitted = func(string) { p.openFirst() }
	p.menu = newQuietButton("", theme.MenuIcon(), nil)
	p.menu.Hide()
	p.add = newButton("", theme.ContentAddIcon(), nil)
	p.bar = newSelectionBar()
	p.news = newBookNews()
	p.rest = newScrim()

	l := p.list
	l.source, l.onRange = p.rowState, p.inSight
	l.onTap, l.onAlt = p.tapped, p.tappedAlt
	l.onKey, l.onRune, l.onFocus = p.listKey, p.listRune, p.listFocused

	p.total.fixed, p.total.align = false, fyne.TextAlignLeading
	p.alike = newQuietButton(lang.L("Decide All Alike…"), nil, nil)
	p.alike.Hide()
	p.emptyTrash = newQuietButton(lang.L("Empty Trash…"), nil, nil)
	p.emptyTrash.Hide()
	header := container.New(insets{12, 12, 10, 14}, container.New(columnLayout{gap: 6}, container.New(barLayout{gap: 6, fill: 1}, p.menu, p.search, p.add), p.news.box, p.alike, p.emptyTrash))
	footer := container.NewStack(container.New(insets{6, 14, 8, rowGutter}, p.total), p.bar.box)
	p.rail = newRail(func(at int) { l.top(at) })
	p.middle = container.New(besideLayout{}, p.list, p.rail)
	middle := container.NewStack(p.middle, container.NewCenter(p.empty.box))
	p.box = container.NewStack(newPanel(colorList), container.New(pinned{}, header, middle, footer), newEdge(), p.rest)
	return p
}

// ---- what is listed -------------------------------------------------------------------------------------------------------

// ask lists the answer to a new query. The old list stays until the answer is there.
func (p *listPane) ask(q data.Query) {
	if q == p.query && p.loaded {
		return
	}
	p.query = q
	p.reload(true)
}

// refresh lists anew: the book has changed. Rows in sight are drawn as they were until their new state is there.
func (p *listPane) refresh() {
	p.rows.outdate()
	if p.listing.cancel != nil {
		p.stale = true // one more when the answer is there, rather than never an answer while a sync runs
		return
	}
	p.reload(false)
}

type listing struct {
	order      []data.RowID
	partial    bool // it is but the top of a longer one, or its sections are not known yet
	text       string
	first      []data.Row            // the rows that will be in sight
	found      map[data.RowID]string // in those, see readFound
	sections   []data.Section
	generation int
}

// readListing reads an order, and its rows from one place to another.
func readListing(ctx context.Context, store *data.Store, q data.Query, from, to int) (listing, error) {
	order, err := store.Order(ctx, q)
	if err != nil {
		return listing{}, err
	}
	lo, hi := min(max(0, from), len(order)), min(len(order), to)
	rows, err := store.Rows(ctx, order[lo:hi])
	if err != nil {
		return listing{}, err
	}
	found, err := readFound(ctx, store, q, rows)
	if err != nil {
		return listing{}, err
	}
	var sections []data.Section
	if byNames(q) && len(order) >= railFromRows {
		sections, err = store.Sections(ctx, order, q.Sort)
	}
	return listing{order: order, text: q.Text, first: rows, found: found, sections: railSections(len(order), sections)}, err
}

// readTop reads the first rows of a list, and as much more of it as is at hand.
func readTop(ctx context.Context, store *data.Store, q data.Query, rows int) (listing, error) {
	order, whole, err := store.Top(ctx, q, max(rows, railFromRows))
	if err != nil {
		return listing{}, err
	}
	a := listing{order: order, partial: !whole, text: q.Text}
	if a.first, err = store.Rows(ctx, order[:min(len(order), rows)]); err != nil {
		return listing{}, err
	}
	if a.found, err = readFound(ctx, store, q, a.first); err != nil {
		return listing{}, err
	}
	if whole && byNames(q) && len(order) >= railFromRows {
		sections, ok, err := store.SectionsAtHand(ctx, order, q.Sort)
		if err != nil {
			return listing{}, err
		}
		a.sections, a.partial = railSections(len(order), sections), !ok
	}
	return a, nil
}

// reload lists anew. Of a new query the rows that will be in sight come first, and what is not at hand of the rest comes after them.
func (p *listPane) reload(newQuery bool) {
	if !newQuery {
		p.reloadWhole(false)
		return
	}
	q, generation, rows := p.query, p.rows.generation, p.list.page()+2
	askSoon(p.bg, &p.listing, func(ctx context.Context) (listing, error) {
		a, err := readTop(ctx, p.store, q, rows)
		a.generation = generation
		return a, err
	}, func(a listing, err error) {
		switch {
		case err != nil || !a.partial:
			p.answered(a, err, true)
		case p.selection.current != 0 && !slices.Contains(a.order, p.selection.current):
			p.reloadWhole(true) // the list will stand where the contact that is shown is, if it has that
		default:
			p.listed(a, true)
			p.reloadWhole(false)
		}
	})
}

func (p *listPane) reloadWhole(newQuery bool) {
	q, generation := p.query, p.rows.generation
	first, last := p.list.visible()
	if newQuery {
		first, last = 0, p.list.page()+1
	}
	ask(p.bg, &p.listing, func(ctx context.Context) (listing, error) {
		a, err := readListing(ctx, p.store, q, first-1, last+1)
		a.generation = generation
		return a, err
	}, func(a listing, err error) { p.answered(a, err, newQuery) })
}

// answered lists an answer that nothing follows.
func (p *listPane) answered(a listing, err error, newQuery bool) {
	if err != nil {
		p.fail(err)
	} else {
		p.listed(a, newQuery)
	}
	if p.stale {
		p.stale = false
		p.reload(false)
	}
}

func (p *listPane) listed(a listing, newQuery bool) {
	before, begins := p.selection.current, !p.loaded
	if newQuery || p.found == nil {
		p.found = map[data.RowID]string{}
	}
	maps.Copy(p.found, a.found)
	p.order, p.shownText, p.loaded, p.partial = a.order, a.text, true, a.partial
	p.rows.put(a.generation, a.first)
	p.wanted = [2]int{}
	switch {
	case !a.partial:
		p.selection.follow(p.order, newQuery && p.query.Text != "")
		p.rail.set(a.sections)
	case begins && byNames(p.query):
		p.rail.Show() // as it is sure to come: the rows must not become narrower then
	case !byNames(p.query):
		p.rail.set(nil)
	}
	if p.rail.Visible() != p.railed {
		p.railed = p.rail.Visible()
		p.middle.Refresh()
	}
	p.list.setLength(len(p.order))
	if newQuery {
		p.list.toTop()
		p.list.show(p.selection.place(p.order))
	}
	if p.begin && len(p.order) > 0 {
		p.selection.only(p.order[0], 0)
	}
	p.begin = p.begin && !newQuery
	if at := slices.Index(p.order, p.reveal); at >= 0 {
		p.selection.only(p.reveal, at)
		p.list.show(at)
		p.reveal = 0
	}
	if !a.partial { // else the old one stands until the new one is known
		p.total.setText(totalText(p.query, len(p.order)))
	}
	if hidden := !canEmpty(p.query, len(p.order)); p.emptyTrash.Hidden != hidden {
		p.emptyTrash.Hidden = hidden
		p.box.Refresh()
	}
	if hidden := !asksAlike(p.query, len(p.order)); p.alike.Hidden != hidden {
		p.alike.Hidden = hidden
		p.box.Refresh()
	}
	p.showEmpty()
	p.bar.show(p.selection.count())
	p.list.redraw()
	if p.selection.current != before {
		p.onShow(p.selection.current)
	}
}

// showEmpty says why there are no rows, if there are none.
func (p *listPane) showEmpty() {
	var words emptyWords
	if len(p.order) == 0 {
		words = emptyText(p.query, p.marks)
		if p.book != "" {
			words = emptyBookText(p.query, p.book, p.fixed, words)
		}
	}
	p.empty.show(words)
}

func (p *listPane) fail(err error) {
	p.empty.show(emptyWords{title: lang.L("The contacts can't be read"), text: userMessage(err)})
}

// totalText is the line under the list.
func totalText(q data.Query, n int) string {
	switch {
	case strings.TrimSpace(q.Text) != "":
		return lang.N("{{.Count}} matches", n, counted(n))
	case n == 0:
		return ""
	}
	return lang.N("{{.Count}} contacts", n, counted(n))
}

// inSight reads the pages that are in sight and not in memory.
func (p *listPane) inSight(first, last int) {
	lo, hi := max(0, first-rowsAhead), min(len(p.order), last+rowsAhead)
	if lo >= p.wanted[0] && hi <= p.wanted[1] {
		return // on their way
	}
	missing := false
	for _, id := range p.order[max(0, min(first-1, len(p.order))):min(last, len(p.order))] {
		if !p.known(id) {
			missing = true
			break
		}
	}
	if !missing {
		return
	}
	p.wanted = [2]int{lo, hi}
	var ids []data.RowID
	for _, id := range p.order[lo:hi] {
		if !p.known(id) {
			ids = append(ids, id)
		}
	}
	q, generation := p.query, p.rows.generation
	ask(p.bg, &p.paging, func(ctx context.Context) (page listing, err error) {
		page.first, err = p.store.Rows(ctx, ids)
		if err == nil {
			page.found, err = readFound(ctx, p.store, q, page.first)
		}
		return page, err
	},
		func(page listing, err error) {
			if err != nil {
				p.wanted = [2]int{} // scrolling on, or back, asks again
				p.fail(err)
				return
			}
			p.showEmpty() // instead of why they could not be read before
			p.rows.put(generation, page.first)
			if q == p.query {
				maps.Copy(p.found, page.found)
			}
			if generation == p.rows.generation && len(page.first) == len(ids) {
				p.wanted = [2]int{} // else some are gone: the next listing says so, and asking again now would not
			}
			p.list.redraw()
		})
}

// known says whether all is in memory that the row of a contact shows.
func (p *listPane) known(id data.RowID) bool {
	if _, ok, fresh := p.rows.get(id); !ok || !fresh {
		return false
	}
	_, ok := p.found[id]
	return ok || strings.TrimSpace(p.shownText) == ""
}

// rowState is what the list draws at a place.
func (p *listPane) rowState(index int) rowState {
	if index < 0 || index >= len(p.order) {
		return rowState{}
	}
	id := p.order[index]
	found := ""
	row, ok, _ := p.rows.get(id)
	row.Pending = row.Pending && p.marks
	if ok {
		row.Subtitle = rowSubtitle(row, p.query, p.bg.now())
		if found = p.found[id]; found != "" {
			row.Subtitle = found
		}
	}
	s := rowState{row: row, search: p.shownText, found: found != "", loaded: ok, selected: p.selection.has(id), focused: p.list.focused && p.selection.current == id && p.selection.count() > 1}
	if ok {
		s.face = p.faces.get(row.Photo, rowFace)
		s.letter = p.letter(index, row)
	}
	return s
}

// letter is the section's, in its first row.
func (p *listPane) letter(index int, row data.Row) string {
	section := sectionOf(row, p.query)
	if index == 0 {
		return section
	}
	before, ok, _ := p.rows.get(p.order[index-1])
	if !ok || sectionOf(before, p.query) == section {
		return ""
	}
	return section
}

// ---- what is chosen -------------------------------------------------------------------------------------------------------

// choose shows the contact at a place.
func (p *listPane) choose(index int) {
	if index < 0 || index >= len(p.order) {
		return
	}
	p.selection.only(p.order[index], index)
	p.list.show(index)
	p.chosen()
}

func (p *listPane) chosen() {
	p.bar.show(p.selection.count())
	p.list.redraw()
	p.onShow(p.selection.current)
}

// chosenRows are the chosen contacts in list order.
func (p *listPane) chosenRows() []data.RowID {
	var ids []data.RowID
	for _, id := range p.order {
		if p.selection.has(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (p *listPane) selectAll() {
	if len(p.order) > 0 {
		p.selection.all(p.order)
		p.chosen()
	}
}

// single goes back from many chosen contacts to the one that the keyboard stands on.
func (p *listPane) single() {
	if at := p.selection.place(p.order); at >= 0 {
		p.choose(at)
	}
}

func (p *listPane) tapped(index int, m fyne.KeyModifier) {
	if index >= len(p.order) {
		return
	}
	switch {
	case m&fyne.KeyModifierShortcutDefault != 0:
		p.selection.toggle(p.order, index)
	case m&fyne.KeyModifierShift != 0:
		p.selection.extend(p.order, index)
	default:
		p.selection.only(p.order[index], index)
		p.chosen()
		p.onEnter()
		return
	}
	p.chosen()
}

func (p *listPane) tappedAlt(index int, at fyne.Position) {
	if index < len(p.order) && !p.selection.has(p.order[index]) {
		p.choose(index)
	}
	p.onAlt(at)
}

// ---- keys -----------------------------------------------------------------------------------------------------------------

// move goes by rows; with Shift it chooses what it passes.
func (p *listPane) move(by int) {
	if len(p.order) == 0 {
		return
	}
	at := p.selection.place(p.order)
	to := min(max(0, at+by), len(p.order)-1)
	if at < 0 {
		to = 0
	}
	if p.shift() && at >= 0 {
		p.selection.extend(p.order, to)
		p.list.show(to)
		p.chosen()
		return
	}
	p.choose(to)
}

// listFocused: the keyboard always stands on a row.
func (p *listPane) listFocused() {
	if p.selection.count() == 0 && !p.list.tapping {
		p.choose(0)
	}
}

func (p *listPane) listKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyDown:
		p.move(1)
	case fyne.KeyUp:
		p.move(-1)
	case fyne.KeyPageDown:
		p.move(p.list.page())
	case fyne.KeyPageUp:
		p.move(-p.list.page())
	case fyne.KeyHome:
		p.move(-len(p.order))
	case fyne.KeyEnd:
		p.move(len(p.order))
	case fyne.KeyReturn, fyne.KeyEnter:
		p.onEnter()
	case fyne.KeyDelete, fyne.KeyBackspace:
		p.onDelete()
	default:
		p.onEscape(e)
	}
}

// listRune starts a search with what is typed while the list has the focus.
func (p *listPane) listRune(r rune) {
	if r == ' ' {
		return
	}
	p.canvas.Focus(p.search)
	p.search.TypedRune(r)
}

func (p *listPane) searchKey(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyDown, fyne.KeyUp, fyne.KeyPageDown, fyne.KeyPageUp:
		at := p.selection.place(p.order)
		p.canvas.Focus(p.list) // chooses the first row if none is
		if at >= 0 && p.query.Text == "" {
			p.listKey(e)
		} else if at >= 0 {
			p.choose(at)
		} else {
			p.choose(0)
		}
		return true
	case fyne.KeyEscape:
		if p.search.Text != "" {
			p.search.SetText("")
			return true
		}
	}
	return false
}

// openFirst is Enter in the search box.
func (p *listPane) openFirst() {
	if len(p.order) > 0 {
		p.choose(0)
		p.onEnter()
	}
}

// setMarks says whether there is a server that contacts can be missing from.
func (p *listPane) setMarks(on bool) {
	if p.marks != on {
		p.marks = on
		p.list.redraw()
		if p.loaded {
			p.showEmpty()
		}
	}
}

// enable lets the pane rest, dimmed, while a contact is edited.
func (p *listPane) enable(on bool) {
	p.rest.Hidden = on
	p.rest.Refresh()
	if on {
		p.search.Enable()
		setEnabled(p.add, !p.fixed)
		p.menu.Enable()
		p.list.Enable()
	} else {
		p.search.Disable()
		p.add.Disable()
		p.menu.Disable()
		p.list.Disable()
	}
}

// setBook says which book is listed.
func (p *listPane) setBook(k shelf) {
	name, fixed := "", false
	if k.chosen != "" {
		b := k.of(k.chosen)
		name, fixed = bookName(b), !b.CanEdit()
	}
	changed := name != p.book || fixed != p.fixed
	p.book, p.fixed = name, fixed
	if hint := searchHint(p.query, name); hint != p.search.PlaceHolder {
		p.search.PlaceHolder = hint
		p.search.Refresh()
	}
	if p.rest.Hidden { // else a contact is edited, and all rests
		setEnabled(p.add, !fixed)
	}
	if changed && p.loaded {
		p.showEmpty()
	}
}

// emptyBookText is the words for a list of one book; words are those for all.
func emptyBookText(q data.Query, book string, fixed bool, words emptyWords) emptyWords {
	name := map[string]any{"Book": book}
	switch {
	case strings.TrimSpace(q.Text) != "":
		words.text = lang.L("Nothing in “{{.Book}}” has these words. Choose “All books” to search everywhere.", name)
	case q.Filter != data.All || q.Label != "":
	case fixed:
		return emptyWords{title: lang.L("“{{.Book}}” is empty", name), text: lang.L("What its members add stands here.")}
	default:
		return emptyWords{title: lang.L("“{{.Book}}” is empty", name), text: lang.L("Add a contact, or drag contacts from another book onto this one."), first: true}
	}
	return words
}
