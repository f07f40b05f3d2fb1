package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/data"
)

// emptyWords is what an empty list says, and which of its buttons helps.
type emptyWords struct {
	title, text string
	first       bool // offer to add the first contact
	setUp       bool // offer to set up sync
}

// emptyText is the words for a query that has no answer; synced: the book is one with a server's.
func emptyText(q data.Query, synced bool) emptyWords {
	if text := strings.TrimSpace(q.Text); text != "" {
		return emptyWords{title: lang.L("No match"), text: lang.L("Nothing in {{.List}} has “{{.Text}}”.", with{"List": listName(q), "Text": text})}
	}
	switch q.Filter {
	case data.Birthdays:
		return emptyWords{title: lang.L("No birthdays yet"), text: lang.L("Contacts with a birthday stand here, the next one first.")}
	case data.Recent:
		return emptyWords{title: lang.L("Nothing changed lately"), text: lang.L("Contacts that were changed in the last 30 days stand here, on whichever device it was.")}
	case data.Favourites:
		return emptyWords{title: lang.L("No favourites yet"), text: lang.L("Mark the people you call most with the star beside their name.")}
	case data.Conflicted:
		return emptyWords{title: lang.L("No conflicts"), text: lang.L("Nothing waits for your decision.")}
	case data.Reviewed:
		return emptyWords{title: lang.L("Nothing to review"), text: lang.L("When two devices change one field, the newer value is kept, and the other is shown here.")}
	case data.Trash:
		return emptyWords{title: lang.L("The trash is empty"), text: lang.L("Deleted contacts are kept here and can be restored.")}
	}
	if q.Label != "" {
		return emptyWords{title: lang.L("Nobody has this label"), text: lang.L("Choose contacts in another list and drag them onto the label.")}
	}
	if synced {
		return emptyWords{title: lang.L("Your address book is empty"), text: lang.L("Add a contact, or import a file: it will be on all of your machines."), first: true}
	}
	return emptyWords{title: lang.L("Your address book is empty"), text: lang.L("Add a contact, import a file, or sign in to a server to bring yours here."), first: true, setUp: true}
}

// emptyState stands in the middle of a list without rows.
type emptyState struct {
	box        *fyne.Container
	title      *widget.Label
	text       *widget.RichText
	add, setUp *button
	files      *button
}

func newEmptyState() *emptyState {
	e := &emptyState{title: widget.NewLabel(""), text: newMutedText("", fyne.TextAlignCenter)}
	e.title.Alignment, e.title.TextStyle.Bold = fyne.TextAlignCenter, true
	e.add = newMainButton(lang.L("New Contact"), nil)
	e.add.Icon = theme.ContentAddIcon()
	e.setUp = newButton(lang.L("Set Up Sync…"), nil, nil)
	e.files = newButton(lang.L("Import…"), nil, nil)
	e.box = container.NewVBox(e.title, container.NewGridWrap(fyne.NewSize(250, 64), e.text), container.NewCenter(e.add), container.NewCenter(container.NewHBox(e.files, e.setUp)))
	e.box.Hide()
	return e
}

func (e *emptyState) show(w emptyWords) {
	if w.title == "" {
		e.box.Hide()
		return
	}
	e.box.Hidden = false
	e.title.SetText(w.title)
	setMutedText(e.text, w.text)
	e.add.Hidden, e.files.Hidden, e.setUp.Hidden = !w.first, !w.first, !w.setUp
	e.box.Refresh()
}

// newMutedText is quiet text that wraps.
func newMutedText(text string, align fyne.TextAlign) *widget.RichText {
	t := widget.NewRichText(&widget.TextSegment{Text: text, Style: widget.RichTextStyle{ColorName: colorMuted, Alignment: align}})
	t.Wrapping = fyne.TextWrapWord
	return t
}

func setMutedText(t *widget.RichText, text string) {
	for _, s := range t.Segments {
		if s, ok := s.(*widget.TextSegment); ok {
			s.Text = text
		}
	}
	t.Refresh()
}
