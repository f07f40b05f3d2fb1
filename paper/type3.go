package paper

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"unicode/utf16"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
)

// codes is how many glyphs one font of type 3 holds.
const codes = 256

// type3 is one font in the file: glyphs as outlines, and the characters that they stand for.
type type3 struct{ glyphs []type3Glyph }

type type3Glyph struct {
	outline font.GlyphOutline
	scale   float64 // from the font's units to thousandths
	advance float64 // in the font's units
	text    string
}

// write adds the font to the document, and returns its object's number.
func (f *type3) write(d *document) int {
	n := d.reserve()
	var procs, names, widths strings.Builder
	box := newBox()
	for code, g := range f.glyphs {
		content, inked := g.content()
		proc := d.reserve()
		d.stream(proc, "", content)
		fmt.Fprintf(&procs, "/g%d %d 0 R ", code, proc)
		fmt.Fprintf(&names, "/g%d ", code)
		fmt.Fprintf(&widths, "%s ", number(g.advance*g.scale))
		box = box.join(inked)
	}
	unicode := d.reserve()
	d.stream(unicode, "", f.toUnicode())
	d.object(n, fmt.Sprintf("<< /Type /Font /Subtype /Type3 /FontBBox [%s] /FontMatrix [0.001 0 0 0.001 0 0] /CharProcs << %s>> "+
		"/Encoding << /Type /Encoding /Differences [0 %s] >> /FirstChar 0 /LastChar %d /Widths [%s] /ToUnicode %d 0 R /Resources << >> >>",
		box, procs.String(), names.String(), len(f.glyphs)-1, widths.String(), unicode))
	return n
}

// box is the area that outlines ink.
type box struct{ left, bottom, right, top float64 }

func newBox() box {
	return box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
}

func (b box) join(o box) box {
	return box{min(b.left, o.left), min(b.bottom, o.bottom), max(b.right, o.right), max(b.top, o.top)}
}

func (b box) String() string {
	if b.left > b.right {
		return "0 0 0 0"
	}
	return number(math.Floor(b.left)) + " " + number(math.Floor(b.bottom)) + " " + number(math.Ceil(b.right)) + " " + number(math.Ceil(b.top))
}

// content draws the glyph in the colour of the text around (ISO 32000-1 table 113: d1).
func (g type3Glyph) content() ([]byte, box) {
	var path bytes.Buffer
	inked := newBox()
	var at [2]float64
	point := func(p opentype.SegmentPoint) [2]float64 {
		x, y := float64(p.X)*g.scale, float64(p.Y)*g.scale
		inked = inked.join(box{x, y, x, y})
		return [2]float64{x, y}
	}
	add := func(operator string, points ...[2]float64) {
		for _, p := range points {
			fmt.Fprintf(&path, "%s %s ", number(p[0]), number(p[1]))
		}
		fmt.Fprintln(&path, operator)
		at = points[len(points)-1]
	}
	for i, s := range g.outline.Segments {
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if i > 0 {
				path.WriteString("h\n")
			}
			add("m", point(s.Args[0]))
		case opentype.SegmentOpLineTo:
			add("l", point(s.Args[0]))
		case opentype.SegmentOpQuadTo: // PDF knows cubic curves alone
			c, end := point(s.Args[0]), point(s.Args[1])
			add("c", towards(at, c), towards(end, c), end)
		case opentype.SegmentOpCubeTo:
			add("c", point(s.Args[0]), point(s.Args[1]), point(s.Args[2]))
		}
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s 0 %s d1\n", number(g.advance*g.scale), inked)
	if path.Len() > 0 {
		out.Write(path.Bytes())
		out.WriteString("f\n")
	}
	return out.Bytes(), inked
}

// towards is two thirds of the way from an end of a quadratic curve to its control point.
func towards(end, control [2]float64) [2]float64 {
	return [2]float64{end[0] + (control[0]-end[0])*2/3, end[1] + (control[1]-end[1])*2/3}
}

// toUnicode says which characters the codes stand for (section 9.10.3).
func (f *type3) toUnicode() []byte {
	var entries []string
	for code, g := range f.glyphs {
		if g.text == "" {
			continue
		}
		var hex strings.Builder
		for _, unit := range utf16.Encode([]rune(g.text)) {
			fmt.Fprintf(&hex, "%04X", unit)
		}
		entries = append(entries, fmt.Sprintf("<%02X> <%s>", code, hex.String()))
	}
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Kith def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n")
	for len(entries) > 0 {
		n := min(len(entries), 100) // the most that one block may hold
		fmt.Fprintf(&b, "%d beginbfchar\n%s\nendbfchar\n", n, strings.Join(entries[:n], "\n"))
		entries = entries[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
