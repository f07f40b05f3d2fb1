package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"kith/data"
)

// bookField is the editor's line that says which book a contact is in, or is to be in.
type bookField struct {
	row    *fyne.Container
	choice *choice
	books  []data.Book
	from   string // the book that the contact is in, or that a new one goes to
}

func newBookField(changed func()) *bookField {
	f := &bookField{choice: newChoice(nil, nil)}
	f.choice.OnChanged = func(string) { changed() }
	f.row = formRow(lang.L("Book"), f.choice)
	f.row.Hide()
	return f
}

// offerBooks lets the user choose among the books that can be written; with one alone there is nothing to choose. in is the book that the
// contact is in, or that a new one goes to; chosen is another one, if that is among them.
func (e *editor) offerBooks(all []data.Book, in data.Book, chosen string) {
	if !slices.ContainsFunc(all, func(b data.Book) bool { return b.ID == chosen }) {
		chosen = in.ID
	}
	f := e.in
	f.books, f.from = all, in.ID
	f.row.Hidden = len(all) < 2
	f.choice.Options = nil
	filling := e.filling
	e.filling = true
	for i, b := range all {
		f.choice.Options = append(f.choice.Options, bookChoiceText(all, i))
		if b.ID == chosen {
			f.choice.SetSelectedIndex(i)
		}
	}
	e.filling = filling
	f.choice.Refresh()
}

// bookChoiceText tells books of one name apart by their owners.
func bookChoiceText(all []data.Book, i int) string {
	name := bookName(all[i])
	for j, other := range all {
		if j != i && bookName(other) == name {
			if all[i].Mine() || all[i].Owner == "" {
				return lang.L("{{.Book}} (mine, {{.Number}})", map[string]any{"Book": name, "Number": thousands(i + 1)})
			}
			return lang.L("{{.Book}} (of {{.Owner}}, {{.Number}})", map[string]any{"Book": name, "Owner": all[i].Owner, "Number": thousands(i + 1)})
		}
	}
	return name
}

// chosenBook is the book to save into, and whether that is another one than before.
func (e *editor) chosenBook() (id string, moves bool) {
	f := e.in
	at := f.choice.SelectedIndex()
	if f.row.Hidden || at < 0 || at >= len(f.books) {
		return f.from, false
	}
	return f.books[at].ID, f.books[at].ID != f.from
}

// moves says that saving brings a contact that is there already into another book.
func (e *editor) moves() bool {
	_, moves := e.chosenBook()
	return moves && e.id != ""
}
