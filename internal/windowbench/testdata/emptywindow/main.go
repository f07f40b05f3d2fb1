// Command emptywindow is the least that a program with Fyne can be: one empty window, as large as Kith's.
package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
)

func main() {
	w := app.NewWithID("org.kith.empty").NewWindow("Kith")
	w.Resize(fyne.NewSize(1100, 720))
	w.ShowAndRun()
}
