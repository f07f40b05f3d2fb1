package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"kith/contact"
	"kith/data"
)

// chosenIDs turns rows into the ids that the store's writes take. data.ErrNotFound: none of them is there any more.
func chosenIDs(ctx context.Context, store *data.Store, rows []data.RowID) (ids []string, name string, err error) {
	const page = 500
	for len(rows) > 0 {
		n := min(page, len(rows))
		read, err := store.Rows(ctx, rows[:n])
		if err != nil {
			return nil, "", err
		}
		for _, r := range read {
			if len(ids) == 0 {
				name = nameOr(r.Name)
			}
			ids = append(ids, r.ID)
		}
		rows = rows[n:]
	}
	if len(ids) == 0 {
		return nil, "", data.ErrNotFound
	}
	return ids, name, nil
}

// whom says of how many, or of whom, something was done.
func whom(n int, name string) string {
	if n == 1 {
		return name
	}
	return lang.N("{{.Count}} contacts", n, counted(n))
}

// onChosen runs a change of the chosen contacts, and says what was done with n of them, or with the one of this name; actions is how
// many steps of undo that was.
func (b *book) onChosen(said func(n int, name string) string, change func(ctx context.Context, ids []string) (actions int, err error)) {
	rows := b.list.chosenRows()
	if len(rows) == 0 && b.view.shown.Row != 0 {
		rows = []data.RowID{b.view.shown.Row} // a search hides it from the list
	}
	if b.editing || len(rows) == 0 {
		return
	}
	var done string
	var actions int
	do(b.bg, func(ctx context.Context) error {
		ids, name, err := chosenIDs(ctx, b.store, rows)
		if err != nil {
			return err
		}
		done = said(len(ids), name)
		actions, err = change(ctx, ids)
		return err
	}, func(err error) {
		if err != nil {
			b.toast.show(userMessage(err), 0)
			return
		}
		b.toast.show(done, actions)
	})
}

func (b *book) trash() {
	switch {
	case b.editing:
		b.trashEdited()
	case b.list.query.Filter == data.Trash:
		b.purgeChosen()
	default:
		b.onChosen(trashedText, func(ctx context.Context, ids []string) (int, error) { return 1, b.store.Delete(ctx, ids...) })
	}
}

// trashEdited ends the edit, and moves the contact that was edited to the trash: no other, whatever is chosen in the list. One that is new
// is not in the book yet: Cancel drops it.
func (b *book) trashEdited() {
	e := b.editor
	if e.id == "" || e.saving {
		return
	}
	id, name := e.id, nameOr(e.from.DisplayName())
	b.flushDraft() // it is there again at the next start if the contact can't be moved
	b.stopEditing()
	b.write(func(ctx context.Context) error {
		err := b.store.Delete(ctx, id)
		if err == nil {
			b.eraseDraft()
		}
		return err
	}, trashedText(1, name))
}

func (b *book) restore() {
	b.onChosen(restoredText, func(ctx context.Context, ids []string) (int, error) { return 1, b.store.Restore(ctx, ids...) })
}

func (b *book) starChosen(on bool) {
	said := starredText
	if !on {
		said = unstarredText
	}
	b.editChosen(said, func(c contact.Card) contact.Card { return c.WithStarred(on) })
}

// editChosen changes the cards of the chosen contacts by one rule.
func (b *book) editChosen(said func(n int, name string) string, change func(contact.Card) contact.Card) {
	b.onChosen(said, func(ctx context.Context, ids []string) (actions int, err error) {
		changed, err := b.store.EditAll(ctx, ids, change)
		return min(changed, 1), err
	})
}

func trashedText(n int, name string) string {
	if n == 1 {
		return lang.L("{{.Name}} moved to the trash", with{"Name": name})
	}
	return lang.N("{{.Count}} contacts moved to the trash", n, counted(n))
}

func restoredText(n int, name string) string {
	if n == 1 {
		return lang.L("{{.Name}} restored", with{"Name": name})
	}
	return lang.N("{{.Count}} contacts restored", n, counted(n))
}

func starredText(n int, name string) string {
	if n == 1 {
		return lang.L("{{.Name}} added to the favourites", with{"Name": name})
	}
	return lang.N("{{.Count}} contacts added to the favourites", n, counted(n))
}

func unstarredText(n int, name string) string {
	if n == 1 {
		return lang.L("{{.Name}} no longer a favourite", with{"Name": name})
	}
	return lang.N("{{.Count}} contacts no longer favourites", n, counted(n))
}

// key is what no widget had a use for.
func (b *book) key(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		b.escape()
	case fyne.KeyF1:
		if b.dialogs.open == nil {
			b.dialogs.shortcuts()
		}
	case fyne.KeyDelete:
		if !b.editing {
			b.trash()
		}
	}
}

// escape leaves what is open: a dialog, the editor, the chosen set, the contact that covers the list.
func (b *book) escape() {
	switch {
	case b.dialogs.close():
	case b.editing:
		b.cancel()
	case b.mergingChosen:
		b.endMergingChosen()
	case b.dups.open && !b.panes.shown[1]:
		b.backToList()
	case b.dups.open:
		b.choosePlace(data.All)
	case b.list.selection.count() > 1:
		b.list.single()
	case !b.panes.shown[1]:
		b.backToList()
	case b.list.search.Text != "":
		b.list.search.SetText("")
	}
}
