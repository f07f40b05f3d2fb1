package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"kith/data"
)

// ---- menus ----------------------------------------------------------------------------------------------------------------

// bookMenu is the secondary click on a book in the sidebar.
func (b *book) bookMenu(id string, at fyne.Position) {
	if b.editing {
		return
	}
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", b.bookMenuItems(b.books.of(id))...), b.win.Canvas(), at)
}

// bookMenuItems are what can be done with a book by its role.
func (b *book) bookMenuItems(k data.Book) []*fyne.MenuItem {
	var items []*fyne.MenuItem
	if k.Mine() {
		items = append(items, fyne.NewMenuItem(lang.L("Share…"), func() { b.shareBook(k.ID) }),
			fyne.NewMenuItem(lang.L("Rename…"), func() { b.dialogs.renameBook(k) }))
	} else {
		items = append(items, fyne.NewMenuItem(lang.L("Members…"), func() { b.shareBook(k.ID) }))
	}
	if k.CanEdit() {
		here := fyne.NewMenuItem(lang.L("New Contacts Go Here"), func() { b.newContactsTo(k.ID) })
		here.Checked = b.books.fresh == k.ID
		items = append(items, here)
	}
	switch {
	case k.Mine() && !k.First():
		items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(lang.L("Delete Book…"), func() { b.dialogs.removeBook(k) }))
	case !k.Mine():
		items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(lang.L("Leave Book…"), func() { b.dialogs.leaveBook(k) }))
	}
	return items
}

// addBookMenu is the plus beside the books.
func (b *book) addBookMenu(at fyne.Position) {
	if !b.editing {
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", fyne.NewMenuItem(lang.L("New Book…"), b.dialogs.newBook),
			fyne.NewMenuItem(lang.L("Join a Book…"), b.dialogs.joinBook)), b.win.Canvas(), at)
	}
}

// booksMenu is the window's menu of books: where there is one book only, it is the way to more.
func (b *book) booksMenu(item func(string, fyne.Shortcut, func()) *fyne.MenuItem) *fyne.Menu {
	listed := func(do func(data.Book)) func() {
		return func() {
			id := b.books.chosen
			if id == "" {
				id = data.DefaultBook
				if b.books.several() {
					b.toast.show(lang.L("Choose a book in the sidebar first"), 0)
					return
				}
			}
			if !b.editing {
				do(b.books.of(id))
			}
		}
	}
	return fyne.NewMenu(lang.L("Books"),
		item(lang.L("New Book…"), nil, b.dialogs.newBook),
		item(lang.L("Join a Book…"), nil, b.dialogs.joinBook),
		fyne.NewMenuItemSeparator(),
		item(lang.L("Share…"), nil, listed(func(k data.Book) { b.shareBook(k.ID) })),
		item(lang.L("Rename…"), nil, listed(b.dialogs.renameBook)),
		item(lang.L("Leave or Delete…"), nil, listed(func(k data.Book) {
			if k.Mine() {
				b.dialogs.removeBook(k)
			} else {
				b.dialogs.leaveBook(k)
			}
		})),
		fyne.NewMenuItemSeparator(),
		item(lang.L("Next Book"), ctrlShift(fyne.KeyDown), func() { b.stepBook(1) }),
		item(lang.L("Previous Book"), ctrlShift(fyne.KeyUp), func() { b.stepBook(-1) }))
}

// stepBook goes by the lines of the sidebar's books, round at the ends.
func (b *book) stepBook(by int) {
	if !b.books.several() {
		return
	}
	ids := []string{""}
	at := 0
	for i, k := range b.books.all {
		ids = append(ids, k.ID)
		if k.ID == b.books.chosen {
			at = i + 1
		}
	}
	b.chooseBook(ids[(at+by+len(ids))%len(ids)])
}

// bookOfViewMenu is the click on the book of the contact in view.
func (b *book) bookOfViewMenu(below fyne.CanvasObject) {
	k := b.books.of(b.view.shown.Book)
	items := []*fyne.MenuItem{fyne.NewMenuItem(lang.L("Show This Book"), func() { b.chooseBook(k.ID) })}
	if b.view.shown.Deleted.IsZero() {
		items = append(items, b.bookItems(k.ID)...)
	}
	items = append(items, fyne.NewMenuItemSeparator())
	at := b.app.Driver().AbsolutePositionForObject(below)
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", append(items, b.bookMenuItems(k)...)...), b.win.Canvas(), at.AddXY(0, below.Size().Height))
}

func (b *book) newContactsTo(id string) {
	do(b.bg, func(ctx context.Context) error { return b.store.SetNewContactsBook(ctx, id) }, func(err error) {
		if err != nil {
			b.toast.show(userMessage(err), 0)
			return
		}
		b.count()
		b.toast.show(lang.L("New contacts go to “{{.Book}}” now", map[string]any{"Book": bookName(b.books.of(id))}), 0)
	})
}

// ---- making, renaming, deleting, leaving ----------------------------------------------------------------------------------

func (d *dialogs) newBook() {
	b := d.book
	hint := lang.L("A second address book, for a family, a club or a team. It can be shared with other people.")
	d.askName(lang.L("New book"), lang.L("Name of the book"), "", lang.L("Add Book"), hint, func(ctx context.Context, name string) (string, error) {
		k, err := b.store.AddBook(ctx, name)
		return k.ID, err
	}, func(id, name string) {
		b.engine.SyncNow()
		b.chooseBook(id)
		b.toast.show(lang.L("“{{.Book}}” added", map[string]any{"Book": name}), 0)
	})
}

