package ui

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"

	"kith/data"
	"kith/paper"
	"kith/transfer"
)

func layoutOptions() []option {
	return []option{{string(paper.List), lang.L("List: a line for each contact")}, {string(paper.Cards), lang.L("Cards: everything, in two columns")}}
}

func paperOptions() []option {
	return []option{{paper.A4.Name, "A4"}, {paper.Letter.Name, lang.X("paper.letter", "Letter")}}
}

// printFile asks how to print, writes a PDF, and offers to open it: the program that shows it has the printers.
func (b *book) printFile() {
	whom := b.newAudienceChoice()
	layout := newChoice(optionTexts(layoutOptions()), nil)
	layout.SetSelectedIndex(0)
	size := newChoice(optionTexts(paperOptions()), nil)
	size.SetSelected(optionText(paperOptions(), paper.SizeFor(systemLocale("LC_PAPER")).Name))
	note := newTextLine(lang.L("A PDF file, which the program that shows it prints."), colorMuted, sizeSmall)
	d := &saveDialog{book: b, title: lang.L("Print contacts"), verb: lang.L("Make PDF"),
		rows: []fyne.CanvasObject{formRow(lang.L("Contacts"), whom.choice), formRow(lang.L("Layout"), layout), formRow(lang.L("Paper"), size), formRow("", note)}}
	d.start = func() func(context.Context, string, func(done, of int)) (string, error) {
		of := whom.chosen()
		o := paper.Options{
			Layout: paper.Layout(optionValue(layoutOptions(), layout.Selected)), Size: paper.A4, Title: printTitle(of), Now: b.bg.now(), Date: here().Date, Home: here().Country(), Words: paperWords(),
			Regular: theme.DefaultTextFont().Content(), Bold: theme.DefaultTextBoldFont().Content(), CacheDir: fontCache(),
		}
		if optionValue(paperOptions(), size.Selected) == paper.Letter.Name {
			o.Size = paper.Letter
		}
		return func(ctx context.Context, file string, progress func(done, of int)) (string, error) {
			return writePDF(ctx, b.store, of, o, file, progress)
		}
	}
	d.after = func(file, done string) {
		b.toast.showWith(lang.L("{{.Printed}} in {{.File}}", with{"Printed": done, "File": fileName(file)}), 0, lang.L("Open"), func() { b.openFile(file) })
	}
	d.open(lang.X("file.contacts", "contacts"), ".pdf")
}

func paperWords() paper.Words {
	return paper.Words{
		Name: lang.L("Name"), Phone: lang.L("Phone"), Email: lang.L("E-mail"), Address: lang.L("Address"), Link: lang.L("Link"),
		Birthday: lang.L("Birthday"), Labels: lang.L("Labels"), Note: lang.L("Note"),
		Home: lang.L("Home"), Work: lang.L("Work"), Mobile: lang.L("Mobile"), Fax: lang.L("Fax"), Pager: lang.L("Pager"), Text: lang.X("phone.text", "Text"),
	}
}

// printTitle stands above the first contact.
func printTitle(of audience) string {
	switch {
	case of.query.Label != "":
		return of.query.Label
	case of.query.Filter == data.Favourites:
		return lang.L("Favourites")
	}
	return lang.L("Contacts")
}

// fontCache is where the index of the system's fonts is kept; "" : where the system wants it.
func fontCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "kith")
}

func writePDF(ctx context.Context, store *data.Store, of audience, o paper.Options, file string, progress func(done, of int)) (done string, err error) {
	rows, err := of.members(ctx, store)
	if err != nil {
		return "", err
	}
	var r paper.Result
	err = transfer.Replace(file, func(w io.Writer) error {
		r, err = paper.Write(w, transfer.Cards(ctx, store, rows, progress), o)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("print to %s: %w", file, err)
	}
	return printedText(r), nil
}

// printedText says what was printed, and what could not be.
func printedText(r paper.Result) string {
	text := lang.L("{{.Contacts}} on {{.Pages}}",
		with{"Contacts": lang.N("{{.Count}} contacts", r.Contacts, counted(r.Contacts)), "Pages": lang.N("{{.Count}} pages", r.Pages, counted(r.Pages))})
	const most = 12
	switch n := len(r.Missing); {
	case n == 0:
		return text
	case n <= most:
		return lang.L("{{.Printed}} (no font on this computer has {{.Letters}})", with{"Printed": text, "Letters": string(r.Missing)})
	default:
		return lang.N("{{.Printed}} (no font on this computer has {{.Letters}} and {{.Count}} more characters)", n-most,
			with{"Printed": text, "Letters": string(r.Missing[:most]), "Count": thousands(n - most)})
	}
}

// openFile shows a file in the program that is for it.
func (b *book) openFile(path string) {
	u := &url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	do(b.bg, func(context.Context) error { return b.app.OpenURL(u) }, func(err error) {
		if err != nil {
			b.toast.show(lang.L("No program opens {{.File}} on this computer", with{"File": fileName(path)}), 0)
		}
	})
}
