package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"kith/data"
)

// dragged are contacts on their way from the list to a line of the sidebar: a small sheet under the pointer.
type dragged struct {
	layer  *fyne.Container // over the panes
	sheet  *fyne.Container
	text   *textLine
	target *sideItem
	on     bool
}

func newDragged() *dragged {
	d := &dragged{text: newTextLine("", colorToastText, sizeSmall)}
	d.text.fixed = true
	d.sheet = container.NewStack(newCardPanel(colorToast, ""), container.New(insets{5, 12, 5, 12}, d.text))
	d.sheet.Hide()
	d.layer = container.NewWithoutLayout(d.sheet)
	return d
}

// drag is the row under the pointer, which takes the chosen contacts with it, or itself alone when it is not one of them.
func (b *book) drag(index int, at fyne.Position) {
	d := b.dragged
	if b.editing || b.list.query.Filter == data.Trash || index < 0 || index >= len(b.list.order) {
		return
	}
	if !d.on {
		if !b.list.selection.has(b.list.order[index]) {
			b.list.choose(index)
		}
		row, _, _ := b.list.rows.get(b.list.order[index])
		d.text.setText(whom(b.list.selection.count(), nameOr(row.Name)))
		d.on = true
		d.sheet.Show()
	}
	from := b.app.Driver().AbsolutePositionForObject(d.layer)
	d.sheet.Resize(d.sheet.MinSize())
	d.sheet.Move(at.Subtract(from).AddXY(14, 10))
	d.target = b.sidebar.targetAt(at)
}

func (b *book) drop() {
	d := b.dragged
	if !d.on {
		return
	}
	d.on = false
	d.sheet.Hide()
	if d.target == nil {
		return
	}
	d.target.dropping = false
	d.target.Refresh()
	d.target.drop()
	d.target = nil
}
