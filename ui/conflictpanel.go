package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/contact"
	"kith/data"
)

// questionKey names one question from one drawing to the next.
type questionKey struct {
	id, field string
	review    int64
}

func keyOf(c data.Conflict) questionKey { return questionKey{c.ID, c.Field, c.Review} }

// questionActions are what the panel's buttons do, given to it by its owner.
type questionActions struct {
	decide  func(done string, decisions ...data.Decision)
	reveal  func(fyne.CanvasObject) // scroll to a widget that has the focus
	resize  func()                  // the panel has another height
	focus   func(fyne.Focusable)
	picture func(blob string) fyne.CanvasObject
}

// questionPanel asks about the fields of one contact that both sides changed: those that wait for the user, and below them those that
// time has decided. It is drawn anew when one of them changes; what is being typed then stays.
type questionPanel struct {
	actions questionActions
	typed   map[questionKey]string // a third value that is being typed
	box     *fyne.Container
	first   *button // of the first question
	typing  *field  // of the question whose third value was asked for last
}

func newQuestionPanel(a questionActions) *questionPanel {
	return &questionPanel{actions: a, typed: map[questionKey]string{}, box: container.New(columnLayout{gap: 10})}
}

// show draws the questions; none: nothing.
func (p *questionPanel) show(waiting, reviews []data.Conflict, now time.Time) {
	p.box.RemoveAll()
	p.first, p.typing = nil, nil
	p.forget(append(waiting[:len(waiting):len(waiting)], reviews...))
	if len(waiting) > 0 {
		p.box.Add(p.section(colorNotice, iconWarning, waitingHeading(waiting), waiting, now, p.allOf(waiting)))
	}
	if len(reviews) > 0 {
		p.box.Add(p.section(colorCard, iconReview, lang.L("Changed on two devices"), reviews, now, p.allRight(reviews)))
	}
	p.box.Hidden = len(p.box.Objects) == 0
}

// forget drops what was typed for questions that nobody asks any more.
func (p *questionPanel) forget(asked []data.Conflict) {
	open := map[questionKey]string{}
	for _, c := range asked {
		if text, ok := p.typed[keyOf(c)]; ok {
			open[keyOf(c)] = text
		}
	}
	p.typed = open
}

// waitingHeading says why the contact waits.
func waitingHeading(waiting []data.Conflict) string {
	for _, c := range waiting {
		if c.Field == "" && c.InTrash {
			return lang.L("Deleted here, edited on another device")
		}
		if c.Field == "" {
			return lang.L("Edited here, deleted on another device")
		}
	}
	return lang.L("Edited here and on another device")
}

func (p *questionPanel) section(ground fyne.ThemeColorName, icon fyne.Resource, heading string, all []data.Conflict, now time.Time, below fyne.CanvasObject) fyne.CanvasObject {
	column := container.New(columnLayout{margin: 14, gap: 8})
	title := newTextLine(heading, theme.ColorNameForeground, theme.SizeNameText)
	title.bold = true
	column.Add(container.New(barLayout{gap: 8, fill: 1}, widget.NewIcon(icon), title))
	for _, c := range all {
		p.ask(column, c, now)
	}
	if len(all) > 1 {
		column.Add(container.New(insets{top: 4}, below))
	}
	return container.NewStack(newCardPanel(ground, ""), column)
}

// ask adds one question: its field, both values, and what else can be done.
func (p *questionPanel) ask(column *fyne.Container, c data.Conflict, now time.Time) {
	switch {
	case c.Review != 0:
		column.Add(container.New(insets{top: 6}, newTextLine(reviewHeading(c), colorMuted, sizeSmall)))
	case c.Field != "":
		column.Add(container.New(insets{top: 6}, newTextLine(questionName(c.Field), colorMuted, sizeSmall)))
	}
	column.Add(newPair(p.version(contact.Local, c, now), p.version(contact.Remote, c, now)))
	for _, text := range []string{nowText(c), baseText(c)} {
		if text != "" {
			column.Add(container.New(insets{left: 2}, newTextLine(text, colorMuted, sizeSmall)))
		}
	}
	if more := p.more(c); len(more.Objects) > 0 {
		column.Add(more)
	}
	if text, ok := p.typed[keyOf(c)]; ok {
		column.Add(p.typeRow(c, text))
	}
}

