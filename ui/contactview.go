package ui

import (
	"image/color"
	"maps"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/data"
)

// shownContact is all that the view of one contact draws.
type shownContact struct {
	data.Contact
	conflicts, reviews []data.Conflict   // what waits, and what time has decided
	aside              *data.SetAside    // why sync could not take it along; nil: it could
	into               string            // in the trash: the name of the contact that it was merged into
	names              map[string]string // what those that it is related to are called, as far as they are contacts
	photo              string            // the id of its photo's blob; "" : none
	row                data.Row          // as a list has it
}

func newShownContact(c data.Contact) shownContact {
	p, _ := c.Card.Photo()
	return shownContact{Contact: c, photo: photoID(p)}
}

// viewActions are what the view's buttons do, given to it by its owner.
type viewActions struct {
	back, edit, trash, restore func()
	purge                      func()
	star                       func(on bool)
	open, copied               func(value)
	decide                     func(done string, decisions ...data.Decision)
	focus                      func(fyne.Focusable)
	history                    func() // wants the history, or no longer
	revert, goBack             func(data.HistoryEntry)
	picture                    func(blob string) fyne.CanvasObject // of another photo than the contact's
	aside                      func(data.SetAside) asideActions
	photo                      func(below fyne.CanvasObject)
	book                       func(below fyne.CanvasObject)
}

// contactView is the right pane while a contact is read.
type contactView struct {
	actions viewActions
	now     func() time.Time
	shown   shownContact
	marks   bool

	labelColor func(label string) color.NRGBA
	books      shelf
	in         *bookLine

	box               *fyne.Container
	back, edit, trash *button
	star              *button
	face              *avatar
	camera            *cameraButton
	name, role        *wrapped
	sync              *textLine
	mail, call, visit *button
	do                *fyne.Container
	notices           *fyne.Container
	questions         *questionPanel
	askNext           bool // the next question, when it is drawn, gets the focus
	blocks            *fyne.Container
	history           *historyPanel
	scroll            *container.Scroll
	column            *fyne.Container
}

func newContactView(now func() time.Time, a viewActions) *contactView {
	v := &contactView{actions: a, now: now, face: newAvatar(76), name: newWrappedTitle(sizeTitle), role: newWrapped("", colorMuted, theme.SizeNameText), sync: newTextLine("", colorMuted, sizeSmall)}
	v.back = newQuietButton("", theme.NavigateBackIcon(), a.back)
	v.back.Hide()
	v.labelColor = avatarColor
	v.star = newQuietButton("", iconStar, func() { a.star(!v.shown.Card.Starred()) })
	v.edit = newButton(lang.L("Edit"), theme.DocumentCreateIcon(), a.edit)
	v.trash = newQuietButton("", iconTrash, a.trash)
	bar := container.New(insets{10, 24, 0, 12}, container.New(barLayout{gap: 4, fill: 1}, v.back, newGap(), v.star, v.trash, v.edit))

	v.mail = newButton(lang.L("Mail"), iconMail, func() { v.openFirst("mailto:") })
	v.call = newButton(lang.L("Call"), iconPhone, func() { v.openFirst("tel:") })
	v.visit = newButton(lang.L("Map"), iconPlace, func() { v.openFirst("https://www.openstreetmap.org/") })
	v.do = container.New(&flowLayout{gap: theme.Padding()}, v.mail, v.call, v.visit)
	v.notices = container.NewVBox()
	v.questions = newQuestionPanel(questionActions{decide: a.decide, focus: a.focus, picture: a.picture, resize: v.redrawQuestions,
		reveal: func(o fyne.CanvasObject) { revealIn(v.scroll, o) }})
	v.notices.Hide()
	v.blocks = container.New(columnLayout{gap: 10})
	v.history = newHistoryPanel(now, a.history, a.revert, a.goBack, a.picture)

	v.camera = newCameraButton(v.face, func() { a.photo(v.camera) })
	v.camera.onFocus = func() { revealIn(v.scroll, v.camera) }
	head := container.New(headLayout{}, v.camera, v.name, v.role, v.do)
	v.in = newBookLine(a.book)
	v.in.name.onFocus = func() { revealIn(v.scroll, v.in.name) }
	v.column = container.New(columnLayout{margin: 24, gap: 14}, head, v.in.box, v.notices, v.blocks, v.sync, v.history.box)
	v.scroll = container.NewVScroll(v.column)
	v.history.toggle.onFocus = func() { revealIn(v.scroll, v.history.toggle) }
	v.box = container.NewStack(newPanel(theme.ColorNameBackground), container.New(pinned{}, bar, v.scroll, newNothing()))
	return v
}

