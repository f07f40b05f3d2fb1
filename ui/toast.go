package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

const toastStays = 8 * time.Second

// toast says what was done, for a while, above the status bar, and offers to take it back.
type toast struct {
	bg      *background
	stop    func()
	actions int

	box  *fyne.Container
	text *textLine
	undo *toastLink
	body *fyne.Container
}

func newToast(bg *background, undo func(actions int)) *toast {
	t := &toast{bg: bg, stop: func() {}, text: newTextLine("", colorToastText, "text")}
	t.text.fixed = true
	t.undo = newToastLink("Undo", func() {
		t.hide()
		undo(t.actions)
	})
	t.body = container.NewStack(newCardPanel(colorToast, ""), container.New(insets{10, 16, 10, 16}, container.New(barLayout{gap: 16, fill: 0}, t.text, t.undo)))
	t.box = container.New(toastLayout{}, t.body)
	t.box.Hide()
	return t
}

// show replaces what was said before. actions is how many steps Undo takes back; 0: it is not offered.
func (t *toast) show(text string, actions int) {
	t.stop()
	t.text.setText(text)
	t.actions, t.undo.Hidden = actions, actions == 0
	t.box.Show()
	t.box.Refresh()
	t.body.Refresh()
	t.stop = t.bg.after(toastStays, t.hide)
}

func (t *toast) hide() {
	t.stop()
	t.box.Hide()
}

// toastLayout puts the toast at the bottom, in the middle.
type toastLayout struct{}

func (toastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
func (toastLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	size := o[0].MinSize()
	size.Width = min(max(size.Width, 200), s.Width-24)
	o[0].Resize(size)
	o[0].Move(fyne.NewPos((s.Width-size.Width)/2, s.Height-size.Height-14))
}

// toastLink is a button in the toast's own colours.
type toastLink struct {
	widget.BaseWidget
	tapped  func()
	focused bool
	text    *textLine
	line    *canvas.Rectangle
}

func newToastLink(text string, tapped func()) *toastLink {
	l := &toastLink{tapped: tapped, text: newTextLine(text, colorToastLink, "text"), line: canvas.NewRectangle(transparent)}
	l.text.fixed, l.text.bold = true, true
	l.ExtendBaseWidget(l)
	return l
}

func (l *toastLink) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(l.line, container.New(insets{2, 6, 2, 6}, l.text)))
}
func (l *toastLink) Tapped(*fyne.PointEvent) { l.tapped() }
func (l *toastLink) FocusGained()            { l.focused = true; l.paint() }
func (l *toastLink) FocusLost()              { l.focused = false; l.paint() }
func (l *toastLink) TypedRune(rune)          {}
func (l *toastLink) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		l.tapped()
	default:
		passOn(l, e)
	}
}

func (l *toastLink) paint() {
	l.line.StrokeWidth = 0
	if l.focused {
		l.line.StrokeColor, l.line.StrokeWidth, l.line.CornerRadius = themeColor(colorToastLink), 1.5, 4
	}
	l.line.Refresh()
}
