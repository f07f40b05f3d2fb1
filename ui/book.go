package ui

import (
	"context"
	"errors"
	"image/color"
	"net/url"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/ui/native"
)

// book is the window's content once the profile is open: the three panes, the status bar and the toast, and what connects them.
type book struct {
	bg     *background
	app    fyne.App
	win    fyne.Window
	looks  *restyling
	store  *data.Store
	engine *syncer.Engine

	viewing, drafting, history, labelling question
	picturing, alike, peopling            question
	counting                              repeating
	counts                                data.Counts
	books                                 shelf
	draftStop                             func()
	drafts, labelWrites                   serial
	steps                                 stepping
	editing                               bool
	begun                                 begun // the edit, as it began
	dialogs                               dialogs

	finding       repeating // duplicates
	merging       question
	mergingChosen bool // the chosen contacts are side by side
	dups          *duplicatesPane
	merge         *mergeView

	importing *importDialog // nil: none is open

	copiedPicture func(ctx context.Context, limit int) ([]byte, error) // from the system's clipboard

	news     newsOfReviews
	deciding *alikeDialog // the one that is open

	changes  <-chan struct{} // commits since what was shown first
	counted  bool            // what was shown first has its counts
	content  *fyne.Container
	panes    *paneLayout
	paneBox  *fyne.Container
	sidebar  *sidebar
	sideRest *scrim
	list     *listPane
	pictures *pictures
	listBox  *fyne.Container // the list, and the duplicates over it
	detail   *fyne.Container // the pages of its right
	blank    *fyne.Container
	view     *contactView
	editor   *editor
	status   *statusBar
	toast    *toast
	dragged  *dragged
	presence *presence
	quick    *quickSearch // nil: never asked for
}

func newBook(bg *background, app fyne.App, win fyne.Window, looks *restyling, store *data.Store, engine *syncer.Engine) *book {
	b := &book{bg: bg, app: app, win: win, looks: looks, store: store, engine: engine, draftStop: func() {}, copiedPicture: native.CopiedPicture}
	b.drafts.bg, b.steps.jobs.bg = bg, bg
	b.steps.since = bg.now()
	b.news.newest.Store(noneYet)
	b.dialogs = dialogs{book: b}
	b.labelWrites.bg = bg
	b.sidebar = newSidebar(sidebarActions{choose: b.choosePlace, chooseLabel: b.chooseLabel, labelMenu: b.labelMenu,
		newLabel:  func() { b.dialogs.newLabel(false) },
		books:     bookActions{choose: b.chooseBook, menu: b.bookMenu, add: b.addBookMenu, drop: b.dropBook},
		dropLabel: func(name string) { b.labelChosen(name, true) }, dropStar: func() { b.starChosen(true) }, dropTrash: b.trash})
	b.sideRest = newScrim()
	b.list = newListPane(bg, win.Canvas(), store)
	b.list.onShow = b.show
	b.list.onDelete, b.list.onEscape = b.trash, b.key
	b.list.onEnter = b.enterContact
	b.list.onAlt = b.contextMenu
	b.list.list.drag = rowDrag{over: b.drag, end: b.drop}
	b.dragged = newDragged()
	b.list.add.OnTapped, b.list.empty.add.OnTapped = b.newContact, b.newContact
	b.list.empty.setUp.OnTapped = b.dialogs.signIn
	b.list.empty.files.OnTapped = func() { b.importFiles() }
	b.list.menu.OnTapped = b.placeMenu
	b.list.alike.OnTapped, b.list.emptyTrash.OnTapped = b.decideAlike, b.emptyTrash
	bar := b.list.bar
	bar.label.OnTapped = func() {
		at := b.app.Driver().AbsolutePositionForObject(bar.label)
		b.chooseLabels(at)
	}
	bar.merge.OnTapped, bar.export.OnTapped = b.mergeChosen, b.exportFile
	bar.book.OnTapped = func() { b.chooseSending(b.app.Driver().AbsolutePositionForObject(bar.book)) }
	b.list.news.onKept, b.list.news.onDismiss = b.showKept, b.dismissNews
	bar.star.OnTapped = func() { b.starChosen(true) }
	bar.trash.OnTapped, bar.restore.OnTapped, bar.clear.OnTapped = b.trash, b.restore, b.list.single

	b.pictures = newPictures(b.list.faces)
	b.view = newContactView(bg.now, viewActions{aside: b.asideNow,
		back: b.backToList, edit: b.edit, trash: b.trash, restore: b.restore, purge: b.purgeChosen, star: func(on bool) { b.starChosen(on) },
		open: b.open, copied: b.copied, history: b.loadHistory, revert: b.revert, goBack: b.goBack, photo: b.photoMenu, picture: b.pictures.add,
		book:   b.bookOfViewMenu,
		decide: b.decide, focus: func(f fyne.Focusable) { b.win.Canvas().Focus(f) },
	})
	b.editor = newEditor(win.Canvas(), editorActions{save: b.save, cancel: b.cancel, drop: b.trash, changed: b.keepDraft, photo: b.photoMenu, people: b.findPeople})
	b.list.onFaces = b.showFaces
	b.view.labelColor = func(label string) color.NRGBA { return b.sidebar.colors.of(label) }
	b.blank = newBlank()
	b.merge = newMergeView(mergeActions{merge: b.mergeShown, apart: b.tellApart, later: b.mergeLater, back: b.backToList})
	b.dups = newDuplicatesPane(b.mergeCertain)
	b.dups.onShow, b.dups.onKey, b.dups.onIn = b.showGroup, b.key, b.enterGroup
	b.dups.menu.OnTapped = func() { b.placeMenuAt(b.dups.menu) }
	b.detail = container.New(pageLayout{}, b.blank, b.view.box, b.editor.box, b.merge.box)
	b.toast = newToast(bg, b.undo)
	b.toast.lift = func() float32 {
		if b.merge.box.Visible() {
			return b.merge.bar.Size().Height // it is used again and again while the toast is there
		}
		if b.editor.box.Visible() {
			return b.editor.bar.Size().Height // Cancel and Save
		}
		return 0
	}
	b.presence = newPresence(b)
	b.status = newStatusBar(bg, b.attend, engine.SyncNow, b.statusChanged)

	b.panes = &paneLayout{changed: func(side, _, detail bool) {
		b.list.menu.Hidden, b.dups.menu.Hidden = side, side
		b.merge.back.Hidden = b.panes.shown[1] || b.mergingChosen
		b.view.back.Hidden = b.panes.shown[1]
		for _, box := range []*fyne.Container{b.list.box, b.view.box} {
			if !box.Size().IsZero() { // else it has not been laid out yet
				box.Refresh()
			}
		}
	}}
	b.listBox = container.New(pageLayout{}, b.list.box, b.dups.box)
	b.paneBox = container.New(b.panes, container.NewStack(b.sidebar.box, newEdge(), b.sideRest), b.listBox, b.detail)
	b.content = container.New(pinned{}, newNothing(), container.NewStack(b.paneBox, b.toast.box, b.dragged.layer), b.status.box)
	b.showPane(b.blank)
	return b
}

