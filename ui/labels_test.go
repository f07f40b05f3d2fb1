package ui

import (
	"image/color"
	"maps"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kith/contact"
	"kith/data"
)

func TestBirthdayText(t *testing.T) {
	day := func(s string) contact.Date {
		d, err := contact.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	now := time.Date(2026, 11, 22, 23, 50, 0, 0, time.FixedZone("", -5*3600))
	for _, tt := range []struct{ date, want string }{
		{"1976-11-22", "Today · turns 50"},
		{"--11-22", "Today"},
		{"2026-11-22", "Today"},
		{"1990-11-23", "Tomorrow · turns 36"},
		{"--11-26", "Thursday"},
		{"1815-12-10", "10 December · turns 211 · in 18 days"},
		{"1970-11-21", "21 November · turns 57"},
		{"2000-02-29", "28 February · turns 27"},
		{"--02-29", "28 February"},
	} {
		if got := birthdayText(day(tt.date), now); got != tt.want {
			t.Errorf("birthdayText(%s) = %q; want %q", tt.date, got, tt.want)
		}
	}
	if got := birthdayText(day("2000-02-29"), time.Date(2028, 2, 1, 0, 0, 0, 0, time.UTC)); got != "29 February · turns 28 · in 28 days" {
		t.Errorf("in a leap year: %q", got)
	}
}

func TestSectionOf(t *testing.T) {
	row := data.Row{Section: "A", FamilySection: "L"}
	for _, tt := range []struct {
		q    data.Query
		want string
	}{
		{data.Query{}, "A"}, {data.Query{Label: "x"}, "A"}, {data.Query{Sort: data.ByFamily}, "L"}, {data.Query{Sort: data.ByChanged}, ""},
		{data.Query{Filter: data.Birthdays, Sort: data.ByFamily}, ""}, {data.Query{Filter: data.Recent}, ""}, {data.Query{Filter: data.Trash}, ""},
	} {
		if got := sectionOf(row, tt.q); got != tt.want {
			t.Errorf("sectionOf(%+v) = %q; want %q", tt.q, got, tt.want)
		}
	}
}

func TestLabelColors(t *testing.T) {
	c := labelColors{"Book club": 3, "Ärzte": 0}
	if got := parseLabelColors(c.String()); len(got) != 2 || got["Book club"] != 3 || got["Ärzte"] != 0 {
		t.Errorf("read back: %v; want %v", got, c)
	}
	if got := parseLabelColors("a\t99\nb\nc\t-1\n\n"); len(got) != 0 {
		t.Errorf("nonsense is read as %v", got)
	}
	if c.of("Book club") != avatarColors[3] || c.of("other") != avatarColor("other") {
		t.Error("a label without a colour of its own has that of its name")
	}
}

// labelNames are the labels in the sidebar.
func (h *harness) labelNames() []string {
	var names []string
	for _, l := range h.sidebar.labels {
		names = append(names, l.label)
	}
	return names
}

func (h *harness) untilLabels(want ...string) {
	h.Helper()
	h.until(h.T, "the labels are "+plainList(want), func() bool { return slices.Equal(h.labelNames(), want) })
}

func (h *harness) dialogField(name string) *field {
	h.Helper()
	f, ok := h.focused().(*field)
	if !ok {
		h.Fatalf("the dialog to enter %s is not open: the focus is on %T", name, h.focused())
	}
	return f
}

// dragRow takes the row at a place of the list to the middle of a widget.
func (h *harness) dragRow(index int, to fyne.CanvasObject) {
	h.Helper()
	row := h.list.list.body.used[index]
	if row == nil {
		h.Fatalf("row %d is not in sight", index)
	}
	at := h.app.Driver().AbsolutePositionForObject(to).AddXY(to.Size().Width/2, to.Size().Height/2)
	for _, p := range []fyne.Position{at.AddXY(200, 0), at} {
		row.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{AbsolutePosition: p}})
	}
	if !h.dragged.sheet.Visible() {
		h.Error("nothing is seen of what is dragged")
	}
	row.DragEnd()
	if h.dragged.sheet.Visible() {
		h.Error("what was dragged is still seen")
	}
}

