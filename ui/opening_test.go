package ui

import (
	"context"
	"testing"

	"kith/data"
)

// TestOpeningAsksForNoText: the window's translations are read while its profile is opened, and Fyne's lang may not be asked meanwhile. The
// race detector sees it if somebody does.
func TestOpeningAsksForNoText(t *testing.T) {
	store, err := data.Open(t.Context(), t.TempDir(), testOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for key, value := range map[string]string{settingSort: sortedByFamily, settingText: "1.15", settingTheme: themeDark} {
		if err := store.SetSetting(t.Context(), key, value); err != nil {
			t.Fatal(err)
		}
	}
	bg := newBackground(t.Context())
	defer bg.wg.Wait()
	opening := openSession(bg, func(context.Context) (Session, error) { return Session{Store: store}, nil })
	speak(t, "de")
	if o := <-opening; o.err != nil || o.query.Sort != data.ByFamily || o.text != "1.15" || o.theme != themeDark {
		t.Errorf("opened %+v", o)
	}
}