// start shows what was read while the window was made, and puts the questions that this leaves.
func (b *book) start(o opened) {
	b.changes = o.changes
	select {
	case c := <-o.counts:
		b.showCounts(c)
		b.counted = true
	default: // the rows come first
	}
	if o.first != nil {
		b.list.listed(*o.first, true)
	} else {
		b.list.reload(true)
	}
}

// follow begins all that the first frame with contacts can do without, and follows the book and the syncer until the window closes.
func (b *book) follow() {
	b.status.keepTime()
	b.presence.keepTime()
	b.keepTidy()
	if b.list.partial {
		b.list.reload(false)
	}
	if b.counted {
		b.lookForReviews()
	} else {
		b.count()
	}
	b.bg.run(func(context.Context) {
		for range b.changes {
			b.bg.post(b.changed)
		}
	})
	b.engine.OnStatus(b.status.set)
	b.bg.run(func(ctx context.Context) {
		if err := b.engine.Run(ctx); err != nil && ctx.Err() == nil {
			b.status.set(syncer.Status{State: syncer.Failed, Err: err})
		}
	})
	b.orderNames()
	b.takeUpDraft()
	b.bg.after(searchPause, b.findDuplicates)
	for _, page := range b.detail.Objects { // one by one: the first contact, or form, that is opened then comes at once
		b.bg.post(func() { page.Resize(b.detail.Size()) })
	}
}

// changed runs after each commit by anyone: here, in the syncer, or in another program.
func (b *book) changed() {
	b.list.faces.outdate()
	b.count()
	b.list.refresh()
	if id := b.list.selection.current; id != 0 && !b.editing && !b.comparing() {
		b.load(id)
	}
	if b.finding.number > 0 { // it has begun
		b.findDuplicates()
	}
}

func (b *book) count() {
	chosen := b.books.chosen
	askAgain(b.bg, &b.counting, func(ctx context.Context) (bookCounts, error) { return readCounts(ctx, b.store, chosen) }, func(c bookCounts, err error) {
		if err != nil {
			return // the list says it
		}
		b.showCounts(c)
		b.lookForReviews()
	})
}

