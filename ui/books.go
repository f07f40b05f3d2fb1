package ui

import (
	"context"
	"errors"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"kith/data"
	"kith/syncer"
)

// shelf are the address books of this profile, as the window knows them.
type shelf struct {
	all    []data.Book
	sizes  map[string]int
	chosen string // the one that is listed; "" : all of them
	fresh  string // where new contacts go
}

// several says whether there is anything to tell books apart for.
func (s shelf) several() bool { return len(s.all) > 1 }

// of is a book by its id; one that is not known yet is one of the user's own.
func (s shelf) of(id string) data.Book {
	for _, b := range s.all {
		if b.ID == id {
			return b
		}
	}
	return data.Book{ID: id, Role: data.RoleOwner}
}

// writable are the books whose contacts the user may change.
func (s shelf) writable() []data.Book {
	return slices.DeleteFunc(slices.Clone(s.all), func(b data.Book) bool { return !b.CanEdit() })
}

// target is the book that a new contact goes to: the one that is listed, or else the one that new contacts go to. ok is false where the
// listed one can only be read.
func (s shelf) target() (book data.Book, ok bool) {
	if s.chosen == "" {
		return s.of(s.fresh), true
	}
	b := s.of(s.chosen)
	return b, b.CanEdit()
}

// into is the book that an import goes to: the one that is listed, if it can be written; "" : where new contacts go.
func (s shelf) into() string {
	if s.chosen != "" && s.of(s.chosen).CanEdit() {
		return s.chosen
	}
	return ""
}

// firstBookName is the stored name of a first book to which nobody gave another.
const firstBookName = "Personal"

// bookName is what the window calls a book.
func bookName(b data.Book) string {
	if b.First() && (b.Name == "" || b.Name == firstBookName) {
		return lang.L("Personal")
	}
	return b.Name
}

// bookNote says what is particular about a book; "" : nothing is.
func bookNote(b data.Book) string {
	owner := map[string]any{"Owner": b.Owner, "Members": thousands(b.Members)}
	switch {
	case !b.CanEdit() && b.Owner != "":
		return lang.L("{{.Owner}} shares it with you; you may only read it", owner)
	case !b.CanEdit():
		return lang.L("You may only read it", owner)
	case !b.Mine() && b.Owner != "":
		return lang.L("{{.Owner}} shares it with you", owner)
	case b.Shared():
		return lang.L("Shared by {{.Members}} people", owner)
	}
	return ""
}

// whyNot says why nothing can be changed in a book, and what can be done.
func whyNot(b data.Book) string {
	if b.Owner == "" {
		return lang.L("You may only read “{{.Book}}”. Ask its owner to let you change it, or copy the contact into a book of yours.", map[string]any{"Book": bookName(b)})
	}
	return lang.L("You may only read “{{.Book}}”. Ask {{.Owner}} to let you change it, or copy the contact into a book of yours.",
		map[string]any{"Book": bookName(b), "Owner": b.Owner})
}

