package paper

import (
	"bytes"
	"fmt"
	"slices"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/fontscan"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/bidi"
)

// em is the size in which text is shaped: PDF measures glyphs in thousandths of the size too.
const em = 1000

// typesetter shapes text and remembers the glyphs that were used.
type typesetter struct {
	faces    [2]*font.Face // embedded: regular, bold
	system   *fontscan.FontMap
	cacheDir string
	weight   int // what is being shaped: 0 regular, 1 bold
	script   language.Script
	segments shaping.Segmenter
	shaper   shaping.HarfbuzzShaper
	wrapper  shaping.LineWrapper
	glyphs   map[glyphKey]place
	fonts    []*type3
	missing  map[rune]bool
}

// glyphKey is a glyph and the characters that it stands for where it was used.
type glyphKey struct {
	face *font.Font
	id   font.GID
	text string
}

// place is where a glyph is in the file: the number of its font, and its code there.
type place struct {
	font int
	code byte
}

// parseFace reads a font.
func parseFace(b []byte) (*font.Face, error) { return font.ParseTTF(bytes.NewReader(b)) }

func newTypesetter(o Options) (*typesetter, error) {
	t := &typesetter{cacheDir: o.CacheDir, glyphs: map[glyphKey]place{}, missing: map[rune]bool{}}
	for i, b := range [][]byte{o.Regular, o.Bold} {
		if b == nil {
			b = [][]byte{goregular.TTF, gobold.TTF}[i]
		}
		var err error
		if t.faces[i], err = parseFace(b); err != nil {
			return nil, fmt.Errorf("read font: %w", err)
		}
	}
	return t, nil
}

// SetScript and ResolveFace choose the font of each character: the embedded one where it has it, else one of the system's.
func (t *typesetter) SetScript(s language.Script) { t.script = s }

func (t *typesetter) ResolveFace(r rune) *font.Face {
	own := t.faces[t.weight]
	if _, ok := own.NominalGlyph(r); ok || unicode.IsControl(r) {
		return own
	}
	if t.system == nil {
		t.system = fontscan.NewFontMap(silent{})
		_ = t.system.UseSystemFonts(t.cacheDir) // a system without fonts is told by what is missing
	}
	weight := font.WeightNormal
	if t.weight == 1 {
		weight = font.WeightBold
	}
	t.system.SetQuery(fontscan.Query{Families: []string{fontscan.SansSerif}, Aspect: font.Aspect{Weight: weight}})
	t.system.SetScript(t.script)
	if face := t.system.ResolveFace(r); face != nil {
		if _, ok := face.NominalGlyph(r); ok {
			return face
		}
	}
	return own
}

type silent struct{}

func (silent) Printf(string, ...any) {}

// textLine is a line of shaped runs, in the order in which they are drawn.
type textLine struct {
	runs []shaping.Output
	text []rune
}

func (l textLine) width(size float64) float64 {
	var w fixed.Int26_6
	for _, r := range l.runs {
		w += r.Advance
	}
	return float64(w) / 64 / em * size
}

// lines shapes a text and breaks it into lines of at most width points; most 0 : as many as it needs, else the last one that is left
// ends with "…".
func (t *typesetter) lines(text string, bold bool, size, width float64, most int) []textLine {
	t.weight = 0
	if bold {
		t.weight = 1
	}
	runes := []rune(text)
	if len(runes) == 0 {
		return nil
	}
	direction := directionOf(runes)
	config := shaping.WrapConfig{Direction: direction, TruncateAfterLines: most}
	if most > 0 {
		config.Truncator = t.shape([]rune("…"), di.DirectionLTR)[0]
	}
	wrapped, _ := t.wrapper.WrapParagraph(config, int(width/size*em), runes, shaping.NewSliceIterator(t.shape(runes, direction)))
	lines := make([]textLine, len(wrapped))
	for i, line := range wrapped {
		runs := slices.Clone(line)
		slices.SortStableFunc(runs, func(a, b shaping.Output) int { return int(a.VisualIndex - b.VisualIndex) })
		lines[i] = textLine{runs: runs, text: runes}
	}
	return lines
}

// directionOf is the direction of a text's first letter (Unicode annex 9, rules P2 and P3).
func directionOf(text []rune) di.Direction {
	for _, r := range text {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.L:
			return di.DirectionLTR
		case bidi.R, bidi.AL:
			return di.DirectionRTL
		}
	}
	return di.DirectionLTR
}

func (t *typesetter) shape(text []rune, direction di.Direction) []shaping.Output {
	inputs := t.segments.Split(shaping.Input{Text: text, RunEnd: len(text), Direction: direction, Size: fixed.I(em)}, t)
	out := make([]shaping.Output, len(inputs))
	for i, in := range inputs {
		out[i] = t.shaper.Shape(in)
	}
	return out
}

// draw appends the operators that draw a line with its baseline at x, y.
func (t *typesetter) draw(b *bytes.Buffer, line textLine, x, y, size float64) {
	fmt.Fprintf(b, "BT\n")
	for _, run := range line.runs {
		var dot fixed.Int26_6
		var last font.GID
		lastCluster := -1
		for _, g := range run.Glyphs {
			text := ""
			if g.TextIndex() != lastCluster && line.text != nil && g.TextIndex()+g.RunesCount() <= len(line.text) {
				text = string(line.text[g.TextIndex() : g.TextIndex()+g.RunesCount()])
			}
			lastCluster, last = g.TextIndex(), g.GlyphID
			if p, ok := t.use(run.Face, last, text); ok {
				gx := x + float64(dot+g.XOffset)/64/em*size
				gy := y + float64(g.YOffset)/64/em*size
				fmt.Fprintf(b, "/F%d %s Tf 1 0 0 1 %s %s Tm <%02X> Tj\n", p.font, number(size), number(gx), number(gy), p.code)
			}
			dot += g.Advance
		}
		x += float64(run.Advance) / 64 / em * size
	}
	fmt.Fprintf(b, "ET\n")
}

// use puts a glyph into the file. ok is false for one that shows nothing.
func (t *typesetter) use(face *font.Face, id font.GID, text string) (p place, ok bool) {
	key := glyphKey{face.Font, id, text}
	if p, there := t.glyphs[key]; there {
		return p, true
	}
	outline, drawn := outlineOf(face, id)
	for _, r := range text {
		if (id == 0 || !drawn) && !unicode.In(r, unicode.C, unicode.Z, unicode.Variation_Selector) || id == 0 && unicode.Is(unicode.Co, r) {
			t.missing[r] = true
		}
	}
	if len(t.fonts) == 0 || len(t.fonts[len(t.fonts)-1].glyphs) == codes {
		t.fonts = append(t.fonts, &type3{})
	}
	f := t.fonts[len(t.fonts)-1]
	p = place{len(t.fonts), byte(len(f.glyphs))}
	f.glyphs = append(f.glyphs, type3Glyph{outline: outline, scale: em / float64(face.Upem()), advance: float64(face.HorizontalAdvance(id)), text: text})
	t.glyphs[key] = p
	return p, true
}

// outlineOf is a glyph's outline. Pictures, as emoji are, may have one too, which prints in black.
func outlineOf(face *font.Face, id font.GID) (font.GlyphOutline, bool) {
	switch g := face.GlyphData(id).(type) {
	case font.GlyphOutline:
		return g, true
	case font.GlyphSVG:
		return g.Outline, len(g.Outline.Segments) > 0
	case font.GlyphBitmap:
		if g.Outline != nil {
			return *g.Outline, true
		}
	}
	return font.GlyphOutline{}, false
}
