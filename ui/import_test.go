package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"kith/contact"
	"kith/contact/csv"
	"kith/data"
	"kith/transfer"
)

func (h *harness) file(name, content string) string {
	h.Helper()
	path := filepath.Join(h.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		h.Fatal(err)
	}
	return path
}

func (h *harness) drop(paths ...string) {
	var uris []fyne.URI
	for _, p := range paths {
		uris = append(uris, storage.NewFileURI(p))
	}
	h.dropped(fyne.Position{}, uris)
}

// untilForeseen waits for the preview.
func (h *harness) untilForeseen() *importDialog {
	h.Helper()
	h.until(h.T, "the preview is shown", func() bool {
		return h.importing != nil && h.importing.preview != nil && h.importing.seen != nil && !h.importing.preview.busy.Visible()
	})
	return h.importing
}

const importCards = "BEGIN:VCARD\nVERSION:4.0\nUID:u1\nFN:Emmy Noether\nTEL:+49 551 39\nEND:VCARD\n" +
	"BEGIN:VCARD\nVERSION:4.0\nUID:u2\nFN:Mary Somerville\nEND:VCARD\n"

const importBroken = "BEGIN:VCARD\nno property\nEND:VCARD\n"

func TestImportByMenu(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	file := h.file("friends.vcf", importCards+importBroken)
	h.menu("Import…")
	h.importing.path.SetText(file)
	h.press(fyne.KeyReturn)
	i := h.untilForeseen()
	if got := i.preview.files[0].counts.text; got != "2 new  ·  1 can’t be read" {
		t.Errorf("counts = %q", got)
	}
	if names := h.stored(data.All); len(names) != 1 {
		t.Errorf("the preview wrote: %v", names)
	}
	if got := i.ok.Text; got != "Import 2 Contacts" || h.focused() != fyne.Focusable(i.ok) {
		t.Errorf("button %q, focus on %T", got, h.focused())
	}
	h.press(fyne.KeyReturn)
	h.untilToast("Imported: 2 added, 1 can’t be read")
	h.untilListed("Ada Lovelace", "Emmy Noether", "Mary Somerville")
	h.toast.more.tapped()
	if h.dialogs.open == nil {
		t.Error("no details of what could not be read")
	}
	h.press(fyne.KeyEscape)
	if _, err := os.Stat(strings.TrimSuffix(file, ".vcf") + ".skipped.vcf"); err != nil {
		t.Errorf("what is broken is not kept: %v", err)
	}

	// The same file again changes nothing.
	h.drop(file)
	i = h.untilForeseen()
	if !i.ok.Disabled() || i.preview.note.text != "Everything is already here. Nothing would change." {
		t.Errorf("the same file again: button %q, %q", i.ok.Text, i.preview.note.text)
	}
	h.press(fyne.KeyEscape)
	if h.importing != nil || h.dialogs.open != nil {
		t.Error("Escape does not leave the preview")
	}
	h.w.win.Canvas().Focus(h.list.search)
	h.menu("Undo") // the search box is empty: it has nothing to take back
	h.untilListed("Ada Lovelace")
}

func TestImportOfSeveralFiles(t *testing.T) {
	ada := person("Ada", "Lovelace")
	h := newHarness(t, ada)
	more, err := ada.WithField("phone", "+44 1")
	if err != nil {
		t.Fatal(err)
	}
	more = more.WithNote("of the file")
	a := h.file("a.vcf", importCards)
	b := h.file("b.json", string(more.JSON()))
	letter := h.file("letter.txt", "Dear diary")
	h.drop(a)
	h.untilForeseen()
	h.drop(b, letter, a) // while the preview is open: one file more, and the first only once
	i := h.untilForeseen()
	if len(i.seen) != 3 || i.ok.Text != "Import 3 Contacts" {
		t.Errorf("preview of %d files, button %q", len(i.seen), i.ok.Text)
	}
	if p := i.preview.files[2]; p.problem.Text == "" || p.counts.Visible() {
		t.Errorf("a letter: %q", p.problem.Text)
	}
	i.preview.files[1].more.tapped()
	if p := i.preview.files[1]; !p.changes.Visible() || changeText(i.seen[1].Changes[0]) != "gets Note, Phone" {
		t.Errorf("what changes: %q", changeText(i.seen[1].Changes[0]))
	}
	h.press(fyne.KeyReturn)
	h.untilToast("Imported: 2 added, 1 updated")
	h.toast.undo.tapped()
	h.untilToast("Undone: adding 3 contacts")
	h.untilListed("Ada Lovelace")
}