func (d *dialogs) renameBook(k data.Book) {
	b := d.book
	if !k.Mine() {
		b.toast.show(lang.L("Only an owner of the book can do this."), 0)
		return
	}
	hint := ifAny(k.Shared(), lang.L("All its members see the new name."))
	d.askName(lang.L("Rename book"), lang.L("Name of the book"), bookName(k), lang.L("Rename"), hint, func(ctx context.Context, name string) (string, error) {
		return k.ID, b.store.RenameBook(ctx, k.ID, name)
	}, func(_, name string) {
		b.engine.SyncNow()
		b.count()
		b.toast.show(lang.L("The book is called “{{.Book}}” now", map[string]any{"Book": name}), 0)
	})
}

// askName asks for a name; take uses it, off the UI goroutine, and the dialog stays where that fails.
func (d *dialogs) askName(title, placeHolder, name, verb, hint string, take func(ctx context.Context, name string) (id string, err error), done func(id, name string)) {
	if d.book.editing {
		return
	}
	entry := newField(placeHolder)
	entry.SetText(name)
	problem := newProblemText()
	content := container.New(columnLayout{gap: 8}, entry, newMutedText(hint, fyne.TextAlignLeading), problem)
	if hint == "" {
		content = container.New(columnLayout{gap: 8}, entry, problem)
	}
	var ok *button
	ok = newMainButton(verb, func() {
		wanted := strings.Join(strings.Fields(entry.Text), " ")
		ok.Disable()
		ask(d.book.bg, &d.asking, func(ctx context.Context) (string, error) { return take(ctx, wanted) }, func(id string, err error) {
			if err != nil {
				ok.Enable()
				d.problem(problem, content, err)
				return
			}
			d.close()
			done(id, wanted)
		})
	})
	entry.OnChanged = func(text string) { setEnabled(ok, strings.TrimSpace(text) != "") }
	entry.OnSubmitted = func(string) {
		if !ok.Disabled() {
			ok.OnTapped()
		}
	}
	entry.OnChanged(name)
	d.show(title, 420, content, entry, newButton(lang.L("Cancel"), nil, func() { d.close() }), ok)
}

// newProblemText is where a dialog says what went wrong; hidden while nothing did.
func newProblemText() *widget.Label {
	l := newParagraph("")
	l.Importance = widget.DangerImportance
	l.Hide()
	return l
}

// problem shows an error in the open dialog.
func (d *dialogs) problem(label *widget.Label, content *fyne.Container, err error) {
	label.SetText(userMessage(err))
	label.Show()
	content.Refresh()
	d.resize()
}

func (d *dialogs) removeBook(k data.Book) {
	if k.First() {
		d.book.toast.show(userMessage(data.ErrFirstBook), 0)
		return
	}
	b := d.book
	d.sure(lang.L("Delete “{{.Book}}”?", map[string]any{"Book": bookName(k)}), removeBookText(k, b.books.sizes[k.ID]), lang.L("Delete Book"),
		func(ctx context.Context) error { return b.engine.RemoveBook(ctx, k.ID) },
		lang.L("“{{.Book}}” deleted", map[string]any{"Book": bookName(k)}))
}

// removeBookText says whom and what deleting a book concerns.
func removeBookText(k data.Book, contacts int) string {
	words := map[string]any{"Contacts": thousands(contacts), "Members": thousands(k.Members - 1)}
	text := lang.L("Its contacts ({{.Contacts}}) go to your trash, in your own first book.", words)
	if k.Shared() {
		return lang.L("Everybody else in it ({{.Members}}) loses it, too.", words) + " " + text
	}
	return text
}

func (d *dialogs) leaveBook(k data.Book) {
	b := d.book
	words := map[string]any{"Book": bookName(k), "Contacts": thousands(b.books.sizes[k.ID])}
	d.sure(lang.L("Leave “{{.Book}}”?", words), lang.L("Its contacts ({{.Contacts}}) leave this computer and your other devices. The other people in it keep them. To come back you need a new invitation.", words),
		lang.L("Leave Book"), func(ctx context.Context) error { return b.engine.Leave(ctx, k.ID) }, lang.L("You have left “{{.Book}}”", words))
}

// sure asks before something that no Undo takes back.
func (d *dialogs) sure(title, text, verb string, work func(context.Context) error, done string) {
	if d.book.editing {
		return
	}
	b := d.book
	problem := newProblemText()
	content := container.New(columnLayout{gap: 8}, flush(newParagraph(text)), problem)
	cancel := newButton(lang.L("Cancel"), nil, func() { d.close() })
	var ok *button
	ok = newButton(verb, nil, func() {
		ok.Disable()
		ask(b.bg, &d.asking, func(ctx context.Context) (struct{}, error) { return struct{}{}, work(ctx) }, func(_ struct{}, err error) {
			if err != nil {
				ok.Enable()
				d.problem(problem, content, err)
				return
			}
			d.close()
			b.count()
			b.toast.show(done, 0)
		})
	})
	ok.Importance = widget.DangerImportance
	d.show(title, 440, content, cancel, cancel, ok)
	d.resize() // the text knows its height now
}
