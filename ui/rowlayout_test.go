package ui

import (
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

func TestRowLayout(t *testing.T) {
	for _, tt := range []struct {
		name  string
		width float32
		want  fyne.Size // of the row
		last  fyne.Position
	}{
		{"not measured yet", 0, fyne.NewSize(100, 20), fyne.NewPos(0, 0)},
		{"room", 400, fyne.NewSize(100, 20), fyne.NewPos(404.0/3*2, 0)},
		{"just room", 308, fyne.NewSize(100, 20), fyne.NewPos(208, 0)},
		{"too narrow", 307, fyne.NewSize(100, 68), fyne.NewPos(0, 48)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			row := container.New(&rowLayout{gap: 4})
			for _, width := range []float32{40, 100, 60} {
				r := canvas.NewRectangle(color.Black)
				r.SetMinSize(fyne.NewSize(width, 20))
				row.Add(r)
			}
			if tt.width > 0 {
				row.Resize(fyne.NewSize(tt.width, 20))
			} else {
				row.Layout = &rowLayout{gap: 4}
			}
			if got := row.MinSize(); got != tt.want {
				t.Errorf("%v wide, the row asks for %v, want %v", tt.width, got, tt.want)
			}
			if got := row.Objects[2].Position(); tt.width > 0 && got != tt.last {
				t.Errorf("%v wide, the last is at %v, want %v", tt.width, got, tt.last)
			}
		})
	}
}
