package ui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/storage"

	"kith/contact/csv"
	"kith/data"
	"kith/transfer"
)

const importWidth = 720

// importEndings are the files that the chooser shows.
var importEndings = []string{".vcf", ".vcard", ".csv", ".tsv", ".txt", ".json", ".jsonl", ".ldif"}

// importDialog leads from files to contacts: choose, look at what would happen, correct the columns of tables, import.
type importDialog struct {
	book    *book
	sheet   *sheet
	paths   []string
	into    string            // the book; "" : where new contacts go
	chosen  transfer.Mappings // corrected by the user
	looking question
	seen    []transfer.Foreseen
	stop    func() // ends the import under way; nil: none

	path     *field
	progress *progressPane
	preview  *importPreview
	ok       *button
}

// importFiles opens the dialog, with files that were dropped or with none.
func (b *book) importFiles(paths ...string) {
	if b.editing {
		b.toast.show(lang.L("Save or cancel the edit first, then import"), 0)
		return
	}
	i := &importDialog{book: b, into: b.books.into(), chosen: transfer.Mappings{}, stop: func() {}}
	i.sheet = b.dialogs.sheet(importWidth, i.closed)
	b.importing = i
	if len(paths) == 0 {
		i.showChoice()
		return
	}
	i.add(paths)
}

// dropped are files that were dropped on the window.
func (b *book) dropped(at fyne.Position, files []fyne.URI) {
	var paths []string
	for _, f := range files {
		if f.Scheme() == "file" {
			paths = append(paths, f.Path())
		}
	}
	switch i := b.importing; {
	case b.droppedPhoto(at, paths):
	case len(paths) == 0:
		b.toast.show(lang.L("Only files of this computer can be imported"), 0)
	case i != nil && i.mayAdd():
		i.add(paths)
	case b.dialogs.open == nil:
		b.importFiles(paths...)
	}
}

func (i *importDialog) mayAdd() bool { return i.progress == nil }

func (i *importDialog) closed() {
	i.looking.drop()
	i.stop()
	i.book.importing = nil
}

// ---- choosing -------------------------------------------------------------------------------------------------------------

func (i *importDialog) showChoice() {
	i.path = newField(lang.L("Name of a file, or drop files on the window"))
	i.path.OnSubmitted = func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			i.add([]string{atHome(text)})
		}
	}
	ok := newMainButton(lang.L("Continue"), func() { i.path.OnSubmitted(i.path.Text) })
	ok.Disable()
	i.path.OnChanged = func(text string) { setEnabled(ok, strings.TrimSpace(text) != "") }
	browse := newButton(lang.L("Browse…"), nil, i.browse)
	text := flush(newParagraph(lang.L("vCard (any version), CSV from Google, Outlook, Thunderbird and others, LDIF, and JSContact JSON. " +
		"Nothing is written before you have seen what will happen.")))
	content := container.New(columnLayout{gap: 12}, text, container.New(barLayout{gap: 8, fill: 0}, i.path, browse))
	i.sheet.show(lang.L("Import contacts"), content, i.path, newNothing(), newButton(lang.L("Cancel"), nil, func() { i.book.dialogs.close() }), ok)
}

// atHome writes out a path that begins with ~.
func atHome(path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return path
}

// browse lets the user choose one more file.
func (i *importDialog) browse() {
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil {
			i.book.toast.show(userMessage(err), 0)
			return
		}
		if f == nil {
			return // cancelled
		}
		path := f.URI().Path()
		_ = f.Close() // nothing was read
		if i.sheet.isOpen() && i.mayAdd() {
			i.add([]string{path})
		}
	}, i.book.win)
	d.SetFilter(storage.NewExtensionFileFilter(importEndings))
	showChooser(d, lang.L("Choose a file of contacts"), i.book.win)
}

// ---- looking --------------------------------------------------------------------------------------------------------------

// add looks at more files, each once.
func (i *importDialog) add(paths []string) {
	for _, p := range paths {
		if !slices.Contains(i.paths, p) {
			i.paths = append(i.paths, p)
		}
	}
	i.preview = nil
	i.look()
}

// look asks what an import would do; a preview that is shown stays until the answer is here.
func (i *importDialog) look() {
	progress := newProgressPane(lang.L("Reading…"))
	if i.preview == nil {
		cancel := newButton(lang.L("Cancel"), nil, func() { i.book.dialogs.close() })
		i.sheet.show(lang.L("Import contacts"), progress.box, cancel, newNothing(), cancel)
	} else {
		i.preview.rest()
		i.ok.Disable()
	}
	paths, chosen := slices.Clone(i.paths), cloneMappings(i.chosen)
	number := i.looking.number + 1
	report := seldom(i.book.bg, func(p transfer.Progress) {
		if i.looking.number == number {
			progress.show(lang.N("Reading… {{.Count}} contacts", p.Cards, counted(p.Cards)), float64(p.Bytes)/float64(max(p.OfBytes, 1)))
		}
	})
	ask(i.book.bg, &i.looking, func(ctx context.Context) ([]transfer.Foreseen, error) {
		return foresee(ctx, i.book.store, i.into, paths, chosen, report)
	},
		func(seen []transfer.Foreseen, err error) {
			if err != nil {
				i.book.dialogs.close()
				i.book.toast.show(userMessage(err), 0)
				return
			}
			i.seen = seen
			i.showPreview()
		})
}

