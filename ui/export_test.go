package ui

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"kith/contact"
	"kith/contact/qr"
	"kith/data"
	"kith/paper"
)

// saving is the open dialog that writes a file, found by its field.
func (h *harness) saving() (file *field, ok func()) {
	h.Helper()
	if h.dialogs.open == nil {
		h.Fatal("no dialog is open")
	}
	for _, o := range descendants(h.dialogs.open.Content) {
		if f, is := o.(*field); is {
			file = f
		}
	}
	return file, func() { file.OnSubmitted(file.Text) }
}

// choices are the selects of the open dialog.
func (h *harness) choices() (all []*choice) {
	for _, o := range descendants(h.dialogs.open.Content) {
		if c, ok := o.(*choice); ok {
			all = append(all, c)
		}
	}
	return all
}

// descendants are all objects in containers below o.
func descendants(o fyne.CanvasObject) []fyne.CanvasObject {
	all := []fyne.CanvasObject{o}
	switch o := o.(type) {
	case *themed:
		all = append(all, descendants(o.content)...)
	case *fyne.Container:
		for _, child := range o.Objects {
			all = append(all, descendants(child)...)
		}
	}
	return all
}

func TestExportByMenu(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace").WithLabel("Maths", true), person("Grace", "Hopper").WithStarred(true), person("Emmy", "Noether").WithLabel("Maths", true))
	h.until(t, "labels are counted", func() bool { return len(h.counts.Labels) == 1 })
	file := filepath.Join(t.TempDir(), "all.vcf")
	h.menu("Export…")
	path, ok := h.saving()
	path.SetText(file)
	ok()
	h.untilToast("3 contacts exported to all.vcf")
	if got := cardsIn(t, file); got != 3 {
		t.Errorf("%d cards in the file", got)
	}

	// The label, over the file that is there.
	h.menu("Export…")
	path, ok = h.saving()
	if want := filepath.Join(filepath.Dir(file), "contacts.vcf"); path.Text != want {
		h.until(t, "the folder is remembered", func() bool { return path.Text == want })
	}
	choices := h.choices()
	if want := []string{"All contacts  (3)", "Favourites  (1)", "Label “Maths”  (2)", "The selected contact"}; !slices.Equal(choices[0].Options[:3], want[:3]) {
		t.Errorf("choices %q", choices[0].Options)
	}
	choices[0].SetSelectedIndex(2)
	path.SetText(file)
	ok()
	h.until(t, "it asks before it replaces", func() bool { return strings.Contains(noteOf(h), "Replace it, or choose another name") })
	if got := cardsIn(t, file); got != 3 {
		t.Errorf("%d cards in the file before the answer", got)
	}
	ok()
	h.untilToast("2 contacts exported to all.vcf")
	if got := cardsIn(t, file); got != 2 {
		t.Errorf("%d cards in the file", got)
	}

	// The selection, in another format: the ending follows.
	h.list.choose(0)
	h.list.selection.toggle(h.list.order, 1)
	h.menu("Export…")
	path, ok = h.saving()
	choices = h.choices()
	if got := choices[0].Selected; got != "The 2 selected contacts" {
		t.Errorf("suggested: %q", got)
	}
	choices[1].SetSelected("CSV for Google Contacts")
	if !strings.HasSuffix(path.Text, "contacts.csv") {
		t.Errorf("file %q", path.Text)
	}
	path.SetText(filepath.Join(filepath.Dir(file), "nowhere", "contacts.csv"))
	ok()
	h.until(t, "it says that there is no folder", func() bool { return strings.Contains(noteOf(h), "There is no folder") })
	path.SetText(filepath.Join(filepath.Dir(file), "contacts.csv"))
	ok()
	h.untilToast("2 contacts exported to contacts.csv")
	b, err := os.ReadFile(filepath.Join(filepath.Dir(file), "contacts.csv"))
	if err != nil || strings.Count(string(b), "\n") != 3 {
		t.Errorf("the table: %q, %v", b, err)
	}
}

func cardsIn(t *testing.T, file string) int {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(b), "BEGIN:VCARD")
}

// noteOf is what the open dialog says above its buttons.
func noteOf(h *harness) string {
	if h.dialogs.open == nil {
		return ""
	}
	text := ""
	for _, o := range descendants(h.dialogs.open.Content) {
		if l, ok := o.(*widget.Label); ok && l.Visible() {
			text += l.Text
		}
	}
	return text
}

func TestAudiences(t *testing.T) {
	counts := data.Counts{All: 12_000, Labels: []data.Label{{Name: "Family", Count: 3}}}
	tests := []struct {
		name   string
		shown  data.Query
		chosen []data.RowID
		want   string
	}{
		{"all", data.Query{}, nil, "All contacts  (12,000)"},
		{"one contact is always chosen", data.Query{}, []data.RowID{1}, "All contacts  (12,000)"},
		{"a label", data.Query{Label: "Family"}, []data.RowID{1}, "Label “Family”  (3)"},
		{"several are chosen", data.Query{Label: "Family"}, []data.RowID{1, 2}, "The 2 selected contacts"},
		{"the trash", data.Query{Filter: data.Trash}, []data.RowID{1, 2}, "All contacts  (12,000)"},
	}
	for _, tt := range tests {
		if all, suggested := audiences(counts, tt.shown, tt.chosen); all[suggested].text != tt.want {
			t.Errorf("%s: %q; want %q", tt.name, all[suggested].text, tt.want)
		}
	}
}