// bookMessage is userMessage for what is about books; "" : it is about something else.
func bookMessage(err error) string {
	var other *syncer.OtherServerError
	switch {
	case errors.As(err, &other):
		return lang.L("This invitation is from {{.Server}}, and you are signed in at {{.Mine}}. Ask for one from your server, or use a profile that is signed in there.",
			map[string]any{"Server": other.Server, "Mine": other.Mine})
	case errors.Is(err, syncer.ErrUnsent):
		return lang.L("The book is not at the server yet. Sync first, then try again.")
	case errors.Is(err, data.ErrNotSignedIn):
		return lang.L("Set up sync first: books are shared by way of a server.")
	case errors.Is(err, data.ErrReadOnly):
		return lang.L("You may only read this book. Ask its owner to let you change it, or copy the contacts into a book of yours.")
	case errors.Is(err, data.ErrBooksDiffer):
		return lang.L("These contacts are in different books. Move them into one book first.")
	case errors.Is(err, data.ErrNoBook):
		return lang.L("This book is no longer there.")
	case errors.Is(err, data.ErrFirstBook), errors.Is(err, syncer.ErrOwnBook):
		return lang.L("This is your own first book. It always stays yours.")
	case errors.Is(err, data.ErrNotOwner):
		return lang.L("Only an owner of the book can do this.")
	case errors.Is(err, data.ErrBookName):
		return lang.L("A book needs a name of at most 200 letters.")
	case errors.Is(err, syncer.ErrInvitation):
		return lang.L("This invitation does not work: it was used or withdrawn, or it has expired. Ask for a new one.")
	case errors.Is(err, syncer.ErrLink):
		return lang.L("This is not a Kith invitation link. Copy the whole link, to its last letter.")
	case errors.Is(err, syncer.ErrLastOwner):
		return lang.L("The book would have no owner left. Make another member its owner first, or delete the book.")
	case errors.Is(err, syncer.ErrLimit):
		return lang.L("The server allows no more of them.")
	case errors.Is(err, syncer.ErrNotFound):
		return lang.L("This is no longer there: the book, the member or the invitation is gone.")
	}
	return ""
}

// ---- what is listed -------------------------------------------------------------------------------------------------------

// bookCounts is what the sidebar and the menus show of the books.
type bookCounts struct {
	data.Counts
	shelf
	notices []data.Notice
}

// readCounts reads the counts of the chosen book, and the books.
func readCounts(ctx context.Context, store *data.Store, chosen string) (c bookCounts, err error) {
	c.chosen = chosen
	if c.Counts, err = store.CountsOf(ctx, chosen); err != nil {
		return c, err
	}
	if c.all, err = store.Books(ctx); err != nil {
		return c, err
	}
	if c.notices, err = store.Notices(ctx); err != nil || len(c.all) < 2 {
		return c, err
	}
	if c.sizes, err = store.BookSizes(ctx); err != nil {
		return c, err
	}
	fresh, err := store.NewContactsBook(ctx)
	c.fresh = fresh.ID
	return c, err
}

// showCounts takes a new answer in. An answer about another book than the one that is chosen now is asked for again.
func (b *book) showCounts(c bookCounts) {
	chosen := b.books.chosen
	b.books = c.shelf
	b.books.chosen = chosen
	if b.list.news.show(c.notices, b.books) {
		b.list.box.Refresh()
	}
	if chosen != "" && !slices.ContainsFunc(b.books.all, func(k data.Book) bool { return k.ID == chosen }) {
		b.chooseBook("") // it is gone
	}
	if c.chosen == b.books.chosen {
		b.counts = c.Counts
	} else {
		b.count()
	}
	b.sidebar.show(b.counts)
	b.sidebar.showBooks(b.books)
	b.list.setBook(b.books)
	b.view.setBooks(b.books)
	bar := b.list.bar
	if hidden := !b.books.several() || b.list.query.Filter == data.Trash; hidden != bar.book.Hidden {
		bar.book.Hidden = hidden
		bar.box.Refresh()
	}
}

// chooseBook lists one book, or ("") all of them. The list (favourites, a label, …) and the search stay.
func (b *book) chooseBook(id string) {
	if b.editing || id == b.books.chosen {
		return
	}
	b.books.chosen = id
	b.sidebar.showBooks(b.books)
	b.list.setBook(b.books)
	b.count()
	if b.comparing() {
		b.choosePlace(data.All)
		return
	}
	b.goTo(b.list.query)
}

// ---- moving and copying ---------------------------------------------------------------------------------------------------

// sent is what became of contacts that were to go to a book.
type sent struct {
	ids    []string
	name   string
	copied bool
	row    data.RowID // of the only one
}

