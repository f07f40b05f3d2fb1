package ui

import (
	"context"
	"net/url"
	"strings"

	"fyne.io/fyne/v2/lang"

	"kith/contact"
	"kith/data"
)

// longestMail is how long a link to a mail program may be: some systems cut a longer one off, and with it people who are meant.
const longestMail = 2000

// copyEmails puts the first e-mail address of each chosen contact on the clipboard, for the line of a mail, and offers to write one.
func (b *book) copyEmails() {
	rows := b.list.chosenRows()
	if len(rows) == 0 && b.view.shown.Row != 0 {
		rows = []data.RowID{b.view.shown.Row} // a search hides it from the list
	}
	if b.editing || len(rows) == 0 {
		return
	}
	var found []contact.Card
	do(b.bg, func(ctx context.Context) error {
		const page = 500
		for len(rows) > 0 {
			n := min(page, len(rows))
			read, err := b.store.Contacts(ctx, rows[:n])
			if err != nil {
				return err
			}
			for _, c := range read {
				if len(c.Card.Emails()) > 0 {
					found = append(found, c.Card)
				}
			}
			rows = rows[n:]
		}
		return nil
	}, func(err error) {
		switch {
		case err != nil:
			b.toast.show(userMessage(err), 0)
			return
		case len(found) == 0:
			b.toast.show(lang.L("None of them has an e-mail address."), 0)
			return
		}
		b.app.Clipboard().SetContent(mailLine(found))
		said := lang.L("E-mail addresses copied: {{.Count}}", with{"Count": thousands(len(found))})
		if link := mailLink(found); len(link) <= longestMail {
			b.toast.showWith(said, 0, lang.L("Mail"), func() { b.open(value{open: link, text: link}) })
			return
		}
		b.toast.show(said, 0)
	})
}

// mailLine is the contacts as they stand in the line of a mail (RFC 5322 section 3.4); letters beyond ASCII stay as they are, for people.
func mailLine(cards []contact.Card) string {
	all := make([]string, len(cards))
	for i, c := range cards {
		address, name := c.Emails()[0].Value, c.FullName()
		if strings.ContainsAny(name, `()<>[]:;@\,."`) {
			name = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name) + `"`
		}
		all[i] = address
		if name != "" {
			all[i] = name + " <" + address + ">"
		}
	}
	return strings.Join(all, ", ")
}

// mailLink opens a mail to the contacts (RFC 6068): to one, or to several who do not see each other's addresses.
func mailLink(cards []contact.Card) string {
	all := make([]string, len(cards))
	for i, c := range cards {
		all[i] = url.PathEscape(c.Emails()[0].Value)
	}
	if len(all) == 1 {
		return "mailto:" + all[0]
	}
	return "mailto:?bcc=" + strings.Join(all, ",")
}
