package ui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/data"
)

const (
	rowHeight   = 54
	rowGutter   = 26 // the section's letter
	rowAvatar   = 36
	rowTextLeft = rowGutter + rowAvatar + 12
	rowRight    = 22
)

// listRow is one line of the list. It is made of bare canvas objects, because it is redrawn while the list scrolls.
type listRow struct {
	widget.BaseWidget
	index int
	onTap func(index int, m fyne.KeyModifier)
	onAlt func(index int, at fyne.Position)
	drag  rowDrag

	row               data.Row
	loaded            bool
	letter            string
	selected, focused bool
	search            string
	found             bool
	hovered           bool
	modifier          fyne.KeyModifier

	ground       *canvas.Rectangle
	circle       *canvas.Circle
	initials     *canvas.Text
	nobody       *canvas.Image // in the place of initials
	face         *canvas.Image
	name         *canvas.Text
	subtitle     *canvas.Text
	section      *canvas.Text
	nameMark     *canvas.Rectangle // behind the part that a search matches
	subtitleMark *canvas.Rectangle
	star, warn   *canvas.Image
	unsynced     *canvas.Circle
	avatarOfName string
}

// rowDrag hears of a row that is dragged: where the pointer is, and that it was let go.
type rowDrag struct {
	over func(index int, at fyne.Position)
	end  func()
}

func newListRow(onTap func(int, fyne.KeyModifier), onAlt func(int, fyne.Position), drag rowDrag) *listRow {
	r := &listRow{
		index: -1, onTap: onTap, onAlt: onAlt, drag: drag,
		ground: canvas.NewRectangle(color.Transparent), circle: canvas.NewCircle(color.Transparent),
		initials: canvas.NewText("", color.White), face: newFace(rowAvatar), name: canvas.NewText("", nil), subtitle: canvas.NewText("", nil),
		section: canvas.NewText("", nil), star: canvas.NewImageFromResource(nil), warn: canvas.NewImageFromResource(nil),
		unsynced: canvas.NewCircle(color.Transparent),
		nameMark: canvas.NewRectangle(nil), subtitleMark: canvas.NewRectangle(nil),
	}
	r.nobody = canvas.NewImageFromResource(iconNobody)
	r.nameMark.CornerRadius, r.subtitleMark.CornerRadius = 3, 3
	r.ground.CornerRadius = 8
	r.initials.Alignment, r.initials.TextStyle.Bold, r.initials.TextSize = fyne.TextAlignCenter, true, 14
	r.section.Alignment, r.section.TextStyle.Bold = fyne.TextAlignCenter, true
	r.unsynced.StrokeWidth = 1.5
	r.ExtendBaseWidget(r)
	return r
}

// rowState is all that a row draws.
type rowState struct {
	row               data.Row
	loaded            bool
	letter            string // "" : not the first of its section
	selected, focused bool
	search            string // the parts that match it are marked
	found             bool   // the second line is what the search found
	face              image.Image
}

func (r *listRow) set(index int, s rowState) {
	if index == r.index && r.loaded == s.loaded && r.row == s.row && r.letter == s.letter && r.selected == s.selected && r.focused == s.focused && r.search == s.search && r.found == s.found && r.face.Image == s.face {
		return
	}
	setFace(r.face, s.face)
	r.index, r.row, r.loaded, r.letter, r.selected, r.focused, r.search, r.found = index, s.row, s.loaded, s.letter, s.selected, s.focused, s.search, s.found
	r.Refresh()
}

func (r *listRow) MinSize() fyne.Size { return fyne.NewSize(180, rowHeight) }

// MouseDown remembers the modifiers, which Tapped does not get.
func (r *listRow) MouseDown(e *desktop.MouseEvent)     { r.modifier = e.Modifier }
func (r *listRow) MouseUp(*desktop.MouseEvent)         {}
func (r *listRow) Tapped(*fyne.PointEvent)             { r.onTap(r.index, r.modifier) }
func (r *listRow) TappedSecondary(e *fyne.PointEvent)  { r.onAlt(r.index, e.AbsolutePosition) }
func (r *listRow) Dragged(e *fyne.DragEvent)           { r.drag.over(r.index, e.AbsolutePosition) }
func (r *listRow) DragEnd()                            { r.drag.end() }
func (r *listRow) MouseIn(*desktop.MouseEvent)         { r.hovered = true; r.paintGround() }
func (r *listRow) MouseMoved(*desktop.MouseEvent)      {}
func (r *listRow) MouseOut()                           { r.hovered = false; r.paintGround() }
func (r *listRow) CreateRenderer() fyne.WidgetRenderer { return &listRowRenderer{r} }

func (r *listRow) paintGround() {
	switch {
	case r.selected:
		r.ground.FillColor = themeColor(colorSelected)
	case r.hovered && r.loaded:
		r.ground.FillColor = themeColor(theme.ColorNameHover)
	default:
		r.ground.FillColor = color.Transparent
	}
	r.ground.StrokeWidth = 0
	if r.focused {
		r.ground.StrokeColor, r.ground.StrokeWidth = themeColor(theme.ColorNamePrimary), 1.5
	}
	r.ground.Refresh()
}

func (r *listRow) inside() []fyne.CanvasObject { return []fyne.CanvasObject{r.star, r.warn} }

type listRowRenderer struct{ *listRow }