// openFirst opens the first value whose URL begins that way.
func (v *contactView) openFirst(prefix string) {
	for _, b := range blocks(v.shown.Card) {
		for _, value := range b.values {
			if strings.HasPrefix(value.open, prefix) {
				v.actions.open(value)
				return
			}
		}
	}
}

// show draws a contact. The same one again, changed by a sync, keeps its place in the scrolled text.
func (v *contactView) show(c shownContact) {
	same := v.shown.ID == c.ID
	if same && unchanged(v.shown, c) {
		v.shown = c
		return
	}
	v.shown = c
	card := c.Card
	v.face.set(card.DisplayName(), c.ID)
	v.name.setText(nameOr(shownName(card.DisplayName())))
	v.role.setText(role(card))
	v.role.Hidden = role(card) == ""
	deleted := !c.Deleted.IsZero()
	v.showBook()
	v.star.SetIcon(iconStar)
	if card.Starred() {
		v.star.SetIcon(iconStarred)
	}
	v.showNotices(deleted)

	var cards []fyne.CanvasObject
	if labels := card.Labels(); len(labels) > 0 {
		cards = append(cards, newLabelLine(labels, v.labelColor))
	}
	has := map[string]bool{}
	for _, b := range withRelations(blocks(card), card, c.names) {
		for _, value := range b.values {
			scheme, _, _ := strings.Cut(value.open, ":")
			has[scheme] = true
			has["map"] = has["map"] || b.icon == iconQuietPlace
		}
		cards = append(cards, newBlock(b, v.actions.open, v.actions.copied, func(o fyne.CanvasObject) { revealIn(v.scroll, o) },
			func() { redrawBars(v.scroll) })) // which lays out what has become higher
	}
	v.blocks.Objects = cards // drawn with the box below, once
	v.mail.Hidden, v.call.Hidden, v.visit.Hidden = !has["mailto"], !has["tel"], !has["map"]
	v.do.Hidden = deleted || v.mail.Hidden && v.call.Hidden && v.visit.Hidden
	v.showSync()
	if !same {
		v.history.close()
		v.scroll.ScrollToTop()
	}
	v.box.Refresh()
}

// setBooks says which books there are, and what the user may do in them.
func (v *contactView) setBooks(k shelf) {
	v.books = k
	if v.shown.ID != "" {
		v.showBook()
		v.column.Refresh()
	}
}

// showBook says where the contact is, and offers only what may be done there.
func (v *contactView) showBook() {
	deleted := !v.shown.Deleted.IsZero()
	rests := deleted || !v.books.of(v.shown.Book).CanEdit()
	v.star.Hidden, v.edit.Hidden, v.trash.Hidden = rests, rests, rests
	setEnabled(v.camera, !rests)
	v.history.fixed = rests
	v.in.show(v.books, v.shown.Book)
}

// unchanged says whether two states of one contact look alike.
func unchanged(a, b shownContact) bool {
	return a.Card.Equal(b.Card) && a.Book == b.Book && sameAside(a.aside, b.aside) && a.into == b.into && a.row.DaysLeft == b.row.DaysLeft && a.photo == b.photo && maps.Equal(a.names, b.names) && a.Pending == b.Pending && a.Rejected == b.Rejected && a.Deleted.Equal(b.Deleted) &&
		slices.EqualFunc(a.conflicts, b.conflicts, sameQuestion) && slices.EqualFunc(a.reviews, b.reviews, sameQuestion)
}

