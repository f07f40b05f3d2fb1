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
	dropped func() // what an undo does first while this is said; nil: it undoes the last step

	box  *fyne.Container
	text *textLine
	undo *link
	more *link // what else is to be said, if there is
	body *fyne.Container
	room float32 // for its text and its links, beside each other
}

func newToast(bg *background, undo func(actions int)) *toast {
	t := &toast{bg: bg, undoing: undo, stop: func() {}, lift: func() float32 { return 0 }, text: newTextLine("", colorToastText, "text")}
	t.text.fixed = true
	t.undo = newLink("", nil, nil)
	t.undo.setColor(colorToastLink)
	t.more = newLink("", nil, nil)
	t.more.setColor(colorToastLink)
	t.body = container.NewStack(newCardPanel(colorToast, ""), container.New(insets{10, toastPadding, 10, toastPadding}, container.New(sayingLayout{t}, t.text, t.more, t.undo)))
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

// showDropped says what was given up before it was a step of the book, and offers to take it up again.
func (t *toast) showDropped(text string, again func()) {
	t.actions = 1
	t.say(text, offer{}, offer{lang.L("Undo"), again})
	t.dropped = func() {
		t.hide()
		again()
	}
}

// offer is a link of the toast; text "" : there is none.
type offer struct {
	text string
	do   func()
}

func (t *toast) say(text string, more, undo offer) {
	t.stop()
	t.dropped = nil
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
	t.dropped = nil
	t.box.Hide()
}

// toastPadding is at each side of the toast's text and links.
const toastPadding = 16

// toastLayout puts the toast at the bottom: in the middle of the contact's pane, where it covers no row of the list.
type toastLayout struct{ *toast }

func (toastLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
func (l toastLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	_, _, room := paneWidths(s.Width, true)
	l.room = room - 24 - 2*toastPadding
	size := o[0].MinSize()
	size.Width = min(max(size.Width, 200), room-24)
	o[0].Resize(size)
	o[0].Move(fyne.NewPos(s.Width-room+(room-size.Width)/2, s.Height-size.Height-14-l.lift()))
}

// sayingLayout is what the toast says and, beside it, what it offers; where there is no room for both, the offers stand below, in one line
// or in two.
type sayingLayout struct{ *toast }

var besideText = barLayout{gap: 16, fill: 0}

// belowText is from the text to the offers below it.
const belowText = 6

func (l sayingLayout) stacked(o []fyne.CanvasObject) bool {
	return l.room > 0 && besideText.MinSize(o).Width > l.room && (!l.more.Hidden || !l.undo.Hidden)
}

// offers calls place for each offer with its place below the text, and returns how much room all of it takes.
func (l sayingLayout) offers(o []fyne.CanvasObject, place func(o fyne.CanvasObject, at fyne.Position)) fyne.Size {
	room := o[0].MinSize()
	y, height, x := room.Height+belowText, float32(0), float32(-linkPad) // their words begin where the text does
	for _, offer := range o[1:] {
		if !offer.Visible() {
			continue
		}
		size := offer.MinSize()
		if x > 0 && x+size.Width-linkPad > l.room {
			y, x = y+height, -linkPad
		}
		place(offer, fyne.NewPos(x, y))
		height = size.Height
		x += size.Width + besideText.gap
		room.Width = max(room.Width, x-besideText.gap-linkPad)
	}
	room.Height = y + height
	return room
}

func (l sayingLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	if !l.stacked(o) {
		return besideText.MinSize(o)
	}
	return l.offers(o, func(fyne.CanvasObject, fyne.Position) {})
}

func (l sayingLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	if !l.stacked(o) {
		besideText.Layout(o, s)
		return
	}
	o[0].Resize(fyne.NewSize(s.Width, o[0].MinSize().Height))
	o[0].Move(fyne.Position{})
	l.offers(o, func(offer fyne.CanvasObject, at fyne.Position) {
		offer.Resize(offer.MinSize())
		offer.Move(at)
	})
}