// sendChosen moves or copies the chosen contacts into a book. What can only be read where it is is copied.
func (b *book) sendChosen(to string, copying bool) {
	rows := b.list.chosenRows()
	if len(rows) == 0 && b.view.shown.Row != 0 {
		rows = []data.RowID{b.view.shown.Row}
	}
	if b.editing || len(rows) == 0 {
		return
	}
	target := b.books.of(to)
	var s sent
	do(b.bg, func(ctx context.Context) (err error) {
		s, err = sendTo(ctx, b.store, to, rows, copying)
		return err
	}, func(err error) {
		if err != nil {
			b.toast.show(userMessage(err), 0)
			return
		}
		if s.row != 0 && (b.books.chosen == "" || b.books.chosen == to) {
			b.list.reveal = s.row
			b.list.refresh()
		}
		b.toast.show(sentText(s, target, copying), 1)
	})
}

func sendTo(ctx context.Context, store *data.Store, to string, rows []data.RowID, copying bool) (s sent, err error) {
	ids, name, err := chosenIDs(ctx, store, rows)
	if err != nil || len(ids) == 0 {
		return s, err
	}
	s.name, s.copied = name, copying
	if !copying {
		s.ids, err = store.MoveContacts(ctx, to, ids...)
		s.copied = errors.Is(err, data.ErrReadOnly)
	}
	if s.copied {
		s.ids, err = store.CopyContacts(ctx, to, ids...)
	}
	if err == nil && len(s.ids) == 1 {
		var c data.Contact
		c, err = store.Contact(ctx, s.ids[0])
		s.row = c.Row
	}
	return s, err
}

// sentText says what became of them.
func sentText(s sent, to data.Book, asked bool) string {
	words := map[string]any{"Who": whom(len(s.ids), s.name), "Book": bookName(to)}
	switch {
	case s.copied && !asked:
		return lang.L("{{.Who}} copied to “{{.Book}}”: the original can only be read", words)
	case s.copied:
		return lang.L("{{.Who}} copied to “{{.Book}}”", words)
	}
	return lang.L("{{.Who}} moved to “{{.Book}}”", words)
}

// bookItems are the menu of books to move or copy to; but is where the contacts are, "" : in several.
func (b *book) bookItems(but string) []*fyne.MenuItem {
	menu := func(label string, copying bool) *fyne.MenuItem {
		item := fyne.NewMenuItem(label, nil)
		item.ChildMenu = fyne.NewMenu("")
		for _, k := range b.books.writable() {
			if k.ID != but {
				item.ChildMenu.Items = append(item.ChildMenu.Items, fyne.NewMenuItem(bookName(k), func() { b.sendChosen(k.ID, copying) }))
			}
		}
		return item
	}
	var items []*fyne.MenuItem
	if from := b.books.of(but); but == "" || from.CanEdit() {
		items = append(items, menu(lang.L("Move to"), false))
	}
	items = append(items, menu(lang.L("Copy to"), true))
	return slices.DeleteFunc(items, func(i *fyne.MenuItem) bool { return len(i.ChildMenu.Items) == 0 })
}

// chooseSending opens the menu of books for the chosen contacts.
func (b *book) chooseSending(at fyne.Position) {
	if items := b.bookItems(b.bookOfChosen()); !b.editing && len(items) > 0 {
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), b.win.Canvas(), at)
	}
}

// bookOfChosen is the one book that all chosen contacts are in, as far as their rows are in memory; "" : they are in several.
func (b *book) bookOfChosen() string {
	in := b.books.chosen
	for id := range b.list.selection.chosen {
		row, ok, _ := b.list.rows.get(id)
		switch {
		case !ok:
		case in == "":
			in = row.Book
		case in != row.Book:
			return ""
		}
	}
	return in
}

// dropBook takes contacts that were dragged onto a book: they are moved, or copied where Ctrl is held.
func (b *book) dropBook(id string) {
	d, ok := b.app.Driver().(desktop.Driver)
	b.sendChosen(id, ok && d.CurrentKeyModifiers()&fyne.KeyModifierShortcutDefault != 0)
}
