package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// passOn hands a key that a focused widget has no use for (Escape above all) to the window, as if nothing had the focus.
func passOn(w fyne.CanvasObject, e *fyne.KeyEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(w); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

// field is an Entry whose Escape and F1 reach the window, and whose owner may take keys first.
type field struct {
	widget.Entry
	onKey   func(*fyne.KeyEvent) bool // true: the key is done with
	onLeave func()                    // the focus has gone elsewhere
	onFocus func()
}

func newField(placeHolder string) *field {
	f := &field{}
	f.ExtendBaseWidget(f)
	f.PlaceHolder = placeHolder
	f.Scroll = fyne.ScrollHorizontalOnly
	return f
}

func newTextField(placeHolder string) *field {
	f := newField(placeHolder)
	f.MultiLine, f.Wrapping, f.Scroll = true, fyne.TextWrapWord, fyne.ScrollVerticalOnly
	return f
}

func newPasswordField() *field {
	f := newField("")
	f.Password = true
	return f
}

func (f *field) TypedKey(e *fyne.KeyEvent) {
	if f.onKey != nil && f.onKey(e) {
		return
	}
	switch e.Name {
	case fyne.KeyEscape, fyne.KeyF1:
		passOn(f, e)
	default:
		f.Entry.TypedKey(e)
	}
}

// TypedShortcut keeps what an Entry knows, and hands the window's own shortcuts on: Fyne gives them to the focused widget alone.
func (f *field) TypedShortcut(s fyne.Shortcut) {
	if own, ok := s.(*desktop.CustomShortcut); ok && isHelp(own) {
		if c, ok := fyne.CurrentApp().Driver().CanvasForObject(f).(fyne.Shortcutable); ok {
			c.TypedShortcut(s)
			return
		}
	}
	f.Entry.TypedShortcut(s)
}

// AcceptsTab: Tab always leads on, also from a text of several lines.
func (f *field) AcceptsTab() bool { return false }

func (f *field) FocusGained() {
	f.Entry.FocusGained()
	if f.onFocus != nil {
		f.onFocus()
	}
}

func (f *field) FocusLost() {
	f.Entry.FocusLost()
	if f.onLeave != nil {
		f.onLeave()
	}
}

// MinSize is one that lets a row of fields shrink with the window.
func (f *field) MinSize() fyne.Size {
	s := f.Entry.MinSize()
	s.Width = 60
	return s
}

// button is a Button that also answers to Enter, and whose Escape reaches the window.
type button struct {
	widget.Button
	onFocus func()
	onUpon  func(by upon, on bool) // the pointer or the focus has come, or gone; nil: nobody asks
}

// upon is what can be on a button.
type upon int

const (
	pointer upon = 1 << iota
	focus
)

func (b *button) tell(by upon, on bool) {
	if b.onUpon != nil {
		b.onUpon(by, on)
	}
}

func (b *button) MouseIn(e *desktop.MouseEvent) { b.Button.MouseIn(e); b.tell(pointer, true) }
func (b *button) MouseOut()                     { b.Button.MouseOut(); b.tell(pointer, false) }
func (b *button) FocusLost()                    { b.Button.FocusLost(); b.tell(focus, false) }

func newButton(text string, icon fyne.Resource, tapped func()) *button {
	b := &button{Button: widget.Button{Text: text, Icon: icon, OnTapped: tapped}}
	b.ExtendBaseWidget(b)
	return b
}

// CreateRenderer makes the icon of a hidden button too. Fyne makes it at the first refresh after it is shown: the row that it
// then stands in was laid out without it.
func (b *button) CreateRenderer() fyne.WidgetRenderer {
	hidden := b.Hidden
	b.Hidden = false
	defer func() { b.Hidden = hidden }()
	return b.Button.CreateRenderer()
}

// newQuietButton has no ground of its own until the pointer is over it.
func newQuietButton(text string, icon fyne.Resource, tapped func()) *button {
	b := newButton(text, icon, tapped)
	b.Importance = widget.LowImportance
	return b
}

func newMainButton(text string, tapped func()) *button {
	b := newButton(text, nil, tapped)
	b.Importance = widget.HighImportance
	return b
}

func (b *button) FocusGained() {
	b.Button.FocusGained()
	b.tell(focus, true)
	if b.onFocus != nil {
		b.onFocus()
	}
}

func (b *button) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if !b.Disabled() {
			b.OnTapped()
		}
	case fyne.KeySpace:
		b.Button.TypedKey(e)
	default:
		passOn(b, e)
	}
}

// choice is a Select whose Escape and F1 reach the window.
type choice struct {
	widget.Select
	onFocus func()
}

