package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
)

// How long a toast stays: what can be taken back has to be found, read and reached.
const (
	toastStays     = 5 * time.Second
	undoToastStays = 15 * time.Second
)

// toast says what was done, for a while, above the status bar, and offers to take it back.
type toast struct {
	bg      *background
	stop    func()
	lift    func() float32 // how far above the bottom: buttons may be there
	actions int
	undoing func(actions int)

	box  *fyne.Container
	text *textLine
	undo *link
	more *link // what else is to be said, if there is
	body *fyne.Container
}

func newToast(bg *background, undo func(actions int)) *toast {
	t := &toast{bg: bg, undoing: undo, stop: func() {}, lift: func() float32 { return 0 }, text: newTextLine("", colorToastText, "text")}
	t.text.fixed = true
	t.undo = newLink("", nil, nil)
	t.undo.setColor(colorToastLink)
	t.more = newLink("", nil, nil)
	t.more.setColor(colorToastLink)
	t.body = container.NewStack(newCardPanel(colorToast, ""), container.New(insets{10, 16, 10, 16}, container.New(barLayout{gap: 16, fill: 0}, t.text, t.more, t.undo)))
	t.box = container.New(toastLayout{t}, t.body)
	t.box.Hide()
	return t
}

// show replaces what was said before. actions is how many steps Undo takes back; 0: it is not offered.
func (t *toast) show(text string, actions int) { t.showWith(text, actions, "", nil) }

// showWith also offers more to see; label "" : nothing.
func (t *toast) showWith(text string, actions int, label string, more func()) {
	t.actions = actions
	offered := offer{}
	if actions > 0 {
		offered = offer{lang.L("Undo"), func() { t.undoing(actions) }}
	}
	t.say(text, offer{label, more}, offered)
}

// showSteps says what an undo or a redo did, and offers the next undo by its name ("" : none) and to do again what was undone.
func (t *toast) showSteps(text, next string, redo bool, undo, again func()) {
	t.actions = 1
	forth := offer{}
	if redo {
		forth = offer{lang.L("Redo"), again}
	}
	t.say(text, offer{next, undo}, forth)
}

// offer is a link of the toast; text "" : there is none.
type offer struct {
	text string
	do   func()
}

func (t *toast) say(text string, more, undo offer) {
	t.stop()
	stays := toastStays
	for l, o := range map[*link]offer{t.more: more, t.undo: undo} {
		if l.Hidden = o.text == ""; !l.Hidden {
			stays = undoToastStays
		}
		l.setText(o.text)
		l.tapped = func() {
			t.hide()
			o.do()
		}
	}
	t.text.setText(text)
	t.box.Show()
	t.box.Refresh()
	t.body.Refresh()
	t.stop = t.bg.after(stays, t.hide)
}

func (t *toast) hide() {
	t.stop()
	t.box.Hide()
}

// toastLayout puts the toast at the bottom: in the middle of the contact's pane, where it covers no row of the list.
type toastLayout struct{ *toast }

func (toastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
func (l toastLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	size := o[0].MinSize()
	_, _, room := paneWidths(s.Width, true)
	size.Width = min(max(size.Width, 200), room-24)
	o[0].Resize(size)
	o[0].Move(fyne.NewPos(s.Width-room+(room-size.Width)/2, s.Height-size.Height-14-l.lift()))
}