func sameQuestion(x, y data.Conflict) bool {
	return keyOf(x) == keyOf(y) && string(x.Local) == string(y.Local) && string(x.Remote) == string(y.Remote) && string(x.Now) == string(y.Now) &&
		x.RemoteAt.Equal(y.RemoteAt) && x.Device == y.Device && x.User == y.User
}

// setMarks says whether there is a server that the contact can be missing from.
func (v *contactView) setMarks(on bool) {
	if v.marks != on {
		v.marks = on
		v.showSync()
		v.column.Refresh()
	}
}

func (v *contactView) showSync() {
	v.sync.setText(ifAny(v.marks, syncNote(v.shown.Contact)))
	v.sync.Hidden = v.sync.text == ""
}

func (v *contactView) showNotices(deleted bool) {
	v.notices.RemoveAll()
	if deleted {
		if v.books.of(v.shown.Book).CanEdit() {
			v.notices.Add(newNotice(trashText(v.shown, v.now()), newQuietButton("", iconTrash, v.actions.purge), newMainButton(lang.L("Restore"), v.actions.restore)))
		} else {
			v.notices.Add(newNotice(trashText(v.shown, v.now())))
		}
	}
	if v.shown.aside != nil {
		v.notices.Add(newAsideNotice(*v.shown.aside, v.actions.aside(*v.shown.aside)))
	}
	v.questions.show(v.shown.conflicts, v.shown.reviews, v.now())
	if v.questions.box.Visible() {
		v.notices.Add(v.questions.box)
	}
	v.notices.Hidden = len(v.notices.Objects) == 0
}

// redrawQuestions draws them anew: a third value is to be typed, or no longer.
func (v *contactView) redrawQuestions() {
	v.questions.show(v.shown.conflicts, v.shown.reviews, v.now())
	v.resized()
}

// resized lays the view out anew: a part of it has another height.
func (v *contactView) resized() {
	v.column.Refresh()
	v.scroll.Refresh()
}

// focusQuestion moves the focus to the next question after one was answered, so that the keyboard alone answers them all.
func (v *contactView) focusQuestion() {
	if first := v.questions.first; v.askNext && first != nil {
		v.askNext = false
		v.actions.focus(first)
	}
}

// syncNote is the quiet line below a contact whose edits are only on this device.
func syncNote(c data.Contact) string {
	switch {
	case !c.Pending:
		return ""
	case c.Conflicts > 0:
		return lang.L("Not synced: a field waits for your decision")
	}
	return lang.L("Saved on this device, not synced yet")
}

// headLayout is the picture at the left; name, role and actions in lines beside it.
type headLayout struct{}

func (headLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, line := range o[1:] {
		if line.Visible() {
			h += line.MinSize().Height + 2
		}
	}
	if o[3].Visible() {
		h += 8
	}
	return fyne.NewSize(200, max(o[0].MinSize().Height, h))
}

func (l headLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	face := o[0].MinSize()
	for _, text := range o[1:4] { // wrapped, they know their heights by their width
		text.Resize(fyne.NewSize(s.Width-face.Width-20, text.MinSize().Height))
	}
	o[0].Resize(face)
	o[0].Move(fyne.NewPos(0, 0))
	x := face.Width + 20
	y := float32(0)
	if !o[3].Visible() {
		y = (s.Height - l.linesHeight(o)) / 2
	}
	for i, line := range o[1:] {
		if !line.Visible() {
			continue
		}
		if i == 2 {
			y += 8
		}
		h := line.MinSize().Height
		line.Move(fyne.NewPos(x, y))
		line.Resize(fyne.NewSize(s.Width-x, h))
		y += h + 2
	}
}

func (headLayout) linesHeight(o []fyne.CanvasObject) (h float32) {
	for _, line := range o[1:3] {
		if line.Visible() {
			h += line.MinSize().Height + 2
		}
	}
	return h
}

// newGap is what fills a line.
func newGap() fyne.CanvasObject { return newPanel(colorNone) }

// newNothing is an object that takes no room.
func newNothing() fyne.CanvasObject {
	n := widget.NewIcon(nil)
	n.Hide()
	return n
}