func newChoice(options []string, changed func(string)) *choice {
	c := &choice{Select: widget.Select{Options: options, OnChanged: changed}}
	c.ExtendBaseWidget(c)
	return c
}

func (c *choice) FocusGained() {
	c.Select.FocusGained()
	if c.onFocus != nil {
		c.onFocus()
	}
}

func (c *choice) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape, fyne.KeyF1:
		passOn(c, e)
	default:
		c.Select.TypedKey(e)
	}
}

// shiftHeld says whether Shift is held now.
func shiftHeld() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// scrim lies over a pane that rests, and takes its clicks.
type scrim struct {
	widget.BaseWidget
	ground *panel
}

func newScrim() *scrim {
	s := &scrim{ground: newPanel(colorScrim)}
	s.ExtendBaseWidget(s)
	s.Hide()
	return s
}

func (s *scrim) inside() []fyne.CanvasObject { return []fyne.CanvasObject{s.ground} }

func (s *scrim) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(s.ground) }
func (s *scrim) Tapped(*fyne.PointEvent)             {}
func (s *scrim) TappedSecondary(*fyne.PointEvent)    {}
func (s *scrim) MouseIn(*desktop.MouseEvent)         {}
func (s *scrim) MouseMoved(*desktop.MouseEvent)      {}
func (s *scrim) MouseOut()                           {}
func (s *scrim) Scrolled(*fyne.ScrollEvent)          {}

// newEdge is the hairline at a pane's right.
func newEdge() fyne.CanvasObject {
	return container.New(edgeLayout{}, newPanel(theme.ColorNameSeparator))
}

type edgeLayout struct{}

func (edgeLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }
func (edgeLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(1, s.Height))
	o[0].Move(fyne.NewPos(s.Width-1, 0))
}

// selectionBar says how many contacts are chosen, and what can be done with them.
type selectionBar struct {
	box            *fyne.Container
	count          *textLine
	star, label    *button
	export         *button
	merge, book    *button
	trash          *button
	restore, clear *button
}

func newSelectionBar() *selectionBar {
	b := &selectionBar{count: newTextLine("", theme.ColorNameForeground, theme.SizeNameText)}
	b.count.bold = true
	b.star = newQuietButton("", iconStar, nil)
	b.label = newQuietButton("", iconLabel, nil)
	b.export = newQuietButton("", iconExport, nil)
	b.merge = newQuietButton("", iconMerge, nil)
	b.book = newQuietButton("", iconBook, nil)
	b.book.Hide()
	b.trash = newQuietButton("", iconTrash, nil)
	b.restore = newQuietButton(lang.L("Restore"), nil, nil)
	b.restore.Hide() // the window begins in another list than the trash
	b.clear = newQuietButton("", theme.CancelIcon(), nil)
	line := container.New(selectionLayout{}, b.count, b.restore, b.star, b.label, b.export, b.merge, b.book, b.trash, b.clear)
	b.box = container.NewStack(newPanel(colorSelected), container.New(insets{2, 6, 2, rowGutter}, line))
	b.box.Hide()
	return b
}

// selectionLayout is a bar of narrow icons: all of them, and the number, have room in the narrowest list.
type selectionLayout struct{}

const selectionIcon = 31 // wide

func selectionWidth(o fyne.CanvasObject) float32 {
	if b, ok := o.(*button); ok && b.Text == "" {
		return selectionIcon
	}
	return o.MinSize().Width
}

func (selectionLayout) MinSize(objects []fyne.CanvasObject) (s fyne.Size) {
	for _, o := range objects {
		if o.Visible() {
			s.Width += selectionWidth(o)
			s.Height = max(s.Height, o.MinSize().Height)
		}
	}
	return s
}

func (l selectionLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	rest := s.Width - l.MinSize(objects).Width
	x := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		size := fyne.NewSize(selectionWidth(o), o.MinSize().Height)
		if i == 0 {
			size.Width = max(0, size.Width+rest)
		}
		o.Resize(size)
		o.Move(fyne.NewPos(x, (s.Height-size.Height)/2))
		x += size.Width
	}
}

// show says how many are chosen; one alone needs no bar.
func (b *selectionBar) show(n int) {
	if n < 2 {
		b.box.Hide()
		return
	}
	b.count.setText(lang.N("{{.Count}} selected", n, counted(n)))
	b.box.Show()
}

// newParagraph is text that wraps.
func newParagraph(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// flush lets a text of several lines begin where its neighbours do: Fyne gives it an inner padding.
func flush(l fyne.CanvasObject) *fyne.Container { return container.New(insets{-6, -8, -6, -8}, l) }
