package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
)

// fileMenu is what brings files in and out; item makes an entry of it.
func (b *book) fileMenu(item func(label string, shortcut fyne.Shortcut, action func()) *fyne.MenuItem) *fyne.Menu {
	return fyne.NewMenu(lang.L("File"),
		item(lang.L("Import…"), ctrl(fyne.KeyO), func() { b.importFiles() }),
		item(lang.L("Export…"), nil, b.exportFile),
		item(lang.L("Print…"), ctrl(fyne.KeyP), b.printFile),
		fyne.NewMenuItemSeparator(),
		item(lang.L("Show QR Code"), ctrl(fyne.KeyK), b.showQR))
}
