package ui

import (
	"image"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"kith/contact"
)

// editor is the right pane while a contact is edited. It holds what was typed; its owner saves it.
type editor struct {
	id      string          // "" : a new contact
	from    contact.Card    // the card that the edit began from
	touched map[string]bool // fields that were left once: before that, an unfinished one is not called wrong
	filling bool
	canvas  fyne.Canvas
	saving  bool
	changed func() // something was typed

	box                *fyne.Container
	face               *avatar
	camera             *cameraButton
	photoLink          *link
	photo              contact.Photo // as the form has it
	newFace            image.Image   // of a photo that was chosen just now; nil: none was
	heading            *textLine
	notice             *fyne.Container
	given, surname     *field
	first              *field // the one of them with which the name begins
	prefix, middle     *field
	suffix, nickname   *field
	spoken             [2]*field       // how the given name and the surname are spoken
	nameParts          *fyne.Container // given and surname, as the name has them
	spokenParts        *fyne.Container
	department         *field
	org, title         *field
	birthday, note     *field
	birthdayHint       *hint
	emails, phones     *entryGroup
	links              *entryGroup
	services, dates    *entryGroup
	custom, related    *entryGroup
	labels             *labelChips
	star               *button
	starred            bool
	optional           []*optional
	add                *link
	addresses          *addressGroup
	problem            *textLine
	in                 *bookField
	save, cancel, drop *button
	bar                *fyne.Container // with these
	scroll             *container.Scroll
	column             *fyne.Container
}

// editorActions are what the editor's buttons do, given to it by its owner.
type editorActions struct {
	save, cancel, drop, changed func()
	photo                       func(below fyne.CanvasObject)
	people                      func(text string, done func([]candidate))
}

