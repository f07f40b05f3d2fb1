package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"kith/contact/csv"
	"kith/transfer"
)

// importPreview says what an import would do, file by file.
type importPreview struct {
	box    *fyne.Container
	note   *textLine
	files  []*filePreview
	busy   *widget.Activity
	scroll *container.Scroll
}

// newImportPreview makes the preview of these files. correct hears of columns that the user gave another meaning; resized, of a
// content that wants another height.
func newImportPreview(seen []transfer.Foreseen, correct func(key string, m csv.Mapping), resized func()) *importPreview {
	p := &importPreview{note: newTextLine("", colorMuted, sizeSmall), busy: widget.NewActivity()}
	p.busy.Hide()
	column := container.New(columnLayout{gap: 10})
	grown := func() {
		p.fit(column)
		resized()
	}
	for _, f := range seen {
		panel := newFilePreview(f, correct, grown)
		p.files = append(p.files, panel)
		column.Add(panel.box)
	}
	p.scroll = container.NewVScroll(container.New(insets{2, 4, 2, 0}, column)) // the edges of the cards are drawn whole
	keepInSight(p.scroll)
	line := container.New(barLayout{gap: 8, fill: 0}, p.note, p.busy)
	p.box = container.New(pinned{}, newNothing(), p.scroll, container.New(insets{10, 0, 0, 0}, line))
	p.show(seen)
	p.fit(column)
	return p
}

// fit asks for the height of all files, up to a limit; beyond, they scroll.
func (p *importPreview) fit(column *fyne.Container) {
	const most = 420
	column.Resize(fyne.NewSize(importWidth-64, most))
	p.scroll.SetMinSize(fyne.NewSize(0, min(column.MinSize().Height+6, most)))
}

func (p *importPreview) show(seen []transfer.Foreseen) {
	p.busy.Stop()
	p.busy.Hide()
	p.note.setText(importNote(seen))
	for n, f := range seen {
		p.files[n].show(f)
	}
	p.box.Refresh()
}

// rest says that the counts are being made anew.
func (p *importPreview) rest() {
	p.busy.Show()
	p.busy.Start()
	p.note.setText(lang.L("Reading…"))
}

// filePreview is one file's card.
type filePreview struct {
	box                  *fyne.Container
	name, format, counts *textLine
	names                *textLine
	problem              *widget.Label
	fault                *fyne.Container // the problem without the label's margins
	changes              *fyne.Container // lines: who gets what
	more                 *link           // folds the changes
	open                 bool
	table                *columnTable // nil: the file has none
	column               *fyne.Container
}

func newFilePreview(f transfer.Foreseen, correct func(string, csv.Mapping), grown func()) *filePreview {
	p := &filePreview{
		name:    newTextLine(fileName(f.File.Name), theme.ColorNameForeground, theme.SizeNameText),
		format:  newCaption(""),
		counts:  newTextLine("", theme.ColorNameForeground, theme.SizeNameText),
		names:   newTextLine("", colorMuted, sizeSmall),
		changes: container.New(columnLayout{gap: 3}),
		problem: widget.NewLabel(""),
	}
	p.name.bold = true
	p.problem.Wrapping, p.problem.Importance = fyne.TextWrapWord, widget.DangerImportance
	p.fault = flush(p.problem)
	p.more = newLink("", iconFolded, func() {
		p.open = !p.open
		p.fold()
		grown()
	})
	p.column = container.New(columnLayout{gap: 5}, container.New(barLayout{gap: 8, fill: 0}, p.name, p.format), p.counts, p.names,
		p.fault, container.New(leftLayout{}, p.more), p.changes)
	if f.Columns != nil {
		p.table = newColumnTable(*f.Columns, func(m csv.Mapping) { correct(f.Columns.Key, m) }, grown)
		p.column.Add(p.table.box)
	}
	p.box = container.NewStack(newCardPanel(theme.ColorNameOverlayBackground, colorCardLine), container.New(insets{12, 14, 12, 14}, p.column))
	return p
}

// show draws what the file would do now.
func (p *filePreview) show(f transfer.Foreseen) {
	p.format.setText("")
	if f.Readable() {
		p.format.setText(formatName(f.Format))
	}
	p.counts.Hidden = !f.Readable()
	p.counts.setText(foreseenText(f.Counts, f.Broken))
	p.names.setText(namesText(f.Names, f.Counts.Added))
	p.names.Hidden = len(f.Names) == 0
	p.fault.Hidden = f.Err == nil
	p.problem.SetText("")
	if f.Err != nil {
		p.problem.SetText(userMessage(f.Err))
	}
	p.changes.Objects = nil
	for _, c := range f.Changes {
		p.changes.Add(newDetailLine(nameOr(c.Name), changeText(c)))
	}
	for _, r := range f.Refused {
		p.changes.Add(newDetailLine(lang.L("Line {{.Line}}", with{"Line": thousands(r.Line)}), refusedWords(r)))
	}
	p.fold()
	p.box.Refresh()
}

