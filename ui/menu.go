package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"

	"kith/data"
)

// textEditor is a focused widget that has its own Undo and Select All.
type textEditor interface {
	fyne.Shortcutable
	SelectedText() string
}

// ctrl is a shortcut with Ctrl, or Cmd on a Mac. Those of the menu work also while a field has the focus; a canvas's would not.
func ctrl(key fyne.KeyName) fyne.Shortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
}

// mainMenu is the window's menu, and the home of its shortcuts.
func (b *book) mainMenu() *fyne.MainMenu {
	item := func(label string, shortcut fyne.Shortcut, action func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, func() {
			if b.dialogs.open == nil {
				action()
			}
		})
		i.Shortcut = shortcut
		return i
	}
	// In a field, its own undo and select all come first.
	orInField := func(s fyne.Shortcut, action func()) func() {
		return func() {
			if e, ok := b.win.Canvas().Focused().(textEditor); ok {
				e.TypedShortcut(s)
				return
			}
			if b.dialogs.open == nil {
				action()
			}
		}
	}
	undo, all := &fyne.ShortcutUndo{}, &fyne.ShortcutSelectAll{}
	undoItem := fyne.NewMenuItem(lang.L("Undo"), func() {
		if b.emptySearchFocused() {
			b.undo(1)
			return
		}
		orInField(undo, func() { b.undo(1) })()
	})
	undoItem.Shortcut = undo
	allItem := fyne.NewMenuItem(lang.L("Select All"), orInField(all, func() {
		if !b.editing {
			b.list.selectAll()
		}
	}))
	allItem.Shortcut = all
	quit := fyne.NewMenuItem(lang.L("Quit"), func() { b.presence.quit() })
	quit.IsQuit, quit.Shortcut = true, ctrl(fyne.KeyQ)

	place := func(f data.Filter, key fyne.KeyName) *fyne.MenuItem {
		return item(placeOf(f).name, ctrl(key), func() {
			if !b.editing {
				b.choosePlace(f)
			}
		})
	}
	sorts := b.sortItems()
	return fyne.NewMainMenu(
		fyne.NewMenu("Kith",
			item(lang.L("New Contact"), ctrl(fyne.KeyN), b.newContact),
			fyne.NewMenuItemSeparator(),
			item(lang.L("Sync Now"), ctrl(fyne.KeyR), b.engine.SyncNow),
			item(lang.L("Set Up Sync…"), nil, b.dialogs.signIn),
			item(lang.L("Settings…"), ctrl(fyne.KeyComma), b.dialogs.settings),
			fyne.NewMenuItemSeparator(), quit),
		b.fileMenu(item),
		fyne.NewMenu(lang.L("Contact"),
			item(lang.L("Edit"), ctrl(fyne.KeyE), b.edit),
			item(lang.L("Save"), ctrl(fyne.KeyS), b.save),
			item(lang.L("Favourite"), ctrl(fyne.KeyD), b.toggleStar),
			item(lang.L("Merge…"), ctrl(fyne.KeyM), b.mergeChosen),
			fyne.NewMenuItemSeparator(),
			undoItem, b.redoItem(orInField), allItem,
			fyne.NewMenuItemSeparator(),
			item(lang.L("Move to Trash"), nil, b.trash),
			item(lang.L("Restore"), nil, b.restore),
			item(lang.L("Delete for Good…"), nil, b.purgeChosen),
			item(lang.L("Empty Trash…"), nil, b.emptyTrash)),
		b.booksMenu(item),
		fyne.NewMenu(lang.L("View"),
			item(lang.L("Search"), ctrl(fyne.KeyF), b.focusSearch),
			item(lang.L("Quick Search Window"), ctrlShift(fyne.KeyF), b.searchQuickly),
			fyne.NewMenuItemSeparator(),
			place(data.All, fyne.Key1), place(data.Favourites, fyne.Key2), place(data.Conflicted, fyne.Key3), place(data.Trash, fyne.Key4),
			place(data.Birthdays, fyne.Key5), place(data.Recent, fyne.Key6), place(duplicatesPlace, fyne.Key7),
			fyne.NewMenuItemSeparator(),
			item(lang.L("Next Conflict"), ctrl(fyne.KeyJ), func() { b.nextQuestion(1) }),
			item(lang.L("Previous Conflict"), ctrlShift(fyne.KeyJ), func() { b.nextQuestion(-1) }),
			item(lang.L("Decide Conflicts Alike…"), nil, b.decideAlike),
			fyne.NewMenuItemSeparator(), sorts[0], sorts[1], sorts[2]),
		fyne.NewMenu(lang.L("Help"),
			item(lang.L("Keyboard"), ctrl(fyne.KeySlash), b.dialogs.shortcuts),
			item(lang.L("About Kith"), nil, b.dialogs.about)))
}

