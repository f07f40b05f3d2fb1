package ui

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"

	"kith/contact"
	"kith/data"
	"kith/syncer"
)

// oddNames are names that a list has to bear.
var oddNames = []string{"Q", "李", "山田 花子", "أمينة الحسن", "Sunny 🌻", "Prof. Maximilian Alexander Bartholomew Featherstonehaugh-Cholmondeley von und zu Hohenstein", ""}

func oddCards(t *testing.T) (cards []contact.Card) {
	t.Helper()
	for i, name := range oddNames {
		c, err := contact.Parse(fmt.Appendf(nil, `{"@type":"Card","version":"1.0","uid":"00000000-0000-7000-8000-%012d"}`, i))
		if err != nil {
			t.Fatal(err)
		}
		cards = append(cards, c.WithFullName(name).WithPhones([]contact.Entry{{Value: fmt.Sprintf("+44 7700 90010%d", i), Kind: "mobile"}}))
	}
	return cards
}

// TestLooks draws names that are hard to draw, larger text, a choice of several, and an empty book.
func TestLooks(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			begin := func(size string, cards ...contact.Card) *harness {
				h := newHarness(t, cards...)
				h.app.Settings().SetTheme(newSizedTheme(mode, size))
				h.w.win.Resize(fyne.NewSize(1000, 660))
				h.until(t, "the status is known", func() bool { return h.status.shown.State == syncer.SignedOut })
				h.until(t, "all are listed", func() bool { return len(h.names()) == len(cards) })
				return h
			}
			begin("").golden("nobody-" + mode)

			h := begin("", oddCards(t)...)
			for i := range oddNames {
				h.until(t, "the rows are read", func() bool { return h.list.rowState(i).row.ID != "" })
				if h.list.rowState(i).row.Name == oddNames[5] {
					h.list.choose(i)
				}
			}
			h.untilShown(oddNames[5])
			h.golden("names-" + mode)
			h.list.selectAll()
			h.until(t, "several are chosen", h.list.bar.box.Visible)
			h.golden("chosen-" + mode)

			h = begin("1.3", goldenCards(t)...)
			h.until(t, "the favourites are counted", func() bool { return h.sidebar.items[data.Favourites].count == 1 })
			h.list.choose(0)
			h.untilShown("Ada Lovelace")
			h.golden("largest-" + mode)
		})
	}
}
