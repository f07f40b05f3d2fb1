package paper

import (
	"fmt"
	"strings"

	"kith/contact"
)

// columns of the list, as shares of the width.
var columns = []struct {
	head  func(Words) string
	share float64
}{
	{func(w Words) string { return w.Name }, 0.26}, {func(w Words) string { return w.Phone }, 0.18},
	{func(w Words) string { return w.Email }, 0.3}, {func(w Words) string { return w.Address }, 0.26},
}

func (p *press) heads() {
	x, top, low := margin, p.y, p.y
	for _, c := range columns {
		p.y = top
		p.write(c.head(p.o.Words), true, sizeSmall, x, c.share*p.width()-8, 1, 0.4)
		x, low = x+c.share*p.width(), min(low, p.y)
	}
	p.y = low - 3
	p.rule(margin, p.y, p.width())
}

// cell is a column's texts for one contact: lines of a size.
type cellLine struct {
	line textLine
	size float64
	gray float64
}

// row puts one contact into the list.
func (p *press) row(c contact.Card) {
	p.begin()
	var cells [4][]cellLine
	add := func(column int, text string, bold bool, size, gray float64) {
		for _, paragraph := range strings.Split(text, "\n") {
			for _, l := range p.text.lines(clean(paragraph), bold, size, columns[column].share*p.width()-8, 3) {
				cells[column] = append(cells[column], cellLine{l, size, gray})
			}
		}
	}
	add(0, c.DisplayName(), true, sizeName, 0)
	add(0, work(c), false, sizeSmall, 0.4)
	for _, e := range c.Phones() {
		add(1, e.Value, false, sizeText, 0)
	}
	for _, e := range c.Emails() {
		add(2, e.Value, false, sizeText, 0)
	}
	for _, a := range c.Addresses() {
		add(3, strings.Join(a.Lines(p.o.Home), ", "), false, sizeText, 0)
	}
	height := 0.0
	for _, lines := range cells {
		height = max(height, heightOf(lines))
	}
	const pad = 4
	if p.y-height-2*pad < margin {
		p.endPage()
		p.begin()
	}
	top, x := p.y-pad, margin
	for i, lines := range cells {
		y := top
		for _, l := range lines {
			y -= l.size * lineHeight
			if y < margin-pad {
				break // one contact that is longer than a page
			}
			fmt.Fprintf(&p.page, "%s g\n", number(l.gray))
			p.text.draw(&p.page, l.line, x, y+l.size*0.3, l.size)
		}
		x += columns[i].share * p.width()
	}
	p.y = max(top-height-pad, margin)
	p.rule(margin, p.y, p.width())
}

func heightOf(lines []cellLine) float64 {
	h := 0.0
	for _, l := range lines {
		h += l.size * lineHeight
	}
	return h
}

const gutter = 14.0 // between the columns of cards

// card puts one contact on a card of its own height; a card stands in one column whole, as far as a page is long enough.
func (p *press) card(c contact.Card) {
	p.begin()
	width := (p.width() - gutter) / 2
	const pad = 10.0
	var lines []cellLine
	var labels []string
	const quiet = 52.0 // the column of the labels
	add := func(label, text string, bold bool, size, gray, indent float64) {
		for _, paragraph := range strings.Split(text, "\n") {
			for _, l := range p.text.lines(clean(paragraph), bold, size, width-2*pad-indent, 0) {
				lines, labels = append(lines, cellLine{l, size, gray}), append(labels, label)
				if indent > 0 {
					label = " " // the first line alone says it
				}
			}
		}
	}
	add("", c.DisplayName(), true, 11, 0, 0)
	add("", work(c), false, sizeText, 0.4, 0)
	for _, v := range p.o.values(c) {
		add(v.label, v.text, false, sizeText, 0, quiet)
	}
	height := heightOf(lines) + 2*pad
	bottom := margin
	if p.y-height < bottom {
		p.nextColumn()
	}
	room := p.y - bottom
	x, top := margin+float64(p.column)*(width+gutter), p.y
	y := top - pad
	for i, l := range lines {
		if y-l.size*lineHeight < bottom+pad && height > room {
			break // longer than a page
		}
		y -= l.size * lineHeight
		at := x + pad
		if labels[i] != "" {
			fmt.Fprintf(&p.page, "0.4 g\n")
			p.text.draw(&p.page, p.labelLine(labels[i], quiet-6), at, y+l.size*0.3, sizeSmall)
			at += quiet
		}
		fmt.Fprintf(&p.page, "%s g\n", number(l.gray))
		p.text.draw(&p.page, l.line, at, y+l.size*0.3, l.size)
	}
	low := max(top-height, bottom)
	fmt.Fprintf(&p.page, "0.75 G 0.6 w %s %s %s %s re S\n", number(x), number(low), number(width), number(top-low))
	p.y = low - gutter*0.7
}

func (p *press) labelLine(label string, width float64) textLine {
	lines := p.text.lines(label, false, sizeSmall, width, 1)
	if len(lines) == 0 {
		return textLine{}
	}
	return lines[0]
}

// nextColumn goes to the second column, or to a new page.
func (p *press) nextColumn() {
	if p.column == 1 {
		p.endPage()
		p.begin()
		return
	}
	p.column = 1
	p.y = p.o.Size.Height - margin
	if p.o.Title != "" {
		p.y -= 12*lineHeight + 8
	}
}

// value is one line of a card, with what it is.
type value struct{ label, text string }

func (w Words) labelOf(kind, label, otherwise string) string {
	if label != "" {
		return label
	}
	var words []string
	for _, k := range strings.Fields(kind) {
		if word := w.kind(k); word != "" {
			words = append(words, word)
		}
	}
	if len(words) == 0 {
		return otherwise
	}
	return strings.Join(words, " ")
}

// values are what people read of a contact, in order.
func (o Options) values(c contact.Card) (all []value) {
	w := o.Words
	add := func(label, text string) {
		if strings.TrimSpace(text) != "" {
			all = append(all, value{label, text})
		}
	}
	for _, e := range c.Phones() {
		add(w.labelOf(e.Kind, e.Label, w.Phone), e.Value)
	}
	for _, e := range c.Emails() {
		add(w.labelOf(e.Kind, e.Label, w.Email), e.Value)
	}
	for _, a := range c.Addresses() {
		add(w.labelOf(a.Kind, a.Label, w.Address), strings.Join(a.Lines(o.Home), "\n"))
	}
	for _, e := range c.Links() {
		add(w.labelOf(e.Kind, e.Label, w.Link), e.Value)
	}
	add(w.Birthday, o.Date(c.Birthday()))
	add(w.Labels, strings.Join(c.Labels(), ", "))
	add(w.Note, strings.TrimSpace(c.Note()))
	return all
}

// work is what somebody does, and where.
func work(c contact.Card) string {
	title, organization := c.Title(), c.Organization()
	if organization == c.DisplayName() {
		organization = "" // the name says it
	}
	if title != "" && organization != "" {
		return title + ", " + organization
	}
	return title + organization
}
