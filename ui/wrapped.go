package ui

import (
	"math"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
	"golang.org/x/text/unicode/norm"
)

// wrap breaks a text into lines of at most width: between words; inside of a word that is longer than a line at its joints, as after the
// slashes of a link; and elsewhere where even that leaves a piece too long, which then becomes parts of about the same length. measure gives
// the width of a text. Scripts without blanks between words break anywhere, as they do in print.
func wrap(text string, width float32, measure func(string) float32) []string {
	var lines []string
	line := ""
	end := func() {
		if line != "" {
			lines = append(lines, line)
		}
		line = ""
	}
	for _, word := range strings.Fields(text) {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if measure(joined) <= width {
			line = joined
			continue
		}
		end()
		for _, piece := range pieces(word) {
			if measure(line+piece) <= width {
				line += piece
				continue
			}
			end()
			for _, part := range evenly(piece, width, measure) {
				end()
				line = part
			}
		}
	}
	return append(lines, line)
}

// joints are what a long word may be broken after: those of links, addresses and double names.
const joints = "-‐–/\\@.,:;?&=_#+"

// pieces takes a word apart at its joints, and between characters that are written without blanks.
func pieces(word string) []string {
	var all []string
	piece := ""
	for _, r := range word {
		if unspaced(r) && piece != "" {
			all, piece = append(all, piece), ""
		}
		piece += string(r)
		if unspaced(r) || strings.ContainsRune(joints, r) {
			all, piece = append(all, piece), ""
		}
	}
	if piece != "" {
		all = append(all, piece)
	}
	return all
}

// unspaced says whether a character is of a script without blanks between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// evenly cuts a piece into as few parts as fit, none much shorter than the others, and never between a letter and its accents.
func evenly(piece string, width float32, measure func(string) float32) []string {
	whole := measure(piece)
	if whole <= width || width <= 0 {
		return []string{piece}
	}
	each := whole / float32(math.Ceil(float64(whole/width)))
	var parts []string
	part := ""
	for rest := piece; rest != ""; {
		n := norm.NFC.NextBoundaryInString(rest, true)
		next := rest[:n]
		rest = rest[n:]
		if part != "" && (measure(part) >= each || measure(part+next) > width) {
			parts, part = append(parts, part), ""
		}
		part += next
	}
	return append(parts, part)
}

// wrapped is a text that shows all of itself, in as many lines as that takes.
type wrapped struct {
	widget.BaseWidget
	size   fyne.ThemeSizeName
	color  fyne.ThemeColorName
	bold   bool
	shrink float32 // to what part of its size it may be drawn so that its longest word fits a line; 1: none

	text  string
	width float32 // that lines are for
	drawn float32 // size
	lines []*canvas.Text
}

func newWrapped(text string, color fyne.ThemeColorName, size fyne.ThemeSizeName) *wrapped {
	t := &wrapped{size: size, color: color, text: text, shrink: 1}
	t.ExtendBaseWidget(t)
	return t
}

// brokenSize is the part of its size that a text is drawn in whose longest word does not fit a line even when it shrinks.
const brokenSize = 0.75

// newWrappedTitle is a heading. At its smallest it is as large as other text, and bold.
func newWrappedTitle(size fyne.ThemeSizeName) *wrapped {
	t := newWrapped("", theme.ColorNameForeground, size)
	t.bold, t.shrink = true, 0.58
	return t
}

func (t *wrapped) setText(text string) {
	if t.text != text {
		t.text = text
		t.Refresh()
	}
}

func (t *wrapped) measure(s string, size float32) fyne.Size {
	return fyne.MeasureText(s, size, fyne.TextStyle{Bold: t.bold})
}

// fitted is the size in which the longest piece of the text fits a line, as far as it may shrink.
func (t *wrapped) fitted(width float32) float32 {
	full := t.Theme().Size(t.size)
	if t.shrink == 1 {
		return full
	}
	longest, widest := "", float32(0)
	for _, word := range strings.Fields(t.text) {
		for _, piece := range pieces(word) {
			if w := t.measure(piece, full).Width; w > widest {
				longest, widest = piece, w
			}
		}
	}
	if widest <= width {
		return full
	}
	for size := full * width / widest; size >= full*t.shrink; size -= 0.25 { // widths do not grow quite as sizes do
		if t.measure(longest, size).Width <= width {
			return size
		}
	}
	return full * brokenSize // it has to be broken anyway: no need to be as small as can be
}

// breakLines makes the lines anew.
func (t *wrapped) breakLines(width float32) {
	t.width, t.lines = width, nil
	if width <= 0 {
		return
	}
	t.drawn = t.fitted(width)
	for _, line := range wrap(t.text, width, func(s string) float32 { return t.measure(s, t.drawn).Width }) {
		c := canvas.NewText(line, themeColor(t.color))
		c.TextSize, c.TextStyle.Bold = t.drawn, t.bold
		t.lines = append(t.lines, c)
	}
}

func (t *wrapped) lineHeight() float32 {
	if t.drawn == 0 {
		return t.measure("X", t.Theme().Size(t.size)).Height
	}
	return t.measure("X", t.drawn).Height
}

func (t *wrapped) MinSize() fyne.Size {
	return fyne.NewSize(24, t.lineHeight()*float32(max(1, len(t.lines))))
}

// Resize breaks the lines for the new width before anybody asks for the height.
func (t *wrapped) Resize(s fyne.Size) {
	if s.Width != t.width {
		t.breakLines(s.Width)
	}
	t.BaseWidget.Resize(s)
}

func (t *wrapped) CreateRenderer() fyne.WidgetRenderer { return &wrappedRenderer{t} }

type wrappedRenderer struct{ *wrapped }

func (r *wrappedRenderer) Layout(s fyne.Size) {
	h := r.lineHeight()
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
	r.breakLines(r.wrapped.Size().Width)
	r.Layout(r.wrapped.Size())
	canvas.Refresh(r.wrapped)
}
func (r *wrappedRenderer) Destroy() {}
