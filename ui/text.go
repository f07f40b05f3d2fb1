package ui

import (
	"image/color"
	"sort"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// ellipsize cuts text to width, with "…" where something was cut.
func ellipsize(text string, width, size float32, style fyne.TextStyle) string {
	if text == "" || fyne.MeasureText(text, size, style).Width <= width {
		return text
	}
	runes := []rune(text)
	const longest = 400 // no line on a screen is longer
	runes = runes[:min(len(runes), longest)]
	n := sort.Search(len(runes), func(i int) bool {
		return fyne.MeasureText(string(runes[:i+1])+"…", size, style).Width > width
	})
	return string(runes[:n]) + "…"
}

// wholeFacts leaves out the last facts of a line (see facts) that have no room, as half a word says nothing; the first alone is cut.
func wholeFacts(text string, width, size float32, style fyne.TextStyle) string {
	for fyne.MeasureText(text, size, style).Width > width {
		last := strings.LastIndex(text, betweenFacts)
		if last < 0 {
			break
		}
		text = text[:last]
	}
	return ellipsize(text, width, size, style)
}

// textLine is one line of text in the theme's colours, that is cut with "…" where it does not fit, and so never asks for more
// room than there is.
type textLine struct {
	widget.BaseWidget
	color fyne.ThemeColorName
	size  fyne.ThemeSizeName
	bold  bool
	align fyne.TextAlign
	fixed bool // asks for its whole width
	facts bool // is made of facts: what has no room is left out, not cut

	text  string
	shown *canvas.Text
}

func newTextLine(text string, color fyne.ThemeColorName, size fyne.ThemeSizeName) *textLine {
	l := &textLine{text: text, color: color, size: size, shown: canvas.NewText("", nil)}
	l.ExtendBaseWidget(l)
	return l
}

func newTitle(text string) *textLine {
	l := newTextLine(text, theme.ColorNameForeground, theme.SizeNameSubHeadingText)
	l.bold = true
	return l
}

// newCaption is a small, muted line that keeps its width.
func newCaption(text string) *textLine {
	l := newTextLine(text, colorMuted, sizeSmall)
	l.fixed = true
	return l
}

func (l *textLine) setText(text string) {
	if l.text == text {
		return
	}
	l.text = text
	l.Refresh()
}

func (l *textLine) style() fyne.TextStyle { return fyne.TextStyle{Bold: l.bold} }

func (l *textLine) MinSize() fyne.Size {
	s := fyne.MeasureText(l.text, l.Theme().Size(l.size), l.style())
	if l.text == "" {
		s = fyne.MeasureText("X", l.Theme().Size(l.size), l.style())
		s.Width = 0
	}
	if !l.fixed {
		s.Width = min(s.Width, 24)
	}
	return s
}

func (l *textLine) CreateRenderer() fyne.WidgetRenderer {
	r := &textLineRenderer{l}
	r.Refresh()
	return r
}

type textLineRenderer struct{ *textLine }

func (r *textLineRenderer) Layout(s fyne.Size) {
	t := r.shown
	if s.Width <= 0 { // it has no place yet; to find what fits into none takes longest
		t.Text = ""
		return
	}
	cut := ellipsize
	if r.facts {
		cut = wholeFacts
	}
	t.Text = cut(r.text, s.Width, t.TextSize, t.TextStyle)
	h := t.MinSize().Height
	t.Resize(fyne.NewSize(s.Width, h))
	t.Move(fyne.NewPos(0, (s.Height-h)/2))
}

func (r *textLineRenderer) Refresh() {
	t := r.shown
	t.Color, t.TextSize, t.TextStyle, t.Alignment = themeColor(r.color), r.Theme().Size(r.size), r.style(), r.align
	r.Layout(r.textLine.Size())
	t.Refresh()
}

func (r *textLineRenderer) MinSize() fyne.Size           { return r.textLine.MinSize() }
func (r *textLineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.shown} }
func (r *textLineRenderer) Destroy()                     {}

// transparent is the ground of what rests.
var transparent = color.Transparent

func themeColor(name fyne.ThemeColorName) color.Color { return theme.Color(name) }

// panel is a ground in a colour of the theme.
type panel struct {
	widget.BaseWidget
	fill, line fyne.ThemeColorName // line "" : no edge
	radius     float32
	rect       *canvas.Rectangle
}

func newPanel(fill fyne.ThemeColorName) *panel {
	p := &panel{fill: fill, rect: canvas.NewRectangle(nil)}
	p.ExtendBaseWidget(p)
	return p
}

func newCardPanel(fill, line fyne.ThemeColorName) *panel {
	p := newPanel(fill)
	p.line, p.radius = line, 10
	return p
}

func (p *panel) CreateRenderer() fyne.WidgetRenderer {
	r := &panelRenderer{p}
	r.Refresh()
	return r
}

type panelRenderer struct{ *panel }

func (r *panelRenderer) Layout(s fyne.Size)           { r.rect.Resize(s) }
func (r *panelRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r *panelRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.rect} }
func (r *panelRenderer) Destroy()                     {}
func (r *panelRenderer) Refresh() {
	r.rect.FillColor, r.rect.CornerRadius = themeColor(r.fill), r.radius
	if r.line != "" {
		r.rect.StrokeColor, r.rect.StrokeWidth = themeColor(r.line), 1
	}
	r.rect.Refresh()
}