// ---- what is shown --------------------------------------------------------------------------------------------------------

func (b *book) choosePlace(f data.Filter) {
	if f == duplicatesPlace {
		b.openDuplicates()
		return
	}
	b.sidebar.choose(f)
	b.list.bar.restore.Hidden, b.list.bar.star.Hidden = f != data.Trash, f == data.Trash
	b.list.bar.label.Hidden, b.list.bar.merge.Hidden, b.list.bar.export.Hidden = f == data.Trash, f == data.Trash, f == data.Trash
	b.goTo(data.Query{Filter: f})
}

func (b *book) chooseLabel(name string) {
	b.sidebar.chooseLabel(name)
	b.list.bar.restore.Hidden, b.list.bar.star.Hidden, b.list.bar.label.Hidden, b.list.bar.merge.Hidden = true, false, false, false
	b.list.bar.export.Hidden = false
	b.goTo(data.Query{Label: name})
}

// goTo lists another place; the search and the order stay.
func (b *book) goTo(q data.Query) {
	b.leaveDuplicates()
	q.Text, q.Sort, q.Book = b.list.query.Text, b.list.query.Sort, b.books.chosen
	b.sidebar.show(b.counts)
	b.list.bar.book.Hidden = !b.books.several() || q.Filter == data.Trash
	b.list.ask(q)
	b.list.setBook(b.books)
	b.showList()
}

// searchHint names where the search box looks; book is the one that is listed, "" : all.
func searchHint(q data.Query, book string) string {
	switch {
	case q.Filter == data.All && q.Label == "" && book != "":
		return lang.L("Search “{{.Book}}”", map[string]any{"Book": book})
	case q.Filter == data.All && q.Label == "":
		return lang.L("Search")
	}
	return lang.L("Search {{.List}}", with{"List": listName(q)})
}

// show loads the contact of a row into the view; 0: nothing is chosen.
func (b *book) show(id data.RowID) {
	if b.editing || b.comparing() {
		return
	}
	if id == 0 {
		b.viewing.drop()
		b.view.shown = shownContact{}
		b.showPane(b.blank)
		b.showList()
		return
	}
	b.load(id)
}

func (b *book) load(id data.RowID) {
	ask(b.bg, &b.viewing, func(ctx context.Context) (shownContact, error) { return readContact(ctx, b.store, id) },
		func(c shownContact, err error) {
			switch {
			case b.editing || b.comparing():
			case errors.Is(err, data.ErrNotFound):
				b.show(0)
			case err != nil:
				b.toast.show(userMessage(err), 0)
			default:
				b.view.show(c)
				b.showFaces()
				b.showPane(b.view.box)
				b.view.focusQuestion()
				if b.view.history.open() {
					b.loadHistory()
				}
			}
		})
}

// readContact reads all that the view of one contact draws.
func readContact(ctx context.Context, store *data.Store, row data.RowID) (shownContact, error) {
	rows, err := store.Rows(ctx, []data.RowID{row})
	if err != nil {
		return shownContact{}, err
	}
	if len(rows) == 0 {
		return shownContact{}, data.ErrNotFound
	}
	c, err := store.Contact(ctx, rows[0].ID)
	if err != nil {
		return shownContact{}, err
	}
	aside, err := store.SetAside(ctx)
	shown := newShownContact(c)
	shown.row = rows[0]
	shown.aside = asideOf(aside, c.ID)
	if err == nil {
		shown.names, err = store.Names(ctx, relatedIDs(c.Card))
	}
	if err == nil && !c.Deleted.IsZero() {
		survivor, merged, intoErr := store.MergedInto(ctx, c.ID)
		if err = intoErr; merged {
			shown.into = nameOr(survivor.Card.DisplayName())
		}
	}
	if err == nil && (c.Conflicts > 0 || rows[0].Reviews != "") {
		shown.conflicts, shown.reviews, err = store.ConflictsOf(ctx, c.ID)
	}
	return shown, err
}

func (b *book) showPane(pane fyne.CanvasObject) {
	for _, p := range b.detail.Objects {
		if p != pane {
			p.Hide()
		}
	}
	showPage(b.detail, pane)
	if b.toast.box.Visible() {
		b.toast.box.Refresh() // it stands above the pane's buttons
	}
}

// showList and showContact choose the pane where there is room for one.
func (b *book) showList()    { b.onePane(false) }
func (b *book) showContact() { b.onePane(true) }

