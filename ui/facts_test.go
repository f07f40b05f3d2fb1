package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestWholeFacts(t *testing.T) {
	test.NewTempApp(t)
	const size = 12
	width := func(text string) float32 { return fyne.MeasureText(text, size, fyne.TextStyle{}).Width }
	for _, tt := range []struct {
		name, text, room, want string
	}{
		{"room for all", "Up to date · synced just now", "Up to date · synced just now", "Up to date · synced just now"},
		{"room for half a fact", "Up to date · synced just now", "Up to date · synced jus", "Up to date"},
		{"three facts, room for two", "Offline · 3 changes wait · more", "Offline · 3 changes wait · m", "Offline · 3 changes wait"},
		{"one fact is cut", "Couldn't sync", "Couldn't…", "Couldn't…"},
		{"no text", "", "", ""},
	} {
		if got := wholeFacts(tt.text, width(tt.room), size, fyne.TextStyle{}); got != tt.want {
			t.Errorf("%s: %q; want %q", tt.name, got, tt.want)
		}
	}
}