// version is one side's value, whose it is, and the button that lets it stand.
func (p *questionPanel) version(side contact.Side, c data.Conflict, now time.Time) fyne.CanvasObject {
	said := sideWords(side, c)
	lines := container.New(columnLayout{})
	if shown := picturedSide(side, c); shown.ok {
		lines.Add(container.New(insets{8, 8, 6, 8}, container.NewHBox(p.actions.picture(shown.blob))))
	} else {
		value := widget.NewLabel(said.text)
		value.Wrapping, value.TextStyle.Bold = fyne.TextWrapWord, true
		lines.Add(value)
	}
	quiet := func(text string) {
		if text != "" {
			lines.Add(container.New(insets{left: 8, right: 8, bottom: 1}, newTextLine(text, colorMuted, sizeSmall)))
		}
	}
	if c.Field == "" && said.label != "" {
		label := widget.NewLabel(said.label)
		label.Wrapping = fyne.TextWrapWord
		lines.Add(label)
	} else {
		quiet(said.label)
	}
	quiet(authorText(side, c))
	quiet(savedText(side, c, now))
	keep := data.KeepLocal
	if side == contact.Remote {
		keep = data.KeepRemote
	}
	var foot fyne.CanvasObject
	switch {
	case c.Review != 0 && c.Stands == side && nowText(c) == "":
		kept := newTextLine(lang.L("Kept"), theme.ColorNameSuccess, theme.SizeNameText)
		kept.bold, kept.align = true, fyne.TextAlignCenter
		foot = container.New(insets{7, 8, 7, 8}, kept)
	case c.Review != 0 && c.Field == "":
		foot = p.button(sideVerb(side, c), c, keep)
	case c.Review != 0:
		foot = p.button(lang.L("Use This Instead"), c, keep)
	default:
		b := p.button(sideVerb(side, c), c, keep)
		if p.first == nil {
			p.first = b
		}
		foot = b
	}
	return container.NewStack(newCardPanel(theme.ColorNameBackground, colorCardLine),
		container.New(insets{4, 6, 8, 6}, container.New(footLayout{}, lines, container.New(insets{8, 8, 0, 8}, foot))))
}

// more is what else can be done with a field: keep both, type a third value, leave it.
func (p *questionPanel) more(c data.Conflict) *fyne.Container {
	line := container.NewHBox()
	if c.Review != 0 {
		right := p.button(lang.L("All Right"), c, data.KeepAsIs)
		if p.first == nil {
			p.first = right
		}
		line.Add(right)
	}
	if c.CanKeepBoth() {
		line.Add(p.button(lang.L("Keep Both"), c, data.KeepBoth))
	}
	if text, ok := typeable(c); ok {
		b := newQuietButton(lang.L("Type Another…"), nil, func() { p.beginTyping(c, text) })
		b.onFocus = func() { p.actions.reveal(b) }
		line.Add(b)
	}
	return line
}

func (p *questionPanel) button(text string, c data.Conflict, k data.Keep) *button {
	b := newButton(text, nil, func() { p.actions.decide(decidedText(k), decisionOf(c, data.Choice{Keep: k})) })
	b.onFocus = func() { p.actions.reveal(b) }
	return b
}

func decisionOf(c data.Conflict, choice data.Choice) data.Decision {
	return data.Decision{ID: c.ID, Field: c.Field, Review: c.Review, Choice: choice}
}

// ---- a third value --------------------------------------------------------------------------------------------------------