func (b *book) focusSearch() {
	if b.editing {
		return
	}
	if b.comparing() {
		b.choosePlace(data.All)
	}
	b.showList()
	b.win.Canvas().Focus(b.list.search)
	b.list.search.TypedShortcut(&fyne.ShortcutSelectAll{})
}

func (b *book) toggleStar() {
	if !b.editing && b.view.shown.ID != "" && b.view.shown.Deleted.IsZero() {
		b.starChosen(!b.view.shown.Card.Starred())
	}
}

// placeMenu is the sidebar where there is no room for one.
func (b *book) placeMenu() { b.placeMenuAt(b.list.menu) }

func (b *book) placeMenuAt(button *button) {
	var items []*fyne.MenuItem
	if b.books.several() {
		all := fyne.NewMenuItem(lang.L("All books"), func() { b.chooseBook("") })
		all.Checked = b.books.chosen == ""
		items = append(items, all)
		for _, k := range b.books.all {
			item := fyne.NewMenuItem(bookName(k)+ifAny(b.books.sizes[k.ID] > 0, "  "+thousands(b.books.sizes[k.ID])), func() { b.chooseBook(k.ID) })
			item.Checked = b.books.chosen == k.ID
			items = append(items, item)
		}
		items = append(items, fyne.NewMenuItemSeparator())
	}
	for _, p := range places() {
		n := placeCount(b.counts, p.filter)
		if p.filter == duplicatesPlace {
			n = b.sidebar.duplicates
		}
		if (p.filter == data.Conflicted || p.filter == data.Reviewed || p.filter == duplicatesPlace) && n == 0 {
			continue
		}
		items = append(items, fyne.NewMenuItem(p.name+ifAny(n > 0, "  "+thousands(n)), func() { b.choosePlace(p.filter) }))
	}
	if labels := allLabels(b.counts, b.sidebar.empty); len(labels) > 0 {
		items = append(items, fyne.NewMenuItemSeparator())
		for _, l := range labels {
			items = append(items, fyne.NewMenuItem(l.Name+ifAny(l.Count > 0, "  "+thousands(l.Count)), func() { b.chooseLabel(l.Name) }))
		}
	}
	at := b.app.Driver().AbsolutePositionForObject(button)
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), b.win.Canvas(), at.AddXY(0, button.Size().Height))
}

// contextMenu is the secondary click on a row.
func (b *book) contextMenu(at fyne.Position) {
	if b.editing || b.list.selection.count() == 0 {
		return
	}
	if b.list.query.Filter == data.Trash {
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", fyne.NewMenuItem(lang.L("Restore"), b.restore), fyne.NewMenuItem(lang.L("Delete for Good…"), b.purgeChosen)), b.win.Canvas(), at)
		return
	}
	in := b.bookOfChosen()
	if in != "" && !b.books.of(in).CanEdit() {
		items := append([]*fyne.MenuItem{fyne.NewMenuItem(lang.L("Export…"), b.exportFile)}, b.bookItems(in)...)
		if b.list.selection.count() == 1 {
			items = append([]*fyne.MenuItem{fyne.NewMenuItem(lang.L("Show QR Code"), b.showQR)}, items...)
		}
		widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), b.win.Canvas(), at)
		return
	}
	items := []*fyne.MenuItem{
		fyne.NewMenuItem(lang.L("Add to Favourites"), func() { b.starChosen(true) }),
		fyne.NewMenuItem(lang.L("Remove from Favourites"), func() { b.starChosen(false) }),
		fyne.NewMenuItem(lang.L("Labels…"), func() { b.chooseLabels(at) }),
		fyne.NewMenuItem(lang.L("Export…"), b.exportFile),
	}
	if b.books.several() {
		items = append(append(items, fyne.NewMenuItemSeparator()), b.bookItems(in)...)
	}
	items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(lang.L("Move to Trash"), b.trash))
	if b.list.selection.count() > 1 {
		items = append(items[:3], append([]*fyne.MenuItem{fyne.NewMenuItem(lang.L("Merge…"), b.mergeChosen)}, items[3:]...)...)
	}
	if b.list.selection.count() == 1 {
		items = append([]*fyne.MenuItem{fyne.NewMenuItem(lang.L("Edit"), b.edit), fyne.NewMenuItem(lang.L("Show QR Code"), b.showQR)}, items...)
	}
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), b.win.Canvas(), at)
}
