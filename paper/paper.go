package paper

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"kith/contact"
)

// Layout is how the contacts stand on the paper.
type Layout string

const (
	List  Layout = "list"  // a line each: name, phones, e-mail, address
	Cards Layout = "cards" // everything that people read of a contact, in two columns
)

// Size is one of paper, in points.
type Size struct {
	Name          string
	Width, Height float64
}

var (
	A4     = Size{"A4", 595.28, 841.89}
	Letter = Size{"Letter", 612, 792}
)

// SizeFor is the usual size where a locale is spoken, such as "en_US.UTF-8" or "de-AT" (Unicode CLDR, paperSize).
func SizeFor(locale string) Size {
	locale, _, _ = strings.Cut(locale, ".")
	locale, _, _ = strings.Cut(locale, "@")
	parts := strings.FieldsFunc(locale, func(r rune) bool { return r == '_' || r == '-' })
	region := ""
	if len(parts) > 1 {
		region = strings.ToUpper(parts[len(parts)-1])
	}
	if slices.Contains([]string{"US", "CA", "MX", "PH", "CL", "CO", "CR", "GT", "NI", "PA", "PR", "SV", "VE", "BZ", "DO"}, region) {
		return Letter
	}
	return A4
}

// Options say how to print; the zero Options print a list on A4.
type Options struct {
	Layout        Layout
	Size          Size
	Title         string
	Regular, Bold []byte // TrueType or OpenType fonts; nil: embedded ones with Latin, Greek and Cyrillic letters
	CacheDir      string // where the index of the system's fonts is kept; "" : where the system wants it
	Now           time.Time
	Date          func(contact.Date) string // writes a date; nil: as it sorts, "--12-10" without the year
	Home          string                    // the country of who reads it, for addresses that name none
	Words         Words
}

// Words stand on the paper beside what the contacts hold; the zero Words are English.
type Words struct {
	Name, Phone, Email, Address, Link, Birthday, Labels, Note string
	Home, Work, Mobile, Fax, Pager, Text                      string // kinds of a phone, an e-mail, an address
}

var english = Words{
	Name: "Name", Phone: "Phone", Email: "E-mail", Address: "Address", Link: "Link", Birthday: "Birthday", Labels: "Labels", Note: "Note",
	Home: "Home", Work: "Work", Mobile: "Mobile", Fax: "Fax", Pager: "Pager", Text: "Text",
}

// kind is the word for an entry's kind, "" for one that has none.
func (w Words) kind(k string) string {
	switch k {
	case "private":
		return w.Home
	case "work":
		return w.Work
	case "mobile":
		return w.Mobile
	case "fax":
		return w.Fax
	case "pager":
		return w.Pager
	case "text":
		return w.Text
	}
	return ""
}

// Result is what was written.
type Result struct {
	Contacts, Pages int
	Missing         []rune // characters for which no font here has a glyph: a box stands in their place
}

// Write prints the contacts, page by page: it holds one page, and the outlines of the glyphs that were used. An error that comes in a
// card's place ends it.
func Write(w io.Writer, cards iter.Seq2[contact.Card, error], o Options) (Result, error) {
	if o.Size == (Size{}) {
		o.Size = A4
	}
	if o.Date == nil {
		o.Date = contact.Date.String
	}
	if o.Words == (Words{}) {
		o.Words = english
	}
	text, err := newTypesetter(o)
	if err != nil {
		return Result{}, err
	}
	p := &press{o: o, text: text, doc: newDocument(w)}
	put := p.row
	if o.Layout == Cards {
		put = p.card
	}
	var r Result
	for c, err := range cards {
		if err != nil {
			return r, err
		}
		put(c)
		r.Contacts++
		if p.doc.err != nil {
			return r, fmt.Errorf("write PDF: %w", p.doc.err)
		}
	}
	p.endPage()
	if len(p.doc.pages) == 0 {
		p.begin()
		p.endPage()
	}
	r.Pages = len(p.doc.pages)
	if err := p.close(); err != nil {
		return r, fmt.Errorf("write PDF: %w", err)
	}
	r.Missing = slices.Sorted(maps.Keys(text.missing))
	return r, nil
}

