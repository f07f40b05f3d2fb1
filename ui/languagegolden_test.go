package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"kith/data"
	"kith/syncer"
)

// TestLanguageGoldens draws a contact and its form in a language of long words and in two of other scripts, each in its own country: a text that is
// cut, or left in English, shows here.
func TestLanguageGoldens(t *testing.T) {
	for _, test := range []struct{ tag, locale string }{{"de", "de_DE.UTF-8"}, {"ja", "ja_JP.UTF-8"}, {"zh-Hans", "zh_CN.UTF-8"}} {
		t.Run(test.tag, func(t *testing.T) {
			t.Setenv("LC_ALL", test.locale)
			speak(t, test.tag)
			h := newHarness(t, goldenCards(t)...)
			h.app.Settings().SetTheme(newTheme(themeLight))
			h.w.win.Resize(fyne.NewSize(1000, 660))
			h.until(t, "the favourites are counted", func() bool { return h.sidebar.items[data.Favourites].count == 1 })
			h.until(t, "the status is known", func() bool { return h.status.shown.State == syncer.SignedOut })
			h.until(t, "the names are sorted", func() bool { return len(h.names()) > 0 && h.names()[0] == "Ada Lovelace" })
			h.list.choose(0)
			h.untilShown("Ada Lovelace")
			h.golden("language-" + test.tag)
			h.menu(lang.L("Edit"))
			h.golden("language-edit-" + test.tag)
		})
	}
}
