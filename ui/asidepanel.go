package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/contact"
	"kith/data"
	"kith/transfer"
)

// asideText says in words why sync could not take a contact along, and what to do.
func asideText(a data.SetAside) string {
	if a.Out {
		return refusedReason(a.Reason)
	}
	why := with{"Device": a.Device, "Reason": a.Reason}
	switch {
	case a.Here && a.Device != "":
		return lang.L("It was changed on {{.Device}} in a way that this version of Kith can't read ({{.Reason}}). Here it stays as it was, and your edits of it wait. It is kept as it came, and read again after an update of Kith.", why)
	case a.Here:
		return lang.L("It was changed in a way that this version of Kith can't read ({{.Reason}}). Here it stays as it was, and your edits of it wait. It is kept as it came, and read again after an update of Kith.", why)
	case a.Device != "":
		return lang.L("It was saved on {{.Device}} in a way that this version of Kith can't read ({{.Reason}}). It is kept as it came, and read again after an update of Kith.", why)
	}
	return lang.L("It was saved in a way that this version of Kith can't read ({{.Reason}}). It is kept as it came, and read again after an update of Kith.", why)
}

// refusedReason is the server's reason, and what to do about it. The reason was kept in English: those that people meet are known by
// their words (server/refuse.go, server/store/plan.go, syncer/blobs.go), and another one is shown as it is.
func refusedReason(reason string) string {
	switch {
	case strings.Contains(reason, "holds as many contacts as"):
		return lang.L("The server did not accept this contact: the book holds as many contacts as the server allows. Delete some, then send it again.")
	case strings.Contains(reason, "photo is larger"):
		return lang.L("The server did not accept this contact: its photo is too large. Choose another one.")
	case strings.Contains(reason, "too large"), strings.Contains(reason, "bytes"):
		return lang.L("The server did not accept this contact: it is too large. Shorten it (a long note, large pictures), and it is sent.")
	}
	return lang.L("The server did not accept this contact ({{.Reason}}). Edit it, or send it again as it is.", with{"Reason": reason})
}

// asideTitle counts what is set aside.
func asideTitle(all []data.SetAside) string {
	return lang.N("{{.Count}} contacts could not be synced", len(all), counted(len(all)))
}

// asideLink is the status bar's link to it; "" : there is nothing.
func asideLink(refused, unreadable int) string {
	switch {
	case refused > 0 && unreadable > 0:
		return lang.N("{{.Count}} contacts could not be synced · Review", refused+unreadable, counted(refused+unreadable))
	case refused > 0:
		return lang.N("{{.Count}} contacts can't be sent · Review", refused, counted(refused))
	case unreadable > 0:
		return lang.N("{{.Count}} contacts can't be read · Review", unreadable, counted(unreadable))
	}
	return ""
}

// reviewAside shows what sync could not take along.
func (b *book) reviewAside() {
	if b.editing {
		return
	}
	ask(b.bg, &b.dialogs.asking, b.store.SetAside, func(all []data.SetAside, err error) {
		switch {
		case err != nil:
			b.toast.show(userMessage(err), 0)
		case len(all) == 0:
			b.toast.show(lang.L("Sync has taken everything along"), 0)
		default:
			b.dialogs.showAside(all)
		}
	})
}

func (d *dialogs) showAside(all []data.SetAside) {
	b := d.book
	column := container.New(columnLayout{gap: 10})
	for _, a := range all[:min(len(all), asideShown)] {
		column.Add(newAsideEntry(a, func() {
			d.close()
			b.openContact(a.ID)
		}))
	}
	if more := len(all) - asideShown; more > 0 {
		column.Add(flush(newParagraph(lang.N("and {{.Count}} more. Export shows all of them.", more, counted(more)))))
	}
	scroll := container.NewVScroll(column)
	keepInSight(scroll)
	scroll.SetMinSize(fyne.NewSize(0, float32(min(len(all), 3)*136)))
	top := container.New(insets{0, -8, 10, -8}, newParagraph(lang.L("Everything else is synced, and nothing of what is here is lost.")))
	done := newMainButton(lang.L("Close"), func() { d.close() })
	again := newButton(lang.L("Try Again"), nil, func() {
		d.close()
		b.tryAgain()
	})
	export := newLink(lang.L("Export…"), nil, func() { b.exportAside(all) })
	s := d.sheet(asideWidth, func() {})
	s.show(asideTitle(all), container.New(pinned{}, top, scroll, newNothing()), done, export, again, done)
}

const (
	asideWidth = 560
	asideShown = 100
)