func newEditor(canvas fyne.Canvas, a editorActions) *editor {
	e := &editor{canvas: canvas, changed: a.changed, heading: newTitle(""), problem: newTextLine("", theme.ColorNameError, sizeSmall), birthdayHint: newHint(0)}
	e.face = newAvatar(64)
	e.camera = newCameraButton(e.face, func() { a.photo(e.camera) })
	e.camera.onFocus = func() { revealIn(e.scroll, e.camera) }
	e.photoLink = newLink("", nil, func() { a.photo(e.photoLink) })
	e.photoLink.onFocus = func() { revealIn(e.scroll, e.photoLink) }
	e.problem.align = fyne.TextAlignTrailing
	e.given, e.surname = e.line("", lang.L("Given name")), e.line("", lang.L("Surname"))
	e.org, e.title = e.line("", lang.L("Organization")), e.line("", lang.L("Title"))
	e.birthday = e.line("birthday", here().Example())
	e.note = e.text(lang.L("Note"))
	e.note.SetMinRowsVisible(4)
	e.phones = newEntryGroup(e, "phone", lang.L("Add Phone"), lang.L("Phone number"), phoneKinds(), "mobile")
	e.emails = newEntryGroup(e, "email", lang.L("Add E-mail"), lang.L("E-mail address"), placeKinds(), "private")
	e.links = newEntryGroup(e, "link", lang.L("Add Link"), "https://", placeKinds(), "")
	e.addresses = newAddressGroup(e)
	e.prefix, e.middle, e.suffix, e.nickname = e.line("", lang.X("prefix.example", "Dr.")), e.line("", lang.L("Middle name")), e.line("", lang.X("suffix.example", "Jr., PhD")), e.line("", lang.L("Nickname"))
	e.spoken = [2]*field{e.line("", lang.L("Given name as spoken")), e.line("", lang.L("Surname as spoken"))}
	e.nameParts, e.spokenParts = newPair(e.given, e.surname), newPair(e.spoken[0], e.spoken[1])
	e.department = e.line("", lang.L("Department"))
	e.services = newEntryGroup(e, "service", lang.L("Add Messenger"), lang.L("User, number or address"), serviceKinds(), "Signal")
	e.services.named = true
	e.dates = newEntryGroup(e, "date", lang.L("Add Date"), here().Example(), dateKinds(), "wedding")
	e.custom = newEntryGroup(e, "custom", lang.L("Add Field of Your Own"), lang.L("Text"), nil, "")
	e.related = newEntryGroup(e, "related", lang.L("Add Relation"), lang.L("Name"), relationKinds(), "spouse")
	e.related.people = a.people
	e.labels = newLabelChips(e)
	e.star = newQuietButton("", iconStar, func() { e.setStarred(!e.starred); e.typed() })
	e.star.onFocus = func() { revealIn(e.scroll, e.star) }
	e.add = e.addLink(lang.L("Add Field"), func() { e.addField() })
	prefix, middle, suffix := formRow(lang.L("Prefix"), e.prefix), formRow(lang.L("Middle"), e.middle), formRow(lang.L("Suffix"), e.suffix)
	nickname, spoken := formRow(lang.L("Nickname"), e.nickname), formRow(lang.L("Spoken"), e.spokenParts)
	department, addresses, links := formRow("", e.department), formRow(lang.L("Address"), e.addresses.box), formRow(lang.L("Link"), e.links.box)
	services, dates := formRow(lang.L("Messenger"), e.services.box), formRow(lang.L("Date"), e.dates.box)
	related := formRow(lang.L("Relation"), e.related.box)
	custom, labels := formRow(lang.L("More"), e.custom.box), formRow(lang.L("Labels"), e.labels.box)
	group := func(name string, row *fyne.Container, g *entryGroup) *optional {
		return &optional{name: name, row: row, has: func() bool { return len(g.rows) > 0 }, begin: g.add.tapped, many: true}
	}
	e.optional = []*optional{
		{name: lang.L("Address"), row: addresses, has: func() bool { return len(e.addresses.rows) > 0 }, begin: e.addresses.add.tapped, many: true},
		group(lang.L("Link"), links, e.links), group(lang.L("Messenger"), services, e.services), group(lang.L("Date"), dates, e.dates),
		group(lang.L("Relation"), related, e.related),
		{name: lang.L("Label"), row: labels, has: func() bool { return len(e.labels.labels) > 0 }, begin: func() { e.canvas.Focus(e.labels.entry) }},
		e.optionalField(lang.L("Nickname"), nickname, e.nickname), e.optionalField(lang.L("Department"), department, e.department),
		e.optionalField(lang.L("Name Prefix"), prefix, e.prefix), e.optionalField(lang.L("Middle Name"), middle, e.middle), e.optionalField(lang.L("Name Suffix"), suffix, e.suffix),
		e.spokenField(e.optionalField(lang.L("Spoken Name"), spoken, e.spoken[0], e.spoken[1])),
		group(lang.L("Field of Your Own"), custom, e.custom),
	}
	e.notice = container.New(columnLayout{}, newNotice(lang.L("These changes were not saved when Kith last ended. Save them, or cancel to drop them.")))

	e.column = container.New(columnLayout{margin: 24, gap: 12}, container.New(barLayout{gap: 16, fill: 1}, e.camera, container.New(columnLayout{}, e.heading, container.New(leftLayout{}, e.photoLink)), e.star), e.notice,
		prefix, formRow(lang.L("Name"), e.nameParts), middle, suffix, spoken, nickname,
		formRow(lang.L("Work"), newPair(e.org, e.title)), department,
		formRow(lang.L("Phone"), e.phones.box), formRow(lang.L("E-mail"), e.emails.box), services, addresses, links,
		formRow(lang.L("Birthday"), container.New(columnLayout{gap: 2}, e.birthday, e.birthdayHint.box)), dates, related,
		labels, custom, formRow(lang.L("Note"), e.note), formRow("", container.NewHBox(e.add)))
	e.in = newBookField(e.typed)
	e.in.choice.onFocus = func() { revealIn(e.scroll, e.in.choice) }
	e.column.Objects = slices.Insert(e.column.Objects, 2, fyne.CanvasObject(e.in.row))
	e.scroll = container.NewVScroll(e.column)

	e.save, e.cancel = newMainButton(lang.L("Save"), a.save), newButton(lang.L("Cancel"), nil, a.cancel)
	e.drop = newQuietButton(lang.L("Delete"), iconTrash, a.drop)
	e.bar = container.NewStack(newPanel(colorList), container.New(insets{10, 24, 10, 14},
		container.New(barLayout{gap: 8, fill: 1}, e.drop, e.problem, e.cancel, e.save)))
	e.box = container.NewStack(newPanel(theme.ColorNameBackground), container.New(pinned{}, newNothing(), e.scroll, e.bar))
	return e
}

// line is a field of one line; name is what form.problems calls it.
func (e *editor) line(name, placeHolder string) *field {
	f := newField(placeHolder)
	f.OnChanged = func(string) { e.typed() }
	f.OnSubmitted = func(string) { e.canvas.FocusNext() }
	f.onLeave = func() { e.left(name) }
	f.onFocus = func() { revealIn(e.scroll, f) }
	return f
}

// text is a field of several lines.
func (e *editor) text(placeHolder string) *field {
	f := newTextField(placeHolder)
	f.OnChanged = func(string) { e.typed() }
	f.onFocus = func() { revealIn(e.scroll, f) }
	return f
}

// addLink is the link below a group of fields that adds one.
func (e *editor) addLink(text string, add func()) *link {
	l := newLink(text, iconAdd, add)
	l.onFocus = func() { revealIn(e.scroll, l) }
	return l
}

// removeButton is the cross beside a value.
func (e *editor) removeButton(remove func()) *button {
	b := newQuietButton("", iconRemove, remove)
	b.onFocus = func() { revealIn(e.scroll, b) }
	return b
}

// hint is the line below a field that says what is wrong with it.
type hint struct {
	text *textLine
	box  *fyne.Container
}

