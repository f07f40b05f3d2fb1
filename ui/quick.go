package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"kith/data"
)

// quickRows is how many matches the small window shows.
const quickRows = 7

// quickSearch is a small window of its own: a search box and the first matches. Enter opens one in the contacts window, Escape puts the
// window away. It is there while the contacts window is in the tray, too.
type quickSearch struct {
	bg    *background
	store *data.Store
	open  func(data.RowID)

	win     fyne.Window
	search  *field
	list    *rowList
	hint    *textLine
	faces   *faces
	asking  question
	rows    []data.Row
	found   map[data.RowID]string
	ids     []data.RowID
	shown   string // the text that rows answer
	total   int
	current int
	entered bool // Enter was pressed before what is typed was answered
}

func newQuickSearch(bg *background, app fyne.App, store *data.Store, open func(data.RowID)) *quickSearch {
	q := &quickSearch{bg: bg, store: store, open: open, win: app.NewWindow(lang.L("Search contacts")), list: newRowList(), hint: newCaption("")}
	q.faces = newFaces(bg, store.Thumbnail, q.list.redraw)
	q.search = newField(lang.L("Name, number, word…"))
	q.search.Icon = theme.SearchIcon()
	q.search.OnChanged = func(string) { q.ask() }
	q.search.OnSubmitted = func(string) { q.enter() }
	q.search.onKey = q.key
	q.list.source = q.row
	q.list.onTap = func(i int, _ fyne.KeyModifier) { q.choose(i) }
	q.list.onAlt = func(int, fyne.Position) {}
	q.list.onFocus = func() { q.win.Canvas().Focus(q.search) } // the keyboard stays where one types
	q.list.onKey, q.list.onRune = func(*fyne.KeyEvent) {}, func(rune) {}
	q.hint.fixed = false
	header := container.New(insets{12, 12, 8, 12}, q.search)
	footer := container.New(insets{6, 14, 8, 14}, q.hint)
	q.win.SetContent(container.NewStack(newPanel(colorList), container.New(pinned{}, header, q.list, footer)))
	q.win.SetPadded(false)
	q.win.SetFixedSize(true)
	q.win.Resize(fyne.NewSize(440, 92+quickRows*rowHeight))
	q.win.CenterOnScreen()
	q.win.SetCloseIntercept(q.hide)
	q.win.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			q.hide()
		}
	})
	return q
}

// show brings the window, with nothing searched yet.
func (q *quickSearch) show() {
	q.faces.outdate()
	q.search.SetText("")
	q.ask()
	q.win.Show()
	q.win.RequestFocus()
	q.win.Canvas().Focus(q.search)
}

func (q *quickSearch) hide() {
	q.asking.drop()
	q.win.Hide()
}

type quickAnswer struct {
	ids   []data.RowID
	rows  []data.Row
	found map[data.RowID]string // see readFound
	total int
}

// ask looks for the text; for none, the favourites stand there.
func (q *quickSearch) ask() {
	q.entered = false
	text := q.search.Text
	query := data.Query{Text: text}
	if strings.TrimSpace(text) == "" {
		query = data.Query{Filter: data.Favourites}
	}
	askSoon(q.bg, &q.asking, func(ctx context.Context) (quickAnswer, error) {
		order, err := q.store.Order(ctx, query)
		if err != nil {
			return quickAnswer{}, err
		}
		first := order[:min(len(order), quickRows)]
		rows, err := q.store.Rows(ctx, first)
		if err != nil {
			return quickAnswer{}, err
		}
		found, err := readFound(ctx, q.store, query, rows)
		return quickAnswer{first, rows, found, len(order)}, err
	}, func(a quickAnswer, err error) {
		if err != nil {
			q.hint.setText(userMessage(err))
			return
		}
		q.ids, q.rows, q.found, q.total, q.shown, q.current = a.ids, a.rows, a.found, a.total, text, 0
		q.hint.setText(quickHint(text, len(a.rows), a.total))
		q.list.setLength(len(a.rows))
		q.list.redraw()
		if q.entered {
			q.enter()
		}
	})
}

// enter opens the current match, as soon as there is one for what is typed.
func (q *quickSearch) enter() {
	if q.entered = q.shown != q.search.Text; !q.entered {
		q.choose(q.current)
	}
}

func (q *quickSearch) row(index int) rowState {
	if index < 0 || index >= len(q.rows) {
		return rowState{}
	}
	row := q.rows[index]
	row.Pending = false
	found := q.found[row.RowID]
	if found != "" {
		row.Subtitle = found
	}
	return rowState{row: row, loaded: true, selected: index == q.current, search: q.shown, found: found != "", face: q.faces.get(row.Photo, rowFace)}
}

func (q *quickSearch) key(e *fyne.KeyEvent) bool {
	by := 0
	switch e.Name {
	case fyne.KeyDown:
		by = 1
	case fyne.KeyUp:
		by = -1
	default:
		return false
	}
	q.current = max(0, min(q.current+by, len(q.rows)-1))
	q.list.redraw()
	return true
}

func (q *quickSearch) choose(index int) {
	if q.shown != q.search.Text || index < 0 || index >= len(q.rows) {
		return // what is typed is not answered yet
	}
	id := q.ids[index]
	q.hide()
	q.open(id)
}

// quickHint is the line under the matches.
func quickHint(text string, shown, total int) string {
	switch {
	case strings.TrimSpace(text) == "" && total == 0:
		return lang.L("Type what you know of a contact")
	case strings.TrimSpace(text) == "":
		return lang.L("Your favourites. Type to search everyone")
	case total == 0:
		return lang.L("No match")
	case total > shown:
		return lang.L("The first {{.Shown}} of {{.Total}} matches", map[string]any{"Shown": thousands(shown), "Total": thousands(total)})
	}
	return lang.L("Enter opens, Esc closes")
}

// searchQuickly shows the small window.
func (b *book) searchQuickly() {
	if b.quick == nil {
		b.quick = newQuickSearch(b.bg, b.app, b.store, b.openFromOutside)
	}
	b.quick.show()
}

// openFromOutside brings the contacts window forward with a contact.
func (b *book) openFromOutside(row data.RowID) {
	b.win.Show()
	b.presence.shown()
	b.win.RequestFocus()
	if b.editing {
		b.toast.show(lang.L("Save or cancel the edit first, then open another contact"), 0)
		return
	}
	b.dialogs.close()
	b.reach(row)
	b.win.Canvas().Focus(b.list.list)
}