func TestImportOfATable(t *testing.T) {
	h := newHarness(t)
	file := h.file("table.csv", "Wer,Was,Wo\nEmmy,Algebra,\nMary,Astronomy,\n")
	h.drop(file)
	i := h.untilForeseen()
	if !i.ok.Disabled() {
		t.Errorf("columns that nobody knows: %q", i.preview.files[0].counts.text)
	}
	table := i.preview.files[0].table
	if row := table.rows[2].line; row.Visible() {
		t.Error("an empty column is shown")
	}
	table.rows[0].choice.SetSelected("Full name")
	h.untilForeseen()
	table.rows[1].choice.SetSelected("Job title")
	i = h.untilForeseen()
	if i.ok.Text != "Import 2 Contacts" || i.preview.files[0].names.text != "Emmy, Mary" {
		t.Errorf("after the correction: %q, %q", i.ok.Text, i.preview.files[0].names.text)
	}
	i.run()
	h.untilToast("Imported: 2 added")
	// It is remembered.
	h.drop(h.file("next.csv", "Wer,Was,Wo\nGrace,Compilers,\n"))
	if i = h.untilForeseen(); i.ok.Text != "Import 1 Contact" {
		t.Errorf("the next table: %q", i.ok.Text)
	}
}

func TestImportIsStopped(t *testing.T) {
	h := newHarness(t)
	var b strings.Builder
	for n := range 3000 {
		fmt.Fprintf(&b, "BEGIN:VCARD\nVERSION:4.0\nUID:u%d\nFN:Person %04d\nEND:VCARD\n", n, n)
	}
	h.drop(h.file("many.vcf", b.String()))
	i := h.untilForeseen()
	// After its second batch, the import waits until Escape has been pressed.
	batches, reached, pressed := 0, make(chan struct{}), make(chan struct{})
	h.bg.now = func() time.Time { // asked on the import's goroutine, after each batch
		if batches++; batches == 2 {
			close(reached)
			<-pressed
		}
		return testNow
	}
	i.run()
	<-reached
	h.press(fyne.KeyEscape)
	close(pressed)
	h.until(t, "the toast says that it was stopped", func() bool {
		return h.toast.box.Visible() && strings.HasPrefix(h.toast.text.text, "Import stopped: ")
	})
	in := len(h.stored(data.All))
	if in != 400 || h.toast.actions != 1 {
		t.Errorf("%d contacts are in, undo of %d actions; want two batches, and one undo", in, h.toast.actions)
	}
	h.toast.undo.tapped()
	h.until(t, "nothing is left", func() bool { return len(h.stored(data.All)) == 0 })
}

func TestDropWhileEditing(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.menu("Edit")
	h.drop(h.file("a.vcf", importCards))
	h.untilToast("Save or cancel the edit first, then import")
	if h.importing != nil || !h.editing {
		t.Error("the drop took the editor away")
	}
	elsewhere, err := storage.ParseURI("https://example.org/a.vcf")
	if err != nil {
		t.Fatal(err)
	}
	h.dropped(fyne.Position{}, []fyne.URI{elsewhere})
	h.untilToast("Only files of this computer can be imported")
}