func newHint(indent float32) *hint {
	h := &hint{text: newTextLine("", theme.ColorNameError, sizeSmall)}
	h.box = container.New(insets{left: indent}, h.text)
	h.box.Hide()
	return h
}

// set shows a message, or takes it away, and says whether that moved what is below.
func (h *hint) set(message string) (moved bool) { return h.show(message, theme.ColorNameError) }

// note shows what is wrong, or else what is to be known and not wrong.
func (h *hint) note(message, known string) (moved bool) {
	if message != "" {
		return h.set(message)
	}
	return h.show(known, colorMuted)
}

func (h *hint) show(message string, color fyne.ThemeColorName) (moved bool) {
	h.text.color = color
	hidden := message == ""
	moved = h.box.Hidden != hidden
	h.text.setText(message)
	h.box.Hidden = hidden
	return moved
}

// edit fills the editor. to differs from from where an unsaved draft is taken up again.
func (e *editor) edit(id string, from, to contact.Card, restored bool) {
	e.id, e.from, e.saving, e.touched = id, from, false, map[string]bool{}
	e.filling = true
	f := formOf(to)
	e.photo, e.newFace = f.Photo, nil
	e.face.setPhoto(nil)
	e.heading.setText(lang.L("New contact"))
	if id != "" {
		e.heading.setText(lang.L("Edit contact"))
	}
	e.given.SetText(f.Given)
	e.surname.SetText(f.Surname)
	e.org.SetText(f.Organization)
	e.title.SetText(f.Title)
	e.birthday.SetText(f.Birthday)
	e.note.SetText(f.Note)
	e.phones.fill(f.Phones)
	e.emails.fill(f.Emails)
	e.links.fill(f.Links)
	e.addresses.fill(f.Addresses)
	e.fillMore(f.more)
	e.orderName(to)
	e.showOptional()
	e.drop.Hidden = id == ""
	e.notice.Hidden = !restored
	e.filling = false
	e.check()
	e.scroll.ScrollToTop()
	e.rearrange()
}

// rearrange lays out anew after fields have come or gone.
func (e *editor) rearrange() { e.scroll.Refresh() }

// form is what the fields hold now.
func (e *editor) form() form {
	return form{
		Photo: e.photo, Given: e.given.Text, Surname: e.surname.Text, Organization: e.org.Text, Title: e.title.Text,
		Birthday: e.birthday.Text, Note: e.note.Text,
		Phones: e.phones.entries(), Emails: e.emails.entries(), Links: e.links.entries(), Addresses: e.addresses.addresses(), more: e.more(),
	}
}

// card is what would be saved now.
func (e *editor) card() contact.Card { return e.form().apply(e.from) }

// dirty says whether there is anything to save.
func (e *editor) dirty() bool { return e.form().changed(e.from) || e.moves() }

func (e *editor) typed() {
	if !e.filling {
		e.check()
		e.changed()
	}
}

func (e *editor) left(name string) {
	if !e.filling && name != "" {
		e.touched[name] = true
		e.check()
	}
}

// check shows what is wrong, and lets Save rest while nothing has changed.
func (e *editor) check() {
	f := e.form()
	e.face.set(f.apply(e.from).DisplayName(), e.from.UID())
	e.photoLink.setText(lang.L("Add Photo…"))
	if e.photo != (contact.Photo{}) {
		e.photoLink.setText(lang.L("Change Photo…"))
	}
	wrong := f.problems(e.from)
	show := func(name string) string {
		if !e.touched[name] {
			return ""
		}
		return wrong[name]
	}
	moved := e.birthdayHint.note(show("birthday"), readAs(e.birthday.Text))
	for _, g := range []*entryGroup{e.phones, e.emails, e.links, e.dates} {
		moved = g.hint(show) || moved
	}
	e.problem.setText(show(""))
	setEnabled(e.save, (f.changed(e.from) || e.moves()) && !e.saving)
	if moved {
		e.column.Refresh()
	}
}

// setPhoto takes another photo into the form; nil: none.
func (e *editor) setPhoto(blob *contact.Blob, face image.Image) {
	e.photo, e.newFace = contact.Photo{}, face
	if blob != nil {
		e.photo = contact.Photo{BlobID: blob.ID, Type: blob.Type}
	}
	e.face.setPhoto(face)
	e.typed()
}

// ready says whether the form may be saved; if not, it shows why, at every field.
func (e *editor) ready() bool {
	wrong := e.form().problems(e.from)
	for name := range wrong {
		e.touched[name] = true
	}
	e.check()
	return len(wrong) == 0
}

// fail shows why saving did not work; what was typed stays.
func (e *editor) fail(err error) {
	e.saving = false
	e.check()
	e.problem.setText(userMessage(err))
}

func (e *editor) setSaving() {
	e.saving = true
	e.save.Disable()
}

func setEnabled(w fyne.Disableable, on bool) {
	if on && w.Disabled() {
		w.Enable()
	} else if !on && !w.Disabled() {
		w.Disable()
	}
}
