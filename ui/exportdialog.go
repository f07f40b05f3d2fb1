package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"kith/contact/cardfile"
	"kith/transfer"
)

// exportFile asks what to export, and writes it.
func (b *book) exportFile() {
	whom := b.newAudienceChoice()
	var titles []string
	for _, o := range cardfile.Outputs {
		titles = append(titles, outputTitle(o))
	}
	format := newChoice(titles, nil)
	format.SetSelectedIndex(0)
	output := cardfile.Outputs[0]
	note := newTextLine(outputNote(output), colorMuted, sizeSmall)
	d := &saveDialog{book: b, title: lang.L("Export contacts"), verb: lang.L("Export"),
		rows: []fyne.CanvasObject{formRow(lang.L("Contacts"), whom.choice), formRow(lang.L("Format"), format), formRow("", note)}}
	format.OnChanged = func(string) {
		from := output.Ending
		output = cardfile.Outputs[format.SelectedIndex()]
		note.setText(outputNote(output))
		d.setEnding(from, output.Ending)
	}
	d.start = func() func(context.Context, string, func(done, of int)) (string, error) {
		of, o := whom.chosen(), output
		return func(ctx context.Context, file string, progress func(done, of int)) (string, error) {
			rows, err := of.members(ctx, b.store)
			if err != nil {
				return "", err
			}
			n, err := transfer.Export(ctx, b.store, rows, o, file, progress)
			return lang.N("{{.Count}} contacts", n, counted(n)), err
		}
	}
	d.after = func(file, done string) {
		b.toast.show(lang.L("{{.Contacts}} exported to {{.File}}", with{"Contacts": done, "File": fileName(file)}), 0)
	}
	d.open(lang.X("file.contacts", "contacts"), output.Ending)
}

// outputTitle is what a format is called; one that has only names keeps its own.
func outputTitle(o cardfile.Output) string {
	switch o.Name {
	case "vcf3":
		return lang.L("vCard 3.0, for phones and older programs")
	case "csv":
		return lang.L("CSV for Google Contacts")
	case "csv-outlook":
		return lang.L("CSV for Outlook")
	}
	return o.Title
}

// outputNote says what of a contact a format holds.
func outputNote(o cardfile.Output) string {
	if o.Whole {
		return lang.L("Everything that a contact holds.")
	}
	return lang.L("What has a column; photos and unusual fields are left out.")
}