// press puts content on pages.
type press struct {
	o      Options
	text   *typesetter
	doc    *document
	page   bytes.Buffer
	began  bool
	column int     // of the cards, from 0
	y      float64 // the lowest point that is taken, from the bottom
}

// Measures, in points.
const (
	margin     = 48.0
	footer     = 24.0 // below the content
	sizeName   = 9.5
	sizeText   = 8.5
	sizeSmall  = 7.5
	lineHeight = 1.35
)

func (p *press) width() float64 { return p.o.Size.Width - 2*margin }

// begin begins a page if none is begun.
func (p *press) begin() {
	if p.began {
		return
	}
	p.began, p.column = true, 0
	p.y = p.o.Size.Height - margin
	if p.o.Title != "" {
		p.write(p.o.Title, true, 12, margin, p.width(), 1, 0)
		p.y -= 8
	}
	if p.o.Layout != Cards {
		p.heads()
	}
}

// endPage writes the footer, and the page into the file.
func (p *press) endPage() {
	if !p.began {
		return
	}
	p.page.WriteString("0.4 g\n")
	y := margin - footer + sizeSmall
	today := contact.Date{Year: p.o.Now.Year(), Month: int(p.o.Now.Month()), Day: p.o.Now.Day()}
	date := p.line(p.o.Date(today), sizeSmall)
	p.text.draw(&p.page, date, margin, y, sizeSmall)
	number := p.line(fmt.Sprintf("%d / ", len(p.doc.pages)+1), sizeSmall)
	x := p.o.Size.Width - margin - 40
	p.text.draw(&p.page, number, x, y, sizeSmall)
	fmt.Fprintf(&p.page, "q 1 0 0 1 %.2f %.2f cm /Total Do Q\n", x+number.width(sizeSmall), y)
	p.doc.page(p.page.Bytes())
	p.page.Reset()
	p.began = false
}

// close writes what was not known before the last page.
func (p *press) close() error {
	var total bytes.Buffer
	total.WriteString("0.4 g\n")
	p.text.draw(&total, p.line(fmt.Sprint(len(p.doc.pages)), sizeSmall), 0, 0, sizeSmall)
	var fonts strings.Builder
	for i, f := range p.text.fonts {
		fmt.Fprintf(&fonts, "/F%d %d 0 R ", i+1, f.write(p.doc))
	}
	p.doc.stream(objTotal, fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 -10 100 20] /Resources << /Font << %s>> >>", fonts.String()), total.Bytes())
	return p.doc.close(p.o.Size, fmt.Sprintf("<< /Font << %s>> /XObject << /Total %d 0 R >> >>", fonts.String(), objTotal), p.o.Title, p.o.Now)
}

// line is a text that is short for sure.
func (p *press) line(text string, size float64) textLine {
	lines := p.text.lines(text, false, size, 1000, 1)
	if len(lines) == 0 {
		return textLine{}
	}
	return lines[0]
}

// write draws a text below p.y, and moves that down.
func (p *press) write(text string, bold bool, size, x, width float64, most int, gray float64) {
	for _, paragraph := range strings.Split(text, "\n") {
		for _, l := range p.text.lines(clean(paragraph), bold, size, width, most) {
			p.y -= size * lineHeight
			fmt.Fprintf(&p.page, "%s g\n", number(gray))
			p.text.draw(&p.page, l, x, p.y+size*0.3, size)
		}
	}
}

// rule draws a thin line.
func (p *press) rule(x, y, width float64) {
	fmt.Fprintf(&p.page, "0.8 G 0.4 w %s %s m %s %s l S\n", number(x), number(y), number(x+width), number(y))
}

// clean takes out what has no place in a line.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\u2028', r == '\u2029':
			return ' '
		case r < ' ', r == 0x7f, r == '\ufffd':
			return -1
		}
		return r
	}, s)
}