func (r *listRowRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.section, r.circle, r.initials, r.nobody, r.face, r.nameMark, r.subtitleMark, r.name, r.subtitle, r.star, r.warn, r.unsynced}
}
func (r *listRowRenderer) Destroy() {}

func (r *listRowRenderer) Refresh() {
	row := r.row
	r.paintGround()
	r.circle.Hidden = !r.loaded || r.face.Image != nil
	r.initials.Hidden = r.circle.Hidden
	r.circle.FillColor = avatarColor(row.ID)
	if name := row.Name; r.avatarOfName != name || r.initials.Text == "" {
		r.avatarOfName, r.initials.Text = name, monogram(name)
	}
	r.nobody.Hidden = r.circle.Hidden || r.initials.Text != ""
	r.name.Color, r.name.TextSize = themeColor(theme.ColorNameForeground), theme.Size(sizeRowName)
	r.name.TextStyle.Italic = row.Name == ""
	r.subtitle.Color, r.subtitle.TextSize = themeColor(colorMuted), theme.Size(sizeSmall)
	r.section.Color, r.section.TextSize, r.section.Text = themeColor(theme.ColorNamePrimary), 13, shownLetter(r.letter)
	setIcon(r.star, row.Starred, iconStarred)
	setIcon(r.warn, row.Conflict, iconWarning)
	r.unsynced.Hidden = !row.Pending
	r.unsynced.StrokeColor = themeColor(theme.ColorNamePrimary)
	r.Layout(r.listRow.Size())
	canvas.Refresh(r.listRow) // one for all of them: texts and shapes are drawn from their fields
}

// setIcon shows or hides an icon. Only a change of it, or of the theme, is worth drawing its SVG again.
func setIcon(i *canvas.Image, shown bool, icon fyne.Resource) {
	i.Hidden = !shown
	if shown && i.Resource != icon {
		i.Resource = icon
		i.Refresh()
	}
}

func (r *listRowRenderer) Layout(s fyne.Size) {
	r.ground.Resize(fyne.NewSize(s.Width-rowGutter-6, s.Height-2))
	r.ground.Move(fyne.NewPos(rowGutter-6, 1))
	r.section.Resize(fyne.NewSize(rowGutter-6, 18))
	r.section.Move(fyne.NewPos(0, s.Height/2-9))
	top := (s.Height - rowAvatar) / 2
	r.circle.Resize(fyne.NewSquareSize(rowAvatar))
	r.circle.Move(fyne.NewPos(rowGutter, top))
	layNobody(r.nobody, r.circle)
	r.face.Resize(r.circle.Size())
	r.face.Move(r.circle.Position())
	h := r.initials.MinSize().Height
	r.initials.Resize(fyne.NewSize(rowAvatar, h))
	r.initials.Move(fyne.NewPos(rowGutter, (s.Height-h)/2))

	right := s.Width - rowRight
	for _, mark := range []fyne.CanvasObject{r.unsynced, r.warn, r.star} {
		if !mark.Visible() {
			continue
		}
		size := float32(16)
		if mark == r.unsynced {
			size = 8
		}
		mark.Resize(fyne.NewSquareSize(size))
		mark.Move(fyne.NewPos(right-size, (s.Height-size)/2))
		right -= size + 6
	}
	r.layoutText(right - rowTextLeft - 4)
}

func (r *listRowRenderer) layoutText(width float32) {
	name, subtitle := "", ""
	if r.loaded {
		name, subtitle = nameOr(shownName(r.row.Name)), r.row.Subtitle
	}
	height := r.listRow.Size().Height
	r.name.Text = ellipsize(name, width, r.name.TextSize, r.name.TextStyle)
	r.subtitle.Text = ellipsize(subtitle, width, r.subtitle.TextSize, r.subtitle.TextStyle)
	nameHeight, subtitleHeight := r.name.MinSize().Height, r.subtitle.MinSize().Height
	y := (height - nameHeight) / 2
	if subtitle != "" {
		y = (height - nameHeight - subtitleHeight + 2) / 2
	}
	r.name.Move(fyne.NewPos(rowTextLeft, y))
	r.name.Resize(fyne.NewSize(width, nameHeight))
	r.subtitle.Move(fyne.NewPos(rowTextLeft, y+nameHeight-2))
	r.subtitle.Resize(fyne.NewSize(width, subtitleHeight))
	marked := markMatch(r.nameMark, r.name, r.search, width)
	if marked && !r.found {
		r.subtitleMark.Hidden = true // the name says why the row is here
	} else {
		markMatch(r.subtitleMark, r.subtitle, r.search, width)
	}
}

// markMatch puts the mark behind the part of a text that a search matches, and says whether there is one.
func markMatch(mark *canvas.Rectangle, t *canvas.Text, search string, width float32) bool {
	from, to, ok := matchIn(t.Text, search)
	mark.Hidden = !ok
	if !ok {
		return false
	}
	left := fyne.MeasureText(t.Text[:from], t.TextSize, t.TextStyle).Width
	right := min(width, fyne.MeasureText(t.Text[:to], t.TextSize, t.TextStyle).Width)
	mark.FillColor = themeColor(theme.ColorNameSelection)
	mark.Move(t.Position().AddXY(left-1, 2))
	mark.Resize(fyne.NewSize(right-left+2, t.Size().Height-4))
	return true
}

// nameOr is a name, or what stands in its place.
func nameOr(name string) string {
	if name == "" {
		return lang.L("No name")
	}
	return name
}
