package ui

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/contact"
	"kith/contact/duplicate"
	"kith/data"
)

// mostColumns is how many contacts the merge view shows side by side. Of more, all is kept.
const mostColumns = 4

// mergeActions are what the view's buttons do.
type mergeActions struct {
	merge, apart, later, back func()
}

// mergeView shows contacts side by side, with what is chosen of them, and the contact that they would become.
type mergeView struct {
	actions  mergeActions
	contacts []data.Contact
	model    *mergeModel
	reasons  string

	box, bar           *fyne.Container
	back               *button
	title              *wrapped
	why                *textLine
	merge, apart       *button
	later              *button
	columns, preview   *fyne.Container
	scroll             *container.Scroll
	column             *fyne.Container
	picks              []func() // each brings a pick to what is chosen
	result             contact.Card
	problem            *textLine
	previewName        *textLine
	previewRole        *textLine
	previewFace        *avatar
	previewHead, lines *fyne.Container
}

func newMergeView(a mergeActions) *mergeView {
	v := &mergeView{actions: a, title: newWrappedTitle(sizeTitle), why: newTextLine("", colorMuted, theme.SizeNameText)}
	v.back = newQuietButton("", theme.NavigateBackIcon(), a.back)
	v.back.Hide()
	v.merge = newMainButton(lang.L("Merge"), a.merge)
	v.apart = newButton(lang.L("Not a Duplicate"), nil, a.apart)
	v.later = newQuietButton(lang.L("Later"), nil, a.later)

	v.columns = container.New(columnLayout{gap: 4})
	v.problem = newTextLine("", theme.ColorNameError, theme.SizeNameText)
	v.previewFace, v.previewName, v.previewRole = newAvatar(44), newTextLine("", theme.ColorNameForeground, theme.SizeNameSubHeadingText), newTextLine("", colorMuted, theme.SizeNameText)
	v.previewName.bold = true
	v.previewHead = container.New(barLayout{gap: 12, fill: 1}, v.previewFace, container.New(columnLayout{gap: 0}, v.previewName, v.previewRole))
	v.lines = container.New(columnLayout{gap: 8})
	v.preview = container.New(columnLayout{gap: 10}, newTextLine(lang.L("The contact that they become"), colorMuted, sizeSmall), v.problem, v.previewHead, v.lines)

	head := container.New(columnLayout{gap: 2}, v.title, v.why)
	v.column = container.New(wideLayout{margin: 24, gap: 16}, head, v.columns, v.preview)
	v.scroll = container.NewVScroll(v.column)
	top := container.New(insets{10, 24, 0, 12}, container.New(barLayout{gap: 4, fill: 1}, v.back, newGap()))
	v.bar = container.NewStack(newPanel(theme.ColorNameBackground), container.New(insets{8, 24, 12, 24},
		container.New(barLayout{gap: 8, fill: 1}, v.apart, newGap(), v.later, v.merge)))
	v.box = container.NewStack(newPanel(theme.ColorNameBackground), container.New(pinned{}, top, v.scroll, v.bar))
	v.box.Hide()
	return v
}

// show puts contacts side by side. The same ones again, changed meanwhile, keep what was chosen of them.
func (v *mergeView) show(contacts []data.Contact, reasons string) {
	same := len(contacts) == len(v.contacts)
	changed := !same
	cards := make([]contact.Card, len(contacts))
	for i, c := range contacts {
		cards[i] = c.Card
		same = same && c.ID == v.contacts[i].ID
		changed = changed || !same || !c.Card.Equal(v.contacts[i].Card)
	}
	if same && !changed && reasons == v.reasons {
		return
	}
	model := newMergeModel(cards)
	if same {
		model.keep(v.model)
	}
	v.contacts, v.model, v.reasons = contacts, model, reasons
	v.title.setText(lang.N("Merge {{.Count}} contacts", len(contacts), counted(len(contacts))))
	v.why.setText(reasons)
	v.why.Hidden = reasons == ""
	v.fill()
	v.update()
	if !same {
		v.scroll.ScrollToTop()
	}
}

