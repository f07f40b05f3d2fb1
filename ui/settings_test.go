package ui

import (
	"testing"

	"kith/data"
)

func TestSettingsDialog(t *testing.T) {
	for _, mode := range []string{themeLight, themeDark} {
		t.Run(mode, func(t *testing.T) {
			h := newHarness(t)
			h.app.Settings().SetTheme(newTheme(mode))
			h.dialogs.showSettings(preferences{theme: mode, account: data.Account{Server: "https://kith.example.org", User: "ada"}, birthdays: true})
			h.goldenDialog("settings-" + mode)
		})
	}
}
