package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/data"
)

// bookNews stands above the list until it is dismissed: what has become of a book without the user's doing.
type bookNews struct {
	box     *fyne.Container
	text    *widget.Label
	kept    *link // leads to the edits that were kept
	shown   data.Notice
	kindred []int64 // the ids of all notices

	onKept    func()
	onDismiss func(ids []int64)
}

func newBookNews() *bookNews {
	n := &bookNews{text: newParagraph("")}
	n.kept = newLink(lang.L("Show Them"), nil, func() { n.onKept() })
	dismiss := newLink(lang.L("Dismiss"), nil, func() { n.onDismiss(n.kindred[:1]) })
	line := container.New(barLayout{gap: 4, fill: 0}, newGap(), n.kept, dismiss)
	n.box = container.NewStack(newCardPanel(colorNotice, ""), container.New(insets{0, 4, 6, 4}, container.New(columnLayout{}, n.text, line)))
	n.box.Hide()
	return n
}

// show draws the newest notice; the others follow when it is dismissed.
func (n *bookNews) show(all []data.Notice, k shelf) (changed bool) {
	n.kindred = nil
	for _, one := range all {
		n.kindred = append(n.kindred, one.ID)
	}
	before := n.box.Hidden
	if hidden := len(all) == 0; hidden || n.shown.ID != all[0].ID {
		n.box.Hidden = hidden
		n.shown = data.Notice{}
	}
	if len(all) == 0 || n.shown.ID == all[0].ID {
		return n.box.Hidden != before
	}
	n.shown = all[0]
	n.text.SetText(noticeText(n.shown, bookName(k.of(data.DefaultBook))))
	n.kept.Hidden = n.shown.Kept == 0
	n.box.Refresh()
	return true
}

// noticeText says what has become of a book, and where the edits are that the server did not have.
func noticeText(n data.Notice, first string) string {
	words := map[string]any{"Book": n.Book, "First": first, "Gone": lang.N("{{.Count}} contacts", n.Gone, counted(n.Gone)), "Kept": lang.N("{{.Count}} contacts", n.Kept, counted(n.Kept))}
	var text string
	switch n.Kind {
	case data.NoticeReadOnly:
		text = lang.L("From now on you may only read “{{.Book}}”.", words)
		if n.Kept > 0 {
			text += " " + lang.L("What you had changed there and not synced yet is in “{{.First}}” ({{.Kept}}).", words)
		}
		return text
	case data.NoticeAccount:
		text = lang.L("“{{.Book}}” belonged to the account you were signed in to before. Gone from this computer: {{.Gone}}.", words)
	default:
		text = lang.L("You are no longer in “{{.Book}}”: it was deleted, or its owner removed you. Gone from this computer: {{.Gone}}.", words)
	}
	if n.Kept > 0 {
		text += " " + lang.L("What you had changed and not synced yet is kept in “{{.First}}” ({{.Kept}}).", words)
	}
	return text
}

func (b *book) dismissNews(ids []int64) {
	do(b.bg, func(ctx context.Context) error { return b.store.DismissNotice(ctx, ids...) }, func(err error) {
		b.onlyErrors(err)
		b.count()
	})
}

// showKept lists what was kept of a lost book: the newest changes in the first one.
func (b *book) showKept() {
	if b.editing {
		return
	}
	if b.books.several() {
		b.chooseBook(data.DefaultBook)
	}
	b.choosePlace(data.Recent)
}

// bookLine is the quiet line of the contact's view that says which book it is in, and leads elsewhere.
type bookLine struct {
	box  *fyne.Container
	name *link
	note *textLine
}

func newBookLine(tapped func(below fyne.CanvasObject)) *bookLine {
	l := &bookLine{note: newTextLine("", colorMuted, sizeSmall)}
	l.name = newLink("", iconBook, nil)
	l.name.text.color = theme.ColorNameForeground
	l.name.tapped = func() { tapped(l.name) }
	l.box = container.New(bookLineLayout{}, l.name, l.note)
	l.box.Hide()
	return l
}

func (l *bookLine) show(k shelf, id string) {
	l.box.Hidden = !k.several() || id == ""
	if l.box.Hidden {
		return
	}
	b := k.of(id)
	l.name.setText(bookName(b))
	l.note.setText(bookNote(b))
	l.box.Refresh()
}

// bookLineLayout keeps the name whole as far as there is room, and lets the note be cut.
type bookLineLayout struct{}

func (bookLineLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(100, o[0].MinSize().Height)
}

func (bookLineLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	name := o[0].MinSize()
	width := min(name.Width, s.Width+linkPad)
	o[0].Resize(fyne.NewSize(width, s.Height))
	o[0].Move(fyne.NewPos(-linkPad, 0))
	o[1].Resize(fyne.NewSize(max(0, s.Width-width+linkPad-8), s.Height))
	o[1].Move(fyne.NewPos(width-linkPad+4, 0))
}