func (v *mergeView) clear() {
	v.contacts, v.model = nil, nil
	v.columns.RemoveAll()
	v.picks = nil
}

// fill makes the columns anew.
func (v *mergeView) fill() {
	v.columns.RemoveAll()
	v.picks = nil
	shown := min(len(v.contacts), mostColumns)
	heads := container.New(sideBySide{gap: 12})
	for _, c := range v.contacts[:shown] {
		face := newAvatar(36)
		face.set(c.Card.DisplayName(), c.ID)
		name := newTextLine(nameOr(c.Card.DisplayName()), theme.ColorNameForeground, theme.SizeNameText)
		name.bold = true
		heads.Add(container.New(insets{left: pickPad}, container.New(barLayout{gap: 10, fill: 1}, face, container.New(columnLayout{gap: 0}, name, newTextLine(c.Card.Subtitle(), colorMuted, sizeSmall)))))
	}
	v.columns.Add(heads)
	if more := len(v.contacts) - shown; more > 0 {
		v.columns.Add(newTextLine(lang.N("And {{.Count}} more, of which everything is kept", more, counted(more)), colorMuted, sizeSmall))
	}
	for _, f := range v.model.fields {
		v.addField(f, shown)
	}
}

func (v *mergeView) addField(f mergeField, shown int) {
	if (mergeField{columns: f.columns[:shown]}).isEmpty() {
		return
	}
	line := container.New(sideBySide{gap: 12})
	var offers []func() bool
	for i, column := range f.columns[:shown] {
		cell := container.New(columnLayout{gap: 0})
		for _, value := range column {
			p := newPick(oneLine(value.text), value.label, f.single != "", nil)
			p.tapped = func() {
				v.model.toggle(f, i, value)
				v.update()
			}
			p.onFocus = func() { revealIn(v.scroll, p) }
			v.picks = append(v.picks, func() {
				on, offered := v.model.chosen(f, i, value)
				p.Hidden = f.others && !offered
				p.set(on, offered)
			})
			offers = append(offers, func() bool { _, offered := v.model.chosen(f, i, value); return offered })
			cell.Add(p)
		}
		line.Add(cell)
	}
	title := container.New(insets{top: 6, left: pickPad}, newTextLine(f.title, colorMuted, sizeSmall))
	block := container.New(columnLayout{gap: 0}, title, line)
	if f.single == duplicate.Birthday || f.single == duplicate.Photo { // a name that doesn't stand has its line among the nicknames
		both := newPick(lang.L("Keep both"), "", true, func() {
			v.model.take[f.single] = bothStand
			v.update()
		})
		both.onFocus = func() { revealIn(v.scroll, both) }
		v.picks = append(v.picks, func() { both.set(v.model.take[f.single] == bothStand, true) })
		block.Add(both)
	}
	if f.others {
		v.picks = append(v.picks, func() {
			block.Hidden = true
			for _, offered := range offers {
				block.Hidden = block.Hidden && !offered()
			}
		})
	}
	v.columns.Add(block)
}

// update brings picks and preview to what is chosen.
func (v *mergeView) update() {
	for _, p := range v.picks {
		p()
	}
	card, err := v.model.result()
	if err == nil {
		err = card.Validate()
	}
	v.problem.Hidden = err == nil
	setEnabled(v.merge, err == nil)
	if err != nil {
		v.problem.setText(userMessage(err))
	} else {
		v.result = card
	}
	v.showResult()
	v.column.Refresh()
	v.scroll.Refresh()
}

func (v *mergeView) showResult() {
	c := v.result
	id := ""
	if len(v.contacts) > 0 {
		id = v.contacts[0].ID
	}
	v.previewFace.set(c.DisplayName(), id)
	v.previewName.setText(nameOr(c.DisplayName()))
	v.previewRole.setText(role(c))
	v.previewRole.Hidden = role(c) == ""
	v.lines.RemoveAll()
	for _, b := range blocks(c) {
		for i := range b.values {
			b.values[i].open = "" // a preview: nothing is called or written to from here
		}
		v.lines.Add(newStillBlock(b))
	}
}

