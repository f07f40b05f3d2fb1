package ui

import "fyne.io/fyne/v2"

// fileMenu is what brings files in and out; item makes an entry of it.
func (b *book) fileMenu(item func(label string, shortcut fyne.Shortcut, action func()) *fyne.MenuItem) *fyne.Menu {
	return fyne.NewMenu("File",
		item("Import…", ctrl(fyne.KeyO), func() { b.importFiles() }),
		item("Export…", nil, b.exportFile),
		item("Print…", ctrl(fyne.KeyP), b.printFile),
		fyne.NewMenuItemSeparator(),
		item("Show QR Code", ctrl(fyne.KeyK), b.showQR))
}
