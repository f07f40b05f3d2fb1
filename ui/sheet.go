package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// sheet is a dialog whose content changes on the way: choosing, a preview, progress. Its title stays on top and its buttons at the
// bottom; the middle takes the rest.
type sheet struct {
	dialogs *dialogs
	popup   *widget.PopUp
	width   float32
	title   *textLine
	middle  *fyne.Container
	bottom  *fyne.Container
	body    *fyne.Container
}

// sheet opens an empty one in the place of the dialog that is open. closed runs when it goes, however it goes.
func (d *dialogs) sheet(width float32, closed func()) *sheet {
	d.close()
	s := &sheet{dialogs: d, width: width, title: newTitle(""), middle: container.NewStack(), bottom: container.New(barLayout{gap: 8, fill: 0})}
	top, bottom := container.New(insets{0, 0, 12, 0}, s.title), container.New(insets{16, 0, 0, 0}, s.bottom)
	s.body = container.New(insets{20, 24, 18, 24}, container.New(pinned{}, top, s.middle, bottom))
	s.popup = widget.NewModalPopUp(newThemed(s.body, d.book.looks), d.book.win.Canvas())
	d.open, d.onClose = s.popup, closed
	return s
}

// isOpen says whether the sheet is still there.
func (s *sheet) isOpen() bool { return s.dialogs.open == s.popup }

// show replaces the content and the buttons. What stands first in the line of buttons stands at the left, the others at the right.
func (s *sheet) show(title string, content fyne.CanvasObject, first fyne.Focusable, left fyne.CanvasObject, buttons ...fyne.CanvasObject) {
	s.title.setText(title)
	s.middle.Objects = []fyne.CanvasObject{content}
	s.bottom.Objects = append([]fyne.CanvasObject{container.New(leftLayout{}, left)}, buttons...)
	s.popup.Show()
	s.fit()
	if first != nil {
		s.dialogs.book.win.Canvas().Focus(first)
	}
}

// fit gives the sheet the height that its content wants, as far as the window has it.
func (s *sheet) fit() {
	room := s.dialogs.book.win.Canvas().Size().SubtractWidthHeight(32, 32)
	width := min(s.width*theme.TextSize()/normalText, room.Width) // larger text has as many words in a line
	s.popup.Resize(fyne.NewSize(width, room.Height))              // wrapped text knows its height only when it knows its width
	s.popup.Resize(fyne.NewSize(width, min(s.body.MinSize().Height+8, room.Height)))
	s.body.Refresh()
}

// leftLayout keeps one object at its own width at the left, so that the text of a link begins where other text does.
type leftLayout struct{}

func (leftLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return minSize(o[0]) }
func (leftLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	m := minSize(o[0])
	o[0].Resize(m)
	x := float32(0)
	if _, ok := o[0].(*link); ok {
		x = -linkPad
	}
	o[0].Move(fyne.NewPos(x, (s.Height-m.Height)/2))
}

// progressPane says how far something is, with a count.
type progressPane struct {
	box  *fyne.Container
	bar  *widget.ProgressBar
	text *textLine
}

func newProgressPane(text string) *progressPane {
	p := &progressPane{bar: widget.NewProgressBar(), text: newTextLine(text, colorMuted, sizeSmall)}
	p.bar.TextFormatter = func() string { return "" }
	p.box = container.New(columnLayout{gap: 8}, p.bar, p.text)
	return p
}

func (p *progressPane) show(text string, done float64) {
	p.text.setText(text)
	p.bar.SetValue(done)
}

// seldom hands news to the UI goroutine, at most ten times a second. Its report may be called from one other goroutine.
func seldom[T any](b *background, show func(T)) (report func(T)) {
	const pause = 100_000_000 // nanoseconds
	last := int64(0)
	return func(news T) {
		now := b.now().UnixNano()
		if now-last < pause {
			return
		}
		last = now
		b.post(func() { show(news) })
	}
}