func TestLabels(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace").WithLabel("Science", true), person("Ben", "Bold"), person("Cleo", "Cole"))
	h.untilLabels("Science")

	// A label made in the sidebar has no contacts; one dropped on it is its first.
	h.sidebar.actions.newLabel()
	f := h.dialogField("a label")
	f.SetText("  Book   club ")
	f.OnSubmitted(f.Text)
	h.untilLabels("Book club", "Science")
	h.dragRow(1, h.sidebar.labels[0].sideItem)
	h.untilToast("Ben Bold labelled “Book club”")
	h.chooseLabel("Book club")
	h.untilListed("Ben Bold")

	// A new contact of a label has it; an undo takes one step back.
	h.menu("New Contact")
	h.editor.given.SetText("Dora")
	h.menu("Save")
	h.untilToast("Dora added") // the list may have her before the editor is closed, and nothing is dragged while it is open
	h.untilListed("Ben Bold", "Dora")
	h.choosePlace(data.All)
	h.untilListed("Ada Lovelace", "Ben Bold", "Cleo Cole", "Dora")
	h.list.selectAll()
	h.dragRow(0, h.sidebar.labels[1].sideItem)
	h.untilToast("4 contacts labelled “Science”")
	h.until(t, "4 are counted", func() bool { return h.sidebar.labels[1].count == 4 })
	h.menu("Undo")
	h.until(t, "1 is counted", func() bool { return h.sidebar.labels[1].count == 1 })

	// Renaming onto another label joins them, and the list follows.
	h.sidebar.colors["Book club"] = 5
	h.chooseLabel("Book club")
	h.dialogs.renameLabel("Book club")
	f = h.dialogField("the new name")
	f.SetText("starred")
	f.OnSubmitted(f.Text)
	if h.dialogs.open == nil {
		t.Error("a name that no label can have is taken")
	}
	f.SetText("Science")
	f.OnSubmitted(f.Text)
	h.untilLabels("Science")
	h.untilListed("Ada Lovelace", "Ben Bold", "Dora")
	if h.sidebar.colors["Science"] != 5 {
		t.Errorf("colours %v; want Book club's for Science", h.sidebar.colors)
	}
	h.until(t, "the colour is drawn", func() bool { return h.sidebar.labels[0].dot.circle.FillColor == color.Color(avatarColors[5]) })

	h.renameLabel("Science", "")
	h.untilLabels()
	h.untilToast("Label “Science” taken off 3 contacts")
	h.untilListed("Ada Lovelace", "Ben Bold", "Cleo Cole", "Dora")

	// The labels that no contact has, and the colours, are there the next time.
	h.sidebar.actions.newLabel()
	f = h.dialogField("a label")
	f.SetText("Later")
	f.OnSubmitted(f.Text)
	h.untilLabels("Later")
	h.colorLabel("Later", 2)
	h.close()
	again := openWindow(t, h.dir, nil).opened()
	again.untilLabels("Later")
	if again.sidebar.colors.of("Later") != avatarColors[2] {
		t.Error("the colour is forgotten")
	}
}

func TestDropOnFavouritesAndTrash(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace"), person("Ben", "Bold"))
	h.dragRow(0, h.sidebar.items[data.Favourites])
	h.untilToast("Ada Lovelace added to the favourites")
	h.dragRow(1, h.sidebar.items[data.Trash])
	h.untilListed("Ada Lovelace")
	h.dragRow(0, h.sidebar.items[data.All]) // leads nowhere
	h.until(t, "one is a favourite", func() bool { return h.sidebar.items[data.Favourites].count == 1 })
}

func TestSorting(t *testing.T) {
	h := newHarness(t, person("Ada", "Zimmer"), person("Zoe", "Adams"))
	h.untilListed("Ada Zimmer", "Zoe Adams")
	h.menu("Sort by Family Name")
	h.untilListed("Zoe Adams", "Ada Zimmer")
	if got := h.list.rowState(0).letter; got != "A" {
		t.Errorf("the first section is %q; want A", got)
	}
	h.until(t, "the order is kept", func() bool {
		s, err := h.store.Setting(t.Context(), settingSort)
		return err == nil && s == "family"
	})
	h.close()
	openWindow(t, h.dir, nil).opened().untilListed("Zoe Adams", "Ada Zimmer")
}

// A label that is renamed or deleted leaves its colour behind, for an undo; its new name has the same, unless it has one already.
func TestRenamedLabelColors(t *testing.T) {
	for _, tt := range []struct {
		name, to     string
		before, want labelColors
	}{
		{"renamed", "Go", labelColors{"Chess": 3}, labelColors{"Chess": 3, "Go": 3}},
		{"renamed to one with a colour", "Go", labelColors{"Chess": 3, "Go": 5}, labelColors{"Chess": 3, "Go": 5}},
		{"deleted", "", labelColors{"Chess": 3}, labelColors{"Chess": 3}},
		{"without a colour", "Go", labelColors{}, labelColors{}},
	} {
		s := &sidebar{colors: tt.before}
		if s.renamed("Chess", tt.to); !maps.Equal(s.colors, tt.want) {
			t.Errorf("%s: %v; want %v", tt.name, s.colors, tt.want)
		}
	}
}
