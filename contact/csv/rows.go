package csv

import (
	"bufio"
	"errors"
	"io"
	"slices"
	"strings"
)

// maxRow bounds the bytes of one row. A card is far smaller, and a quote that is never closed is noticed before it swallows the file.
const maxRow = 1 << 20

// What may be read twice in search of closing quotes: searchFirst, and as much again as was read for good, so that a file full of
// quotes that nothing closes costs no more than another one.
const searchFirst = 16 * maxRow

var (
	ErrUnclosed = errors.New("a quote is opened and never closed")
	ErrLong     = errors.New("the row is longer than 1 MiB")
)

// rows cuts a text into rows by RFC 4180, and takes what programs make of it: any line end, blank lines, and quotes that stand
// within a value without being doubled.
type rows struct {
	in        *bufio.Reader
	delimiter byte
	line      int        // of the line that was read last, from 1
	long      bool       // the line that is being read is longer than maxRow
	ahead     []physical // lines that were read in search of a closing quote, and given back; the next one is the last
	budget    int        // bytes that may still be read twice
	raw       []byte     // the row that next gave last, as it stands in the text
}

// physical is a line, or a piece of one that is too long, and what ends it.
type physical struct {
	text, end string
	long      bool
}

func newRows(r io.Reader, delimiter byte) *rows {
	return &rows{in: bufio.NewReader(r), delimiter: delimiter, budget: searchFirst}
}

// next returns the next row that is not blank, and the number of its first line, from 1. After ErrUnclosed and ErrLong, which cost
// that one line, or piece of it, the next call goes on behind it; the row then holds the line as it is.
func (r *rows) next() (cells []string, line int, err error) {
	for {
		first, err := r.readLine()
		if err != nil {
			return nil, r.line, err
		}
		line = r.line
		r.raw = append(append(r.raw[:0], first.text...), first.end...)
		r.budget += len(r.raw)
		if first.long {
			return []string{first.text}, line, ErrLong
		}
		if strings.TrimSpace(first.text) == "" {
			continue
		}
		cells, err = r.row(first.text)
		return cells, line, err
	}
}

// readLine returns a line. One that is too long comes in pieces.
func (r *rows) readLine() (physical, error) {
	if last := len(r.ahead) - 1; last >= 0 {
		line := r.ahead[last]
		r.ahead = r.ahead[:last]
		r.line++
		return line, nil
	}
	if !r.long {
		r.line++
	}
	var b []byte
	for {
		c, err := r.in.ReadByte()
		switch {
		case err != nil && (len(b) == 0 || !errors.Is(err, io.EOF)):
			r.line--
			r.long = false
			return physical{}, err
		case err != nil:
			return r.ended(b, ""), nil
		case c == '\n':
			return r.ended(b, "\n"), nil
		case c == '\r':
			if next, err := r.in.Peek(1); err == nil && next[0] == '\n' {
				_, _ = r.in.Discard(1) // it was peeked at
				return r.ended(b, "\r\n"), nil
			}
			return r.ended(b, "\r"), nil
		}
		if b = append(b, c); len(b) == maxRow {
			r.long = true
			return physical{text: string(b), long: true}, nil
		}
	}
}

func (r *rows) ended(b []byte, end string) physical {
	long := r.long
	r.long = false
	return physical{string(b), end, long}
}

// row splits a line, and the lines after it while a quote is open.
func (r *rows) row(first string) ([]string, error) {
	p := parser{delimiter: r.delimiter}
	p.feed(first)
	var more []physical
	limit := min(maxRow-len(first), r.budget)
	for size := 0; p.quoted; {
		line, err := r.readLine()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if err == nil {
			more = append(more, line)
			size += len(line.text) + len(line.end)
		}
		if err != nil || line.long || size > limit {
			r.giveBack(more)
			r.budget -= size
			return []string{first}, ErrUnclosed
		}
		p.cell = append(p.cell, '\n')
		p.feed(line.text)
	}
	for _, line := range more {
		r.raw = append(append(r.raw, line.text...), line.end...)
	}
	r.budget += len(r.raw)
	return p.cells, nil
}

// giveBack makes readLine return these lines again.
func (r *rows) giveBack(lines []physical) {
	for _, line := range slices.Backward(lines) {
		r.ahead = append(r.ahead, line)
	}
	r.line -= len(lines)
}

// parser splits one row, line by line.
type parser struct {
	delimiter byte
	cells     []string
	cell      []byte
	quoted    bool // the cell goes on in the next line
}

// feed takes one line. A quote inside a quoted value closes it where a delimiter or the line's end follows, or where no such quote
// comes after it on its line; else it is a letter of the value.
func (p *parser) feed(line string) {
	i := 0
	if !p.quoted {
		i = p.open(line, 0)
	}
	lastClosing := len(line) // of the quotes that a delimiter or the line's end follows; found when it is asked for
	for {
		for p.quoted && i < len(line) {
			c := line[i]
			switch {
			case c != '"':
				p.cell = append(p.cell, c)
			case i+1 < len(line) && line[i+1] == '"':
				p.cell = append(p.cell, c)
				i++
			case p.ends(line, i+1):
				p.quoted = false
			default:
				if lastClosing == len(line) {
					lastClosing = p.lastClosing(line)
				}
				if i < lastClosing {
					p.cell = append(p.cell, c)
				} else {
					p.quoted = false
				}
			}
			i++
		}
		if p.quoted {
			return
		}
		for i < len(line) && line[i] != p.delimiter {
			p.cell = append(p.cell, line[i])
			i++
		}
		p.cells = append(p.cells, string(p.cell))
		p.cell = p.cell[:0]
		if i >= len(line) {
			return
		}
		i = p.open(line, i+1)
	}
}

// open begins a cell at i, and returns where its text begins.
func (p *parser) open(line string, i int) int {
	if i < len(line) && line[i] == '"' {
		p.quoted = true
		i++
	}
	return i
}

func (p *parser) ends(line string, i int) bool { return i >= len(line) || line[i] == p.delimiter }

func (p *parser) lastClosing(line string) int {
	for i := len(line) - 1; i >= 0; i-- {
		if line[i] == '"' && p.ends(line, i+1) {
			return i
		}
	}
	return -1
}
