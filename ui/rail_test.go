package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"kith/contact"
	"kith/data"
)

func TestThin(t *testing.T) {
	var all []data.Section
	for i := range 26 {
		all = append(all, data.Section{Letter: string(rune('A' + i)), At: i})
	}
	for _, tt := range []struct {
		most int
		want string
	}{{30, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, {26, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, {6, "AFKPUZ"}, {2, "AZ"}, {1, ""}, {0, ""}} {
		got := ""
		for _, s := range thin(all, tt.most) {
			got += s.Letter
		}
		if got != tt.want {
			t.Errorf("thin(26, %d) = %q; want %q", tt.most, got, tt.want)
		}
	}
}

// alphabet is a book with four contacts of each letter.
func alphabet(t *testing.T) []contact.Card {
	t.Helper()
	var cards []contact.Card
	for i := range 26 * 4 {
		c, err := contact.Parse(fmt.Appendf(nil, `{"@type":"Card","version":"1.0","uid":"00000000-0000-7000-8000-%012d"}`, i))
		if err != nil {
			t.Fatal(err)
		}
		cards = append(cards, c.WithGiven(string(rune('A'+i/4))).WithSurname(fmt.Sprintf("Person %02d", i)))
	}
	return cards
}

func TestRail(t *testing.T) {
	h := newHarness(t, alphabet(t)...)
	h.app.Settings().SetTheme(newTheme(themeLight))
	h.until(t, "the rail has its letters", func() bool { return len(h.list.rail.shown) > 0 }) // it takes its room before they are known
	r := h.list.rail
	last := r.Size().Height - 1
	r.Tapped(&fyne.PointEvent{Position: fyne.NewPos(5, last)})
	if first, end := h.list.list.visible(); first > 100 || end < 104 {
		t.Errorf("after the last letter rows %d to %d are in sight; want the end", first, end)
	}
	r.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(5, last/2)}})
	first, _ := h.list.list.visible()
	h.until(t, "the middle is drawn", func() bool { return h.list.rowState(first).letter == r.shown[r.over].Letter })
	for _, mode := range []string{themeLight, themeDark} {
		h.app.Settings().SetTheme(newTheme(mode))
		h.golden("rail-" + mode)
	}
	h.list.search.SetText("person 07")
	h.until(t, "a search needs no rail", func() bool { return !r.Visible() })
	if w, all := h.list.list.Size().Width, h.list.middle.Size().Width; w != all {
		t.Errorf("the list is %v wide of %v; want its room back", w, all)
	}
	h.list.search.SetText("")
	h.until(t, "the rail is back", r.Visible)
	h.menu("Sort by Last Change")
	h.until(t, "changes have no letters", func() bool { return !r.Visible() })
}