// newStillBlock is a block of values to look at.
func newStillBlock(b block) fyne.CanvasObject {
	rows := container.New(columnLayout{margin: 14, gap: 8})
	for _, value := range b.values {
		cell := container.New(columnLayout{gap: 0})
		for line := range strings.Lines(value.text) {
			cell.Add(newTextLine(strings.TrimRight(line, "\r\n"), theme.ColorNameForeground, theme.SizeNameText))
		}
		if value.label != "" {
			cell.Add(newTextLine(value.label, colorMuted, sizeSmall))
		}
		rows.Add(cell)
	}
	return container.NewStack(newCardPanel(colorCard, colorCardLine), container.New(blockLayout{}, widget.NewIcon(b.icon), rows))
}

// reasonsText says why contacts seem to be one: "Same e-mail, similar name".
func reasonsText(reasons []duplicate.Reason) string {
	var words []string
	for _, r := range reasons {
		if word := reasonWord(r.Kind); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return capital(commaed(words))
}

// reasonWord says what speaks for or against two contacts being one.
func reasonWord(k duplicate.Kind) string {
	switch k {
	case duplicate.SameEmail:
		return lang.L("same e-mail")
	case duplicate.SamePhone:
		return lang.L("same phone")
	case duplicate.NationalPhone:
		return lang.L("same phone, once without its country")
	case duplicate.SharedEmail:
		return lang.L("an e-mail that several people share")
	case duplicate.SharedPhone:
		return lang.L("a phone that several people share")
	case duplicate.SameName:
		return lang.L("same name")
	case duplicate.SameReading:
		return lang.L("same name in other characters")
	case duplicate.SimilarName:
		return lang.L("similar name")
	case duplicate.Initials:
		return lang.L("name that may be the same")
	case duplicate.PartOfName:
		return lang.L("one name is part of the other")
	case duplicate.OtherSurname:
		return lang.L("same given name, other surname")
	case duplicate.OtherGivenName:
		return lang.L("other given name")
	case duplicate.OtherName:
		return lang.L("other name")
	case duplicate.NoName:
		return lang.L("one has no name")
	case duplicate.SameBirthday:
		return lang.L("same birthday")
	case duplicate.OtherBirthday:
		return lang.L("other birthday")
	case duplicate.SameOrg:
		return lang.L("same organization")
	case duplicate.OtherOrg:
		return lang.L("other organization")
	case duplicate.SameAddress:
		return lang.L("same address")
	case duplicate.SameLink:
		return lang.L("same link")
	case duplicate.OtherGeneration:
		return lang.L("one is junior, or both are of different generations")
	case duplicate.NotDuplicates:
		return lang.L("you said they are not the same")
	}
	return duplicate.Reason{Kind: k}.String()
}

// oneLine is a text of several lines in one.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), " · ")
}

// sideBySide gives each object the same width.
type sideBySide struct{ gap float32 }

func (l sideBySide) MinSize(o []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for _, c := range o {
		m := c.MinSize()
		s.Width = max(s.Width, m.Width)
		s.Height = max(s.Height, m.Height)
	}
	n := float32(len(o))
	return fyne.NewSize(s.Width*n+l.gap*max(0, n-1), s.Height)
}

func (l sideBySide) Layout(o []fyne.CanvasObject, s fyne.Size) {
	n := float32(len(o))
	width := (s.Width - l.gap*max(0, n-1)) / max(1, n)
	for i, c := range o {
		c.Resize(fyne.NewSize(width, s.Height))
		c.Move(fyne.NewPos(float32(i)*(width+l.gap), 0))
	}
}

// wideLayout is a column of the pane's whole width: contacts side by side need it.
type wideLayout struct{ margin, gap float32 }

func (l wideLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return columnLayout(l).MinSize(o)
}

func (l wideLayout) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	y := l.margin
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		h := o.MinSize().Height
		o.Resize(fyne.NewSize(min(1100, s.Width-2*l.margin), h))
		o.Move(fyne.NewPos(l.margin, y))
		y += h + l.gap
	}
}