func (p *questionPanel) beginTyping(c data.Conflict, text string) {
	if _, open := p.typed[keyOf(c)]; !open {
		p.typed[keyOf(c)] = text
	}
	p.actions.resize()
	if p.typing != nil {
		p.actions.focus(p.typing)
	}
}

// typeRow is the field for a third value, with what is wrong with it below.
func (p *questionPanel) typeRow(c data.Conflict, text string) fyne.CanvasObject {
	f := newField(questionName(c.Field))
	if manyLines(c.Field) {
		f = newTextField(questionName(c.Field))
		f.SetMinRowsVisible(3)
	}
	wrong := newHint(2)
	save := newMainButton(lang.L("Save"), nil)
	check := func() (data.Decision, bool) {
		value, err := typedValue(c, f.Text)
		setEnabled(save, err == nil)
		if err == nil {
			wrong.set("")
		}
		return decisionOf(c, data.Choice{Keep: data.KeepValue, Value: value}), err == nil
	}
	decide := func() {
		decision, ok := check()
		if !ok {
			_, err := typedValue(c, f.Text)
			wrong.set(explain(err))
			p.actions.resize()
			return
		}
		p.actions.decide(decidedText(data.KeepValue), decision)
	}
	save.OnTapped = decide
	f.SetText(text)
	f.CursorColumn = len([]rune(text)) // SetText leaves it at the beginning
	check()
	f.OnChanged = func(text string) {
		p.typed[keyOf(c)] = text
		check()
	}
	f.OnSubmitted = func(string) { decide() }
	f.onKey = func(e *fyne.KeyEvent) bool {
		if e.Name == fyne.KeyEscape {
			p.endTyping(c)
			return true
		}
		return false
	}
	f.onFocus = func() { p.actions.reveal(f) }
	p.typing = f
	cancel := newQuietButton(lang.L("Cancel"), nil, func() { p.endTyping(c) })
	line := container.New(barLayout{gap: 6, fill: 0}, f, cancel, save)
	if manyLines(c.Field) {
		line = container.New(columnLayout{gap: 6}, f, container.New(barLayout{gap: 6, fill: 0}, newGap(), cancel, save))
	}
	return container.New(columnLayout{gap: 2}, line, wrong.box)
}

func (p *questionPanel) endTyping(c data.Conflict) {
	delete(p.typed, keyOf(c))
	p.actions.resize()
	if p.first != nil {
		p.actions.focus(p.first)
	}
}

// ---- all fields of the contact --------------------------------------------------------------------------------------------

func (p *questionPanel) all(text string, all []data.Conflict, k data.Keep) *button {
	b := newButton(text, nil, func() {
		var decisions []data.Decision
		for _, c := range all {
			decisions = append(decisions, decisionOf(c, data.Choice{Keep: k}))
		}
		p.actions.decide(decidedText(k), decisions...)
	})
	b.onFocus = func() { p.actions.reveal(b) }
	return b
}

func (p *questionPanel) allOf(all []data.Conflict) fyne.CanvasObject {
	return container.New(&rowLayout{gap: theme.Padding()}, p.all(lang.L("Keep All Mine"), all, data.KeepLocal), p.all(lang.L("Keep All Theirs"), all, data.KeepRemote),
		p.all(lang.L("Newer of Each"), all, data.KeepNewest))
}

func (p *questionPanel) allRight(all []data.Conflict) fyne.CanvasObject {
	return container.NewHBox(p.all(lang.L("All Right for All"), all, data.KeepAsIs))
}

// footLayout puts the last object at the bottom, so that the buttons of two versions stand on one line.
type footLayout struct{}

func (footLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height)
}

func (footLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	foot := o[1].MinSize().Height
	o[0].Resize(fyne.NewSize(s.Width, s.Height-foot))
	o[1].Resize(fyne.NewSize(s.Width, foot))
	o[1].Move(fyne.NewPos(0, s.Height-foot))
}
