package ui

import "fyne.io/fyne/v2"

// rowLayout sets objects side by side, each with the same width; where that is too narrow for the widest of them, one beneath the other.
type rowLayout struct{ gap, width float32 }

func (l *rowLayout) stacked(o []fyne.CanvasObject, width float32) bool {
	return width > 0 && width < sideBySide{l.gap}.MinSize(o).Width
}

func (l *rowLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	all := sideBySide{l.gap}.MinSize(o)
	n := float32(max(1, len(o)))
	s := fyne.NewSize((all.Width-l.gap*(n-1))/n, all.Height)
	if l.stacked(o, l.width) {
		s.Height = all.Height*n + l.gap*(n-1)
	}
	return s
}

func (l *rowLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	if !l.stacked(o, s.Width) {
		sideBySide{l.gap}.Layout(o, s)
		return
	}
	height := sideBySide{l.gap}.MinSize(o).Height
	for i, c := range o {
		c.Resize(fyne.NewSize(s.Width, height))
		c.Move(fyne.NewPos(0, float32(i)*(height+l.gap)))
	}
}
