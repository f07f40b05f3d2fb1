package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// CreateRenderer draws an Entry without the bar that it shows while a text that is too long for it rests.
//
// A theme of the fields' own could take the bar away too; but each time Fyne is given one, it forgets the sizes of all texts of the
// window and reads the fonts anew, which takes longer than a frame.
func (f *field) CreateRenderer() fyne.WidgetRenderer {
	r := &fieldRenderer{WidgetRenderer: f.Entry.CreateRenderer(), field: f, cover: canvas.NewRectangle(themeColor(theme.ColorNameInputBackground))}
	return r
}

// fieldRenderer is an Entry's, with a strip of the ground over the resting bar: below a line, or to the right of a longer text.
type fieldRenderer struct {
	fyne.WidgetRenderer
	field *field
	cover *canvas.Rectangle
}

// Objects puts the strip over the text and its bar, and below the Entry's frame, which is the second of its objects.
func (r *fieldRenderer) Objects() []fyne.CanvasObject {
	all := r.WidgetRenderer.Objects()
	return slices.Concat(all[:1], all[2:], []fyne.CanvasObject{r.cover, all[1]})
}

func (r *fieldRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	border := theme.Size(theme.SizeNameInputBorder)
	bar := theme.Size(theme.SizeNameScrollBarSmall) + 2*border
	inside := size.SubtractWidthHeight(2*border, 2*border)
	radius := max(0, theme.Size(theme.SizeNameInputRadius)-border)
	r.cover.BottomRightCornerRadius = radius
	if r.field.MultiLine {
		r.cover.TopRightCornerRadius, r.cover.BottomLeftCornerRadius = radius, 0
		r.cover.Move(fyne.NewPos(border+inside.Width-bar, border))
		r.cover.Resize(fyne.NewSize(bar, inside.Height))
		return
	}
	r.cover.TopRightCornerRadius, r.cover.BottomLeftCornerRadius = 0, radius
	r.cover.Move(fyne.NewPos(border, border+inside.Height-bar))
	r.cover.Resize(fyne.NewSize(inside.Width, bar))
}

func (r *fieldRenderer) Refresh() {
	r.cover.FillColor = themeColor(theme.ColorNameInputBackground)
	r.WidgetRenderer.Refresh()
}