// foresee looks at all files, also at those that can't be opened, in their order.
func foresee(ctx context.Context, store *data.Store, into string, paths []string, chosen transfer.Mappings, progress func(transfer.Progress)) ([]transfer.Foreseen, error) {
	all := make([]transfer.Foreseen, len(paths))
	var files []transfer.File
	var at []int
	for n, path := range paths {
		f, err := transfer.OnDisk(path)
		if err != nil {
			all[n] = transfer.Foreseen{File: transfer.File{Name: path}, Err: err}
			continue
		}
		files, at = append(files, f), append(at, n)
	}
	seen, err := transfer.PreviewTo(ctx, store, into, files, chosen, progress)
	for n, s := range seen {
		all[at[n]] = s
	}
	return all, err
}

func cloneMappings(m transfer.Mappings) transfer.Mappings {
	out := transfer.Mappings{}
	for key, columns := range m {
		out[key] = slices.Clone(columns)
	}
	return out
}

func (i *importDialog) showPreview() {
	all, _ := totals(i.seen)
	if i.preview == nil {
		i.preview = newImportPreview(i.seen, i.correct, i.sheet.fit)
		i.ok = newMainButton(lang.L("Import"), i.run)
		more := newLink(lang.L("Add a File…"), nil, i.browse)
		cancel := newButton(lang.L("Cancel"), nil, func() { i.book.dialogs.close() })
		i.preview.show(i.seen)
		i.sheet.show(lang.L("Import contacts"), i.preview.box, i.ok, more, cancel, i.ok)
	} else {
		i.preview.show(i.seen)
	}
	i.ok.SetText(importButton(all))
	setEnabled(i.ok, all.Changed() > 0)
	i.sheet.bottom.Refresh()
}

// correct is a new meaning of the columns of a table.
func (i *importDialog) correct(key string, m csv.Mapping) {
	i.chosen[key] = m
	i.look()
}

// ---- importing ------------------------------------------------------------------------------------------------------------

// run imports what the preview has shown.
func (i *importDialog) run() {
	b := i.book
	var files []transfer.File
	for _, f := range i.seen {
		if f.Readable() {
			files = append(files, f.File)
		}
	}
	all, broken := totals(i.seen)
	total, chosen := all.Total()+broken, cloneMappings(i.chosen)
	ctx, cancel := context.WithCancel(b.bg.ctx)
	i.stop = cancel
	i.progress = newProgressPane(lang.L("Importing…"))
	stop := newButton(lang.L("Stop"), nil, cancel)
	i.sheet.show(lang.L("Import contacts"), i.progress.box, stop, newNothing(), stop)
	report := seldom(b.bg, func(p transfer.Progress) {
		i.progress.show(lang.L("Importing {{.Done}} of {{.Total}}", with{"Done": thousands(p.Cards), "Total": thousands(total)}), float64(p.Cards)/float64(max(total, 1)))
	})
	b.bg.run(func(context.Context) {
		result, err := transfer.ImportTo(ctx, b.store, i.into, files, chosen, report)
		err = errors.Join(err, transfer.Remember(context.WithoutCancel(ctx), b.store, chosen))
		cancel()
		if b.bg.ctx.Err() != nil {
			return // the window is closing; what came in is in the book, and undo is in its menu
		}
		b.bg.post(func() { i.done(result, err) })
	})
}

// done says what came in, and offers to take it back.
func (i *importDialog) done(r transfer.Report, err error) {
	b := i.book
	if i.sheet.isOpen() {
		b.dialogs.close()
	}
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	actions := 0
	if r.Changed() > 0 {
		actions = 1
	}
	if err == nil && len(r.Refused) == 0 {
		b.toast.show(importedText(r), actions)
		return
	}
	details := func() { b.dialogs.importReport(r, err) }
	b.toast.showWith(importedText(r), actions, lang.L("Details"), details)
	if err != nil && b.dialogs.open == nil {
		details()
	}
}

// importReport shows what could not be read, and where it is kept.
func (d *dialogs) importReport(r transfer.Report, err error) {
	column := container.New(columnLayout{gap: 10})
	if err != nil {
		column.Add(flush(newParagraph(importFault(r, err))))
	}
	for _, name := range r.Kept {
		column.Add(flush(newParagraph(lang.L("What could not be read is kept, to be mended and imported then, in\n{{.File}}", with{"File": name}))))
	}
	const most = 200
	for n, refused := range r.Refused {
		if n == most {
			more := len(r.Refused) - most
			column.Add(flush(newParagraph(lang.N("and {{.Count}} more", more, counted(more)))))
			break
		}
		column.Add(flush(newParagraph(refusedText(refused))))
	}
	scroll := container.NewVScroll(column)
	scroll.SetMinSize(fyne.NewSize(0, 280))
	s := d.sheet(560, func() {})
	done := newMainButton(lang.L("Close"), func() { d.close() })
	s.show(importedText(r), scroll, done, newNothing(), done)
}
