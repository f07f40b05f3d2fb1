package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// valueRow is one value of a contact: a click or Enter opens it, Ctrl+C and the button that comes with the pointer copy it.
type valueRow struct {
	widget.BaseWidget
	value            value
	opened, copied   func(value)
	onFocus          func()
	hovered, focused bool
	onCopy           upon // what is on the copy button: over it, the pointer has left the row

	ground  *canvas.Rectangle
	text    *wrapped      // a value of one line, if it has room
	long    *widget.Label // a text
	label   *textLine
	copy    *button
	content *fyne.Container
}

func newValueRow(v value, opened, copied func(value)) *valueRow {
	r := &valueRow{value: v, opened: opened, copied: copied, ground: canvas.NewRectangle(transparent)}
	r.ground.CornerRadius = 6
	r.label = newTextLine(v.label, colorMuted, sizeSmall)
	r.label.Hidden = v.label == ""
	r.copy = newQuietButton("", theme.NewColoredResource(theme.ContentCopyIcon(), colorMuted), func() { copied(v) })
	r.copy.Hide()
	r.copy.onUpon = func(by upon, on bool) {
		if r.onCopy &^= by; on {
			r.onCopy |= by
		}
		r.paint()
		if by == focus && on && r.onFocus != nil {
			r.onFocus()
		}
	}
	var main fyne.CanvasObject
	if v.long {
		piece, _ := pieceOf(v.text)
		r.long = widget.NewLabel(piece)
		r.long.Wrapping = fyne.TextWrapWord
		main = r.long
	} else {
		color := theme.ColorNameForeground
		if v.open != "" {
			color = theme.ColorNameHyperlink
		}
		r.text = newWrapped(v.text, color, theme.SizeNameText)
		main = r.text
	}
	r.content = container.New(&valueLayout{long: v.long, labelled: v.label != ""}, main, r.label, r.copy)
	r.ExtendBaseWidget(r)
	return r
}

func (r *valueRow) inside() []fyne.CanvasObject { return []fyne.CanvasObject{r.ground, r.content} }

func (r *valueRow) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(r.ground, r.content))
}

func (r *valueRow) Tapped(*fyne.PointEvent) {
	if r.value.open != "" {
		r.opened(r.value)
	}
}

func (r *valueRow) Cursor() desktop.Cursor {
	if r.value.open != "" {
		return desktop.PointerCursor
	}
	return desktop.DefaultCursor
}

func (r *valueRow) MouseIn(*desktop.MouseEvent)    { r.hovered = true; r.paint() }
func (r *valueRow) MouseMoved(*desktop.MouseEvent) {}
func (r *valueRow) MouseOut()                      { r.hovered = false; r.paint() }
func (r *valueRow) FocusLost()                     { r.focused = false; r.paint() }
func (r *valueRow) TypedRune(rune)                 {}

func (r *valueRow) FocusGained() {
	r.focused = true
	r.paint()
	if r.onFocus != nil {
		r.onFocus()
	}
}

func (r *valueRow) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		r.Tapped(nil)
	default:
		passOn(r, e)
	}
}

func (r *valueRow) TypedShortcut(s fyne.Shortcut) {
	if _, ok := s.(*fyne.ShortcutCopy); ok {
		r.copied(r.value)
	}
}

func (r *valueRow) paint() {
	r.ground.FillColor, r.ground.StrokeWidth = transparent, 0
	if r.hovered || r.onCopy&pointer != 0 {
		r.ground.FillColor = themeColor(theme.ColorNameHover)
	}
	if r.focused {
		r.ground.StrokeColor, r.ground.StrokeWidth = themeColor(theme.ColorNamePrimary), 1.5
	}
	r.copy.Hidden = !r.hovered && !r.focused && r.onCopy == 0
	r.ground.Refresh()
	r.content.Refresh()
}

// valueLayout puts the label below the value, and the copy button at the right of both.
type valueLayout struct{ long, labelled bool }

const (
	valuePad  = 10
	valueCopy = 34
)

func (l *valueLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	h := o[0].MinSize().Height
	if l.long {
		h -= 4 // a Label has an inner padding of its own
	} else {
		h += 14
	}
	if l.labelled {
		h += o[1].MinSize().Height
	}
	return fyne.NewSize(60, max(h, 38))
}

func (l *valueLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	width := s.Width - 2*valuePad - valueCopy
	if !l.long { // wrapped, it knows its height by its width
		o[0].Resize(fyne.NewSize(width, o[0].MinSize().Height))
	}
	x, h := float32(valuePad), o[0].MinSize().Height
	labelHeight := o[1].MinSize().Height
	y := float32(7)
	if l.long {
		x, y, width = valuePad-8, -4, width+16
		o[0].Resize(fyne.NewSize(width, h))
		h = o[0].MinSize().Height
	} else if !l.labelled {
		y = (s.Height - h) / 2
	}
	o[0].Move(fyne.NewPos(x, y))
	o[0].Resize(fyne.NewSize(width, h))
	o[1].Move(fyne.NewPos(valuePad, s.Height-labelHeight-7))
	o[1].Resize(fyne.NewSize(s.Width-2*valuePad-valueCopy, labelHeight))
	o[2].Move(fyne.NewPos(s.Width-valueCopy, 2))
	o[2].Resize(fyne.NewSize(valueCopy-2, 34))
}

// newBlock is one card of values, with their kind's icon at the left. reveal scrolls to a row that Tab has reached; grown is called when
// a card has become higher.
func newBlock(b block, opened, copied func(value), reveal func(fyne.CanvasObject), grown func()) fyne.CanvasObject {
	var rows []fyne.CanvasObject // together: a container measures all that it has with each one that is added
	for _, v := range b.values {
		row := newValueRow(v, opened, copied)
		row.onFocus = func() { reveal(row) }
		rows = append(rows, row)
		if _, rest := pieceOf(v.text); v.long && rest != "" {
			rows = append(rows, newRest(rest, reveal, grown))
		}
	}
	return container.NewStack(newCardPanel(colorCard, colorCardLine), container.New(blockLayout{}, widget.NewIcon(b.icon), container.New(columnLayout{margin: 4, gap: 0}, rows...)))
}

type blockLayout struct{}

const blockIcon = 44

func (blockLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return o[1].MinSize().AddWidthHeight(blockIcon, 0)
}

func (blockLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSquareSize(20))
	o[0].Move(fyne.NewPos(16, 14))
	o[1].Resize(fyne.NewSize(s.Width-blockIcon, s.Height))
	o[1].Move(fyne.NewPos(blockIcon, 0))
}
