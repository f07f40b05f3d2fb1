package ui

import (
	"testing"

	"fyne.io/fyne/v2"

	"kith/data"
	"kith/syncer"
)

// TestSearchGoldens draws what a search finds in the line below a name, and a search that finds nothing.
func TestSearchGoldens(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			h := newHarness(t, goldenCards(t)...)
			h.app.Settings().SetTheme(newTheme(mode))
			h.w.win.Resize(fyne.NewSize(1000, 660))
			h.until(t, "the favourites are counted", func() bool { return h.sidebar.items[data.Favourites].count == 1 })
			h.until(t, "the status is known", func() bool { return h.status.shown.State == syncer.SignedOut })
			h.untilListed("Ada Lovelace", "Charles Babbage", "Émilie du Châtelet", "Grace Hopper", "Wolfeschlegelsteinhausenbergerdorff von und zu Hohenstein-Sigmaringen", "X")
			h.list.choose(0)
			h.untilShown("Ada Lovelace")
			h.list.search.SetText("analytical")
			h.untilListed("Ada Lovelace")
			h.golden("found-" + mode)
			h.list.search.SetText("xyzzy")
			h.until(t, "nothing is found", func() bool { return len(h.names()) == 0 })
			h.golden("found-none-" + mode)
		})
	}
}