func (b *book) onePane(contact bool) {
	if b.panes.contact != contact {
		b.panes.contact = contact
		b.paneBox.Refresh()
		b.paneBox.Layout.Layout(b.paneBox.Objects, b.paneBox.Size())
	}
}

// enterContact is a click, or Enter: where there is one pane, the contact covers the list.
func (b *book) enterContact() { b.showContact() }

func (b *book) backToList() {
	b.showList()
	if b.dups.open {
		b.win.Canvas().Focus(b.dups.list)
		return
	}
	b.win.Canvas().Focus(b.list.list)
}

// attend opens what the status bar's link speaks of.
func (b *book) attend(s syncer.Status) {
	if s.State == syncer.SignedOut || s.State == syncer.SignInNeeded {
		b.dialogs.signIn()
		return
	}
	switch {
	case b.editing:
	case s.Held.Any():
		b.reviewHeld()
	case s.Conflicts == 0:
		b.reviewAside()
	default:
		b.chooseBook("") // it speaks of all
		b.choosePlace(data.Conflicted)
	}
}

func (b *book) open(v value) {
	if id, ok := strings.CutPrefix(v.open, openScheme); ok {
		b.openRelated(id)
		return
	}
	u, err := url.Parse(v.open)
	if err != nil {
		b.toast.show(lang.L("This can't be opened: {{.Value}}", with{"Value": v.text}), 0)
		return
	}
	do(b.bg, func(context.Context) error { return b.app.OpenURL(u) }, func(err error) {
		if err != nil {
			b.toast.show(lang.L("No program opens {{.Scheme}} links on this computer.", with{"Scheme": u.Scheme}), 0)
		}
	})
}

func (b *book) copied(v value) {
	b.app.Clipboard().SetContent(v.text)
	b.toast.show(lang.L("{{.Field}} copied", with{"Field": v.spoken}), 0)
}

// statusChanged marks what the server does not have, where there is one.
func (b *book) statusChanged(before, s syncer.Status) {
	b.noticeHeld(before, s)
	b.presence.statusChanged(s)
	synced := s.State != syncer.SignedOut && s.State != ""
	b.list.setMarks(synced)
	b.view.setMarks(synced)
}

// ---- conflicts and history ------------------------------------------------------------------------------------------------

func (b *book) loadHistory() {
	id := b.view.shown.ID
	ask(b.bg, &b.history, func(ctx context.Context) ([]data.HistoryEntry, error) { return b.store.History(ctx, id) },
		func(entries []data.HistoryEntry, err error) {
			switch {
			case err != nil:
				b.toast.show(userMessage(err), 0)
			case b.view.shown.ID == id && b.view.history.open(): // else it is another contact's, or was folded
				b.view.history.show(entries)
			}
		})
}

// revert puts the values from before a history entry back.
func (b *book) revert(e data.HistoryEntry) {
	shown := b.view.shown
	b.write(func(ctx context.Context) error {
		to, err := withOldValues(shown.Card, e.Patch)
		if err != nil {
			return err
		}
		_, err = b.store.Save(ctx, shown.ID, shown.Card, to)
		return err
	}, lang.L("Restored"))
}

// goBack makes the contact what it was right after a history entry.
func (b *book) goBack(e data.HistoryEntry) {
	shown := b.view.shown
	b.write(func(ctx context.Context) error {
		to, err := b.store.Version(ctx, shown.ID, e.ID)
		if err != nil {
			return err
		}
		_, err = b.store.Save(ctx, shown.ID, shown.Card, to)
		return err
	}, lang.L("Version restored"))
}

// withOldValues is the card with the values that the patch replaced.
func withOldValues(c contact.Card, p contact.Patch) (contact.Card, error) {
	for _, edit := range p.Invert() {
		changed, err := c.WithField(edit.Path, string(edit.New))
		if err != nil {
			return c, err
		}
		c = changed
	}
	return c, nil
}

// write runs a change of the book, and says in the toast that it was made, with Undo.
func (b *book) write(change func(context.Context) error, done string) {
	do(b.bg, change, func(err error) {
		if err != nil {
			b.toast.show(userMessage(err), 0)
			return
		}
		b.toast.show(done, 1)
	})
}

// newBlank is the right pane while no contact is chosen.
func newBlank() *fyne.Container {
	icon := canvas.NewImageFromResource(icon("person", colorCardLine))
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(96))
	hint := newCaption(lang.L("The contact that you choose opens here."))
	return container.NewStack(newPanel(theme.ColorNameBackground), container.NewCenter(container.NewVBox(icon, container.NewCenter(hint))))
}
