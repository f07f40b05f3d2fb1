package ui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// wrap breaks a text into lines of at most width: between words, and inside of a word that is longer than a line. measure gives the
// width of a text. Scripts without blanks between words break anywhere, as they do in print.
func wrap(text string, width float32, measure func(string) float32) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if measure(joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = ""
		for _, r := range word {
			if line != "" && measure(line+string(r)) > width {
				lines = append(lines, line)
				line = ""
			}
			line += string(r)
		}
	}
	return append(lines, line)
}

// wrappedTitle is a heading that shows all of its text, in as many lines as that takes.
type wrappedTitle struct {
	widget.BaseWidget
	size  fyne.ThemeSizeName
	text  string
	width float32 // that lines are for
	lines []*canvas.Text
}

func newWrappedTitle(size fyne.ThemeSizeName) *wrappedTitle {
	t := &wrappedTitle{size: size}
	t.ExtendBaseWidget(t)
	return t
}

func (t *wrappedTitle) setText(text string) {
	if t.text != text {
		t.text = text
		t.Refresh()
	}
}

func (t *wrappedTitle) measure(s string) fyne.Size {
	return fyne.MeasureText(s, t.Theme().Size(t.size), fyne.TextStyle{Bold: true})
}

// breakLines makes the lines anew.
func (t *wrappedTitle) breakLines(width float32) {
	t.width, t.lines = width, nil
	if width <= 0 {
		return
	}
	for _, line := range wrap(t.text, width, func(s string) float32 { return t.measure(s).Width }) {
		c := canvas.NewText(line, themeColor(theme.ColorNameForeground))
		c.TextSize, c.TextStyle.Bold = t.Theme().Size(t.size), true
		t.lines = append(t.lines, c)
	}
}

func (t *wrappedTitle) MinSize() fyne.Size {
	return fyne.NewSize(24, t.measure("X").Height*float32(max(1, len(t.lines))))
}

// Resize breaks the lines for the new width before anybody asks for the height.
func (t *wrappedTitle) Resize(s fyne.Size) {
	if s.Width != t.width {
		t.breakLines(s.Width)
	}
	t.BaseWidget.Resize(s)
}

func (t *wrappedTitle) CreateRenderer() fyne.WidgetRenderer { return &wrappedRenderer{t} }

type wrappedRenderer struct{ *wrappedTitle }

func (r *wrappedRenderer) Layout(s fyne.Size) {
	h := r.measure("X").Height
	for i, line := range r.lines {
		line.Resize(fyne.NewSize(s.Width, h))
		line.Move(fyne.NewPos(0, h*float32(i)))
	}
}

func (r *wrappedRenderer) Objects() []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, len(r.lines))
	for i, line := range r.lines {
		objects[i] = line
	}
	return objects
}

func (r *wrappedRenderer) Refresh() {
	r.breakLines(r.wrappedTitle.Size().Width)
	r.Layout(r.wrappedTitle.Size())
	canvas.Refresh(r.wrappedTitle)
}
func (r *wrappedRenderer) Destroy() {}
