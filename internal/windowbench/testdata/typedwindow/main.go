// Command typedwindow is the least that a program with Fyne can show of a key: a window as large as Kith's, with a box for text, and
// what was typed where Kith has its rows.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

func main() {
	w := app.NewWithID("org.kith.typed").NewWindow("Kith")
	box, typed := widget.NewEntry(), widget.NewLabel("")
	box.OnChanged = typed.SetText
	const top, left = 100, 250
	w.SetContent(container.NewBorder(box, nil, nil, nil, container.New(layout.NewCustomPaddedLayout(top, 0, left, 0), typed)))
	w.Resize(fyne.NewSize(1100, 720))
	w.Canvas().Focus(box)
	w.ShowAndRun()
}