func newAsideEntry(a data.SetAside, open func()) fyne.CanvasObject {
	name := newTextLine(nameOr(a.Name), theme.ColorNameForeground, theme.SizeNameText)
	name.bold = true
	head := container.New(barLayout{gap: 8, fill: 0}, name)
	if a.Here {
		head.Add(newQuietButton(lang.L("Open"), nil, open))
	}
	why := widget.NewLabel(asideText(a))
	why.Wrapping = fyne.TextWrapWord
	gap := float32(0)
	if a.Here {
		gap = -8 // the button is higher than the name
	}
	body := container.New(columnLayout{}, container.New(insets{left: 8, right: 4}, head), container.New(insets{top: gap}, why))
	return container.NewStack(newCardPanel(theme.ColorNameBackground, colorCardLine), container.New(insets{6, 6, 2, 6}, body))
}

// openContact shows one contact, wherever it is listed.
func (b *book) openContact(id string) {
	ask(b.bg, &b.viewing, func(ctx context.Context) (data.Contact, error) { return b.store.Contact(ctx, id) }, func(c data.Contact, err error) {
		if err != nil {
			b.toast.show(userMessage(err), 0)
			return
		}
		place := data.All
		if !c.Deleted.IsZero() {
			place = data.Trash
		}
		b.list.reveal = c.Row
		b.list.search.SetText("")
		b.choosePlace(place)
		b.showContact()
	})
}

// tryAgain lets what is set aside be sent, or read, once more.
func (b *book) tryAgain(ids ...string) {
	var left int
	do(b.bg, func(ctx context.Context) (err error) {
		left, err = b.store.TryAgain(ctx, ids...)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			b.toast.show(userMessage(err), 0)
		case left > 0:
			b.toast.show(lang.N("{{.Count}} contacts still can't be read", left, counted(left)), 0)
		default:
			b.toast.show(lang.L("Trying again…"), 0)
		}
	})
}

// exportAside writes what is set aside to a file: all that is known of it, or vCards.
func (b *book) exportAside(all []data.SetAside) {
	formats := []string{lang.L("JSON, with everything that is known"), lang.L("vCard, what can be read")}
	endings := []string{".json", ".vcf"}
	format := newChoice(formats, nil)
	format.SetSelectedIndex(0)
	ending := endings[0]
	d := &saveDialog{book: b, title: lang.L("Export what could not be synced"), verb: lang.L("Export"), rows: []fyne.CanvasObject{formRow(lang.L("Format"), format)}}
	format.OnChanged = func(string) {
		from := ending
		ending = endings[format.SelectedIndex()]
		d.setEnding(from, ending)
	}
	d.start = func() func(context.Context, string, func(done, of int)) (string, error) {
		return func(_ context.Context, file string, _ func(done, of int)) (string, error) {
			n, err := transfer.ExportAside(all, file)
			return lang.N("{{.Count}} contacts", n, counted(n)), err
		}
	}
	d.after = func(file, done string) {
		b.toast.show(lang.L("{{.Contacts}} exported to {{.File}}", with{"Contacts": done, "File": fileName(file)}), 0)
	}
	d.open(lang.X("file.notSynced", "not-synced"), ending)
}

// asideActions are what can be done about a contact that is set aside.
type asideActions struct{ mend, again, export func() }

// newAsideNotice stands above a contact that sync could not take along.
func newAsideNotice(a data.SetAside, act asideActions) fyne.CanvasObject {
	text := widget.NewLabel(asideText(a))
	text.Wrapping = fyne.TextWrapWord
	line := container.NewBorder(nil, nil, container.New(insets{8, 0, 0, 0}, container.NewVBox(widget.NewIcon(iconWarning))), nil, text)
	buttons := container.NewHBox()
	if a.Out {
		buttons.Add(newMainButton(lang.L("Edit"), act.mend))
		buttons.Add(newButton(lang.L("Send Again"), nil, act.again))
	}
	buttons.Add(newButton(lang.L("Export…"), nil, act.export))
	return container.NewStack(newCardPanel(colorNotice, ""),
		container.New(insets{2, 12, 10, 12}, container.NewVBox(line, container.New(insets{0, 0, 0, 28}, buttons))))
}

// asideNow are the actions for the contact that is shown.
func (b *book) asideNow(a data.SetAside) asideActions {
	return asideActions{mend: b.mend, again: func() { b.tryAgain(a.ID) }, export: func() { b.exportAside([]data.SetAside{a}) }}
}

// mend opens the editor at the field that most likely is what the server does not take.
func (b *book) mend() {
	b.edit()
	if b.editing && isLongNote(b.view.shown.Card) {
		b.win.Canvas().Focus(b.editor.note)
		revealIn(b.editor.scroll, b.editor.note)
	}
}

// isLongNote says that the note is most of the card.
func isLongNote(c contact.Card) bool { return len(c.Note()) > len(c.JSON())/2 }

// asideOf is what is set aside of a contact; nil: nothing is.
func asideOf(all []data.SetAside, id string) *data.SetAside {
	for _, a := range all {
		if a.ID == id {
			return &a
		}
	}
	return nil
}

// sameAside says whether two look alike.
func sameAside(a, b *data.SetAside) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Out == b.Out && a.Reason == b.Reason && a.Here == b.Here && string(a.Raw) == string(b.Raw)
}