// fold shows or hides the details.
func (p *filePreview) fold() {
	n := len(p.changes.Objects)
	p.more.Hidden, p.changes.Hidden = n == 0, n == 0 || !p.open
	p.more.setText(lang.L("Details"))
	p.more.setIcon(iconFolded)
	if p.open {
		p.more.setIcon(iconUnfolded)
	}
	p.column.Refresh()
}

// newDetailLine is who or where, and what.
func newDetailLine(who, what string) fyne.CanvasObject {
	name := newTextLine(who, theme.ColorNameForeground, sizeSmall)
	return container.New(shareLayout{left: 0.34, gap: 10}, name, newTextLine(what, colorMuted, sizeSmall))
}

// shareLayout gives two objects a line: the first a share of it.
type shareLayout struct{ left, gap float32 }

func (l shareLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(a.Width+l.gap+b.Width, max(a.Height, b.Height))
}

func (l shareLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	w := s.Width * l.left
	o[0].Resize(fyne.NewSize(w, s.Height))
	o[1].Move(fyne.NewPos(w+l.gap, 0))
	o[1].Resize(fyne.NewSize(s.Width-w-l.gap, s.Height))
}

// columnTable shows what the columns of a table are taken for, and lets the user correct it.
type columnTable struct {
	box     *fyne.Container
	rows    []*columnRow
	mapping csv.Mapping
}

// columnRow is one column: its header, a value of it, and what it means.
type columnRow struct {
	header string
	choice *choice
	line   *fyne.Container
}

func newColumnTable(c transfer.Columns, corrected func(csv.Mapping), grown func()) *columnTable {
	t := &columnTable{mapping: append(csv.Mapping(nil), c.Mapping...)}
	head := container.New(columnRowLayout{}, newTextLine(lang.L("Column in the file"), colorMuted, sizeSmall),
		newTextLine(lang.L("Example"), colorMuted, sizeSmall), newTextLine(lang.L("Goes to"), colorMuted, sizeSmall))
	t.box = container.New(columnLayout{gap: 4}, container.New(insets{6, 0, 0, 0}, head))
	var empty []*columnRow
	for n, header := range c.Header {
		found := c.Mapping[n]
		options, chosen := columnChoices(found)
		row := &columnRow{header: header, choice: newChoice(options, nil)}
		row.choice.SetSelected(chosen)
		sample := example(c.Samples, n)
		shown := newTextLine(sample, colorMuted, theme.SizeNameText)
		if doubt := doubtText(found.Field, sample); doubt != "" && n < len(c.Doubtful) && c.Doubtful[n] {
			shown.text, shown.color = doubt, theme.ColorNameWarning
		}
		row.choice.OnChanged = func(text string) {
			shown.color = colorMuted
			shown.setText(sample)
			if meant := columnMeant(text, found); meant != t.mapping[n] {
				t.mapping[n] = meant
				corrected(append(csv.Mapping(nil), t.mapping...))
			}
		}
		row.line = container.New(columnRowLayout{}, newTextLine(header, theme.ColorNameForeground, theme.SizeNameText), shown, row.choice)
		t.rows = append(t.rows, row)
		t.box.Add(row.line)
		if sample == "" {
			row.line.Hide()
			empty = append(empty, row)
		}
	}
	if len(empty) > 0 {
		var all *link
		all = newLink(emptyColumnsText(len(empty)), iconFolded, func() {
			for _, row := range empty {
				row.line.Show()
			}
			all.Hide()
			grown()
		})
		t.box.Add(container.New(leftLayout{}, all))
	}
	return t
}

// emptyColumnsText is the link to columns in which the first rows hold nothing.
func emptyColumnsText(n int) string {
	return lang.N("{{.Count}} empty columns", n, counted(n))
}

// columnRowLayout is a line of the table: header, example, meaning.
type columnRowLayout struct{}

func (columnRowLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	h := float32(0)
	for _, e := range o {
		h = max(h, e.MinSize().Height)
	}
	return fyne.NewSize(300, h)
}

func (columnRowLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	const gap = 12
	choice := min(float32(230), s.Width*0.4)
	rest := (s.Width - choice - 2*gap) / 2
	x := float32(0)
	for n, w := range []float32{rest, rest, choice} {
		o[n].Resize(fyne.NewSize(w, s.Height))
		o[n].Move(fyne.NewPos(x, 0))
		x += w + gap
	}
}
