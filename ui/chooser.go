package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/widget"
)

// showChooser shows Fyne's dialog of files, with its title and the names of its places in the window's language.
func showChooser(d *dialog.FileDialog, title string, win fyne.Window) {
	d.SetTitleText(title)
	d.Resize(win.Canvas().Size().SubtractWidthHeight(80, 80))
	d.Show()
	if open, ok := win.Canvas().Overlays().Top().(*widget.PopUp); ok {
		translatePlaces(open.Content)
	}
}

// translatePlaces gives the list of places the names that people know them by. Fyne 2.7 translates all texts of this dialog but these.
func translatePlaces(content fyne.CanvasObject) {
	switch o := content.(type) {
	case *fyne.Container:
		for _, part := range o.Objects {
			translatePlaces(part)
		}
	case *container.Split:
		translatePlaces(o.Leading)
	case *widget.List:
		draw := o.UpdateItem
		o.UpdateItem = func(id widget.ListItemID, row fyne.CanvasObject) {
			draw(id, row)
			if name := labelIn(row); name != nil {
				name.SetText(placeName(name.Text))
			}
		}
		o.Refresh()
	}
}

func labelIn(row fyne.CanvasObject) *widget.Label {
	if c, ok := row.(*fyne.Container); ok {
		for _, o := range c.Objects {
			if l, ok := o.(*widget.Label); ok {
				return l
			}
		}
	}
	return nil
}

// placeName is a place of the dialog in the window's language; a drive's letter stays.
func placeName(name string) string {
	switch name {
	case "Home":
		return lang.X("place.home", "Home")
	case "Computer":
		return lang.X("place.computer", "Computer")
	case "Desktop":
		return lang.X("place.desktop", "Desktop")
	case "Documents":
		return lang.X("place.documents", "Documents")
	case "Downloads":
		return lang.X("place.downloads", "Downloads")
	case "Music":
		return lang.X("place.music", "Music")
	case "Pictures":
		return lang.X("place.pictures", "Pictures")
	case "Videos":
		return lang.X("place.videos", "Videos")
	case "Movies":
		return lang.X("place.movies", "Films")
	}
	return name
}