func TestImportWording(t *testing.T) {
	all := data.Imported{Added: 1234, Updated: 2, Restored: 1, Unchanged: 5}
	tests := []struct{ name, got, want string }{
		{"everything", foreseenText(all, 3), "1,234 new  ·  2 to be updated  ·  1 back from the trash  ·  5 already here  ·  3 can’t be read"},
		{"nothing", foreseenText(data.Imported{}, 0), "No contacts"},
		{"names", namesText([]string{"A", "", "C"}, 10), "A, No name, C and 7 more"},
		{"all names", namesText([]string{"A"}, 1), "A"},
		{"button", importButton(all), "Import 1,237 Contacts"},
		{"button for one", importButton(data.Imported{Added: 1}), "Import 1 Contact"},
		{"done", importedText(transfer.Report{Imported: all, Refused: make([]transfer.Refused, 2)}), "Imported: 1,234 added, 2 updated, 1 brought back, 2 can’t be read"},
		{"nothing done", importedText(transfer.Report{}), "Imported: nothing changed"},
		{"stopped", importedText(transfer.Report{Imported: data.Imported{Added: 400}, Stopped: true}), "Import stopped: 400 added"},
		{"a full disk", importFault(transfer.Report{Imported: data.Imported{Added: 400}, Stopped: true}, &transfer.FileError{File: "a.vcf", Err: data.ErrDiskFull}),
			"The disk is full, so the import stopped. Make room, then import the same file again: it goes on where it stopped."},
		{"a full disk from the start", importFault(transfer.Report{Stopped: true}, data.ErrDiskFull), "The disk is full, so nothing was saved. Make room, then try again."},
		{"a file's name", fileName("/home/ada/friends.vcf"), "friends.vcf"},
		{"a Windows file's name", fileName(`C:\Users\ada\friends.vcf`), "friends.vcf"},
		{"refused", refusedText(transfer.Refused{File: "/a/b.vcf", Line: 1200, Reason: "no colon"}), "b.vcf, line 1,200: no colon"},
		{"what changes", changeText(transfer.Change{Adds: []contact.Edit{{Path: "/phones/x"}, {Path: "/phones/y"}}, Stay: []contact.Conflict{{Path: "/notes/n/note"}}}),
			"gets Phone; keeps its own Note"},
		{"a column", columnText(csv.Column{Field: csv.Email}), "E-mail"},
		{"a column of a kind", columnText(csv.Column{Field: csv.Phone, Kind: "work fax"}), "Phone (work, fax)"},
		{"a column with a label", columnText(csv.Column{Field: csv.Phone, Label: "Car"}), "Phone (“Car”)"},
		{"a column of an address that says whose", columnText(csv.Column{Field: csv.Street, Kind: "work", Group: "work"}), "Street (work)"},
		{"a column of a relation", columnText(csv.Column{Field: csv.Relation, Kind: "spouse"}), "Relation (Spouse)"},
		{"a column of one's own", columnText(csv.Column{Field: csv.Custom}), "Field of Your Own"},
		{"a column of an address", columnText(csv.Column{Field: csv.Street, Group: "work"}), "Street (work)"},
		{"a column that may mean something else", doubtText(csv.Birthday, "x"), "No date: x"},
		{"a column about which there is no doubt", doubtText(csv.Note, "x"), ""},
		{"a column that is kept", columnText(csv.Column{}), "Keep as it is"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: %q; want %q", tt.name, tt.got, tt.want)
		}
	}
	for _, f := range csv.Fields {
		c := csv.Column{Field: f}
		options, chosen := columnChoices(c)
		if chosen == string(f) && f != "" {
			t.Errorf("field %q has no words", f)
		}
		if got := columnMeant(chosen, c); got != c || len(options) == 0 {
			t.Errorf("field %q is chosen as %+v", f, got)
		}
	}
	if got := columnMeant("City", csv.Column{Field: csv.Street, Group: "work"}); got != (csv.Column{Field: csv.Locality, Group: "work"}) {
		t.Errorf("a city of the address at work: %+v", got)
	}
}

// A column whose values speak against its name says so, until the user has looked at it.
func TestDoubtfulColumn(t *testing.T) {
	newHarness(t) // for its theme
	c := transfer.Columns{Header: []string{"Name", "Birthday"}, Samples: [][]string{{"Ada", "soon"}},
		Mapping: csv.Mapping{{Field: csv.FullName}, {Field: csv.Birthday}}, Doubtful: []bool{false, true}}
	var corrected csv.Mapping
	table := newColumnTable(c, func(m csv.Mapping) { corrected = m }, func() {})
	shown := func(row int) string { return table.rows[row].line.Objects[1].(*textLine).text }
	if shown(0) != "Ada" || shown(1) != "No date: soon" {
		t.Errorf("examples %q and %q", shown(0), shown(1))
	}
	table.rows[1].choice.SetSelected("Note")
	if shown(1) != "soon" || len(corrected) != 2 || corrected[1].Field != csv.Note {
		t.Errorf("corrected: %q, %+v", shown(1), corrected)
	}
}

// TestImportGoldens draws the preview and the columns of a table.
func TestImportGoldens(t *testing.T) {
	const table = "First Name,Last Name,E-mail,Handy,Kundennummer,Fax\n" +
		"Emmy,Noether,emmy@example.org,+49 151 2345,4711,\nMary,Somerville,mary@example.org,+44 20 7946 0958,4712,\n"
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			h := newHarness(t, goldenCards(t)...)
			h.app.Settings().SetTheme(newTheme(mode))
			h.w.win.Resize(fyne.NewSize(1000, 660))
			known := goldenCards(t)[1].WithNote("Engines")
			h.drop(h.file("friends.vcf", importCards+importBroken), h.file("backup.json", string(known.JSON())), h.file("letter.txt", "Dear diary"))
			i := h.untilForeseen()
			i.preview.files[1].more.tapped()
			h.goldenDialog("import-" + mode)
			h.press(fyne.KeyEscape)
			h.drop(h.file("customers.csv", table))
			h.untilForeseen()
			h.goldenDialog("import-table-" + mode)
		})
	}
}