func TestSaveProblems(t *testing.T) {
	for want, err := range map[string]error{
		"There is no folder /a. Choose another.":          fs.ErrNotExist,
		"You may not write in /a. Choose another folder.": fs.ErrPermission,
		"The disk is on fire.":                            errors.New("the disk is on fire"),
	} {
		if got := saveProblem("/a/b.vcf", err); got != want {
			t.Errorf("%v: %q; want %q", err, got, want)
		}
	}
}

func TestExportOfNobody(t *testing.T) {
	h := newHarness(t)
	file := filepath.Join(t.TempDir(), "all.vcf")
	for _, item := range []string{"Export…", "Print…"} {
		h.menu(item)
		path, ok := h.saving()
		path.SetText(file)
		ok()
		h.until(t, "it says that there is nobody", func() bool { return noteOf(h) == "There are no contacts to write. Choose others." })
		h.dialogs.close()
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("an empty file was written: %v", err)
	}
}

func TestQR(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace").WithNote(strings.Repeat("long ", 200)))
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	h.menu("Show QR Code")
	if !strings.Contains(noteOf(h), "Not in it, or not all of it: Note.") {
		t.Errorf("the dialog says %q", noteOf(h))
	}
	h.press(fyne.KeyEscape)
	if h.dialogs.open != nil {
		t.Error("Escape does not close it")
	}
	for want, members := range map[string][]string{
		"": nil, "Not in it, or not all of it: Address, Messenger and Note.": {"notes", "addresses", "onlineServices"},
	} {
		if got := qrLeftText(members); got != want {
			t.Errorf("%v: %q; want %q", members, got, want)
		}
	}
}

// The picture is the code, dark on white, in whole pixels, whatever the size.
func TestQRPixels(t *testing.T) {
	code, err := qr.Of(contact.New().WithFullName("Ada"))
	if err != nil {
		t.Fatal(err)
	}
	modules := code.Size + 2*qr.Quiet
	for _, side := range []int{modules, 340, 511, 1000} {
		at := qrPixels(code)
		module := side / modules
		left := (side - module*modules) / 2
		for y := range side {
			for x := range side {
				mx, my := floorDiv(x-left, module)-qr.Quiet, floorDiv(y-left, module)-qr.Quiet
				r, _, _, _ := at(x, y, side, side).RGBA()
				if (r == 0) != code.Dark(mx, my) {
					t.Fatalf("%d pixels a side: %d,%d is wrong", side, x, y)
				}
			}
		}
		if r, _, _, _ := at(0, 0, side, side).RGBA(); r == 0 {
			t.Errorf("%d pixels a side: the edge is dark", side)
		}
	}
}

func TestPrintByMenu(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	h := newHarness(t, person("Ada", "Lovelace"), person("Grace", "Hopper"))
	file := filepath.Join(t.TempDir(), "all.pdf")
	h.until(t, "the contacts are counted", func() bool { return h.counts.All == 2 })
	for _, layout := range layoutOptions() {
		h.menu("Print…")
		path, ok := h.saving()
		choices := h.choices()
		choices[1].SetSelected(layout.text)
		choices[2].SetSelected("Letter")
		path.SetText(file)
		ok()
		if layout.value == string(paper.Cards) {
			h.until(t, "it asks before it replaces", func() bool { return strings.Contains(noteOf(h), "Replace it") })
			ok()
		}
		h.untilToast("2 contacts on 1 page in all.pdf")
		b, err := os.ReadFile(file)
		if err != nil || !strings.HasPrefix(string(b), "%PDF-1.7") || !strings.Contains(string(b), "/MediaBox [0 0 612 792]") {
			t.Errorf("%s: %d bytes, %v", layout.value, len(b), err)
		}
		h.toast.hide()
	}
	for want, r := range map[string]paper.Result{
		"1 contact on 1 page": {Contacts: 1, Pages: 1},
		"2 contacts on 3 pages (no font on this computer has 𒀀)":                                  {Contacts: 2, Pages: 3, Missing: []rune("𒀀")},
		"2 contacts on 3 pages (no font on this computer has abcdefghijkl and 2 more characters)": {Contacts: 2, Pages: 3, Missing: []rune("abcdefghijklmn")},
	} {
		if got := printedText(r); got != want {
			t.Errorf("%+v: %q; want %q", r, got, want)
		}
	}
}

// TestFileGoldens draws the export and the QR code.
func TestFileGoldens(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			t.Setenv("HOME", "/nonexistent")
			h := newHarness(t, goldenCards(t)...)
			h.app.Settings().SetTheme(newTheme(mode))
			h.until(t, "the favourites are counted", func() bool { return h.counts.Favourites == 1 })
			h.list.choose(0)
			h.untilShown("Ada Lovelace")
			h.menu("Export…")
			h.until(t, "the folder is suggested", func() bool { f, _ := h.saving(); return f.Text == "/nonexistent/contacts.vcf" })
			h.goldenDialog("export-" + mode)
			h.press(fyne.KeyEscape)
			h.menu("Print…")
			h.until(t, "the folder is suggested", func() bool { f, _ := h.saving(); return f.Text == "/nonexistent/contacts.pdf" })
			h.choices()[2].SetSelected("A4") // whatever the machine's locale
			h.goldenDialog("print-" + mode)
			h.press(fyne.KeyEscape)
			h.menu("Show QR Code")
			h.goldenDialog("qr-" + mode)
		})
	}
}
