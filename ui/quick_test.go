package ui

import (
	"encoding/binary"
	"testing"

	"fyne.io/fyne/v2"

	"kith/assets"
)

// The small window finds as one types, and Enter opens the match in the contacts window; Escape puts it away.
func TestQuickSearch(t *testing.T) {
	h := newHarness(t, person("Ada", "Lovelace").WithStarred(true), person("Grace", "Hopper"), person("Mary", "Somerville"), person("Mary", "Shelley"))
	h.choosePlace(2) // wherever the contacts window stands
	h.searchQuickly()
	q := h.quick
	q.win.Resize(fyne.NewSize(440, 480))
	answered := func(text string, n int) {
		t.Helper()
		h.until(t, "the small window answers "+text, func() bool { return q.shown == text && len(q.rows) == n })
	}
	h.until(t, "the favourites are there", func() bool { return len(q.rows) == 1 && q.hint.text == quickHint("", 1, 1) })
	q.search.SetText("mary")
	answered("mary", 2)
	q.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown})
	q.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyDown}) // there is no third
	want := q.rows[1].Name
	q.search.OnSubmitted("")
	h.untilShown(want)
	h.untilListed("Ada Lovelace", "Grace Hopper", "Mary Shelley", "Mary Somerville")

	h.searchQuickly()
	q.search.SetText("hopper")
	q.search.OnSubmitted("") // faster than the answer: it opens when that is there
	h.untilShown("Grace Hopper")

	h.searchQuickly()
	h.until(t, "it begins anew", func() bool { return q.shown == "" && len(q.rows) == 1 })
	if q.search.Text != "" {
		t.Errorf("the search box has %q", q.search.Text)
	}
	q.search.SetText("nobody at all")
	answered("nobody at all", 0)
	q.search.OnSubmitted("") // opens nothing
	q.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	h.menu("Edit")
	h.openFromOutside(h.list.order[0])
	h.untilToast("Save or cancel the edit first, then open another contact")
}

func TestQuickHint(t *testing.T) {
	for _, tt := range []struct {
		text         string
		shown, total int
		want         string
	}{
		{"", 0, 0, "Type what you know of a contact"},
		{" ", 3, 3, "Your favourites. Type to search everyone"},
		{"x", 0, 0, "No match"},
		{"x", 7, 1200, "The first 7 of 1,200 matches"},
		{"x", 3, 3, "Enter opens, Esc closes"},
	} {
		if got := quickHint(tt.text, tt.shown, tt.total); got != tt.want {
			t.Errorf("%q, %d of %d: %q; want %q", tt.text, tt.shown, tt.total, got, tt.want)
		}
	}
}

func TestQuickGolden(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		h := newHarness(t, goldenCards(t)...)
		h.app.Settings().SetTheme(newTheme(mode))
		h.searchQuickly()
		h.quick.win.Resize(fyne.NewSize(440, 480))
		h.quick.search.SetText("e")
		h.until(t, "the matches are there", func() bool { return h.quick.shown == "e" && len(h.quick.rows) > 1 })
		h.goldenImage("quick-"+mode, h.quick.win.Canvas().Capture())
	}
}

// Windows reads the tray's icon from an ICO file: its one picture is the program's.
func TestTrayIcon(t *testing.T) {
	ico := trayIcon("windows")
	at, size := binary.LittleEndian.Uint32(ico[18:]), binary.LittleEndian.Uint32(ico[14:])
	if string(ico[at:at+size]) != string(assets.AppIcon) || int(at+size) != len(ico) {
		t.Errorf("the picture is said to be %d bytes at %d of %d", size, at, len(ico))
	}
}
