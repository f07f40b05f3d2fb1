package csv

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// maxRow bounds the bytes of one row. A card is far smaller, and a quote that is never closed is noticed before it swallows the file.
const maxRow = 1 << 20

var (
	errUnclosed = errors.New("a quote is opened and never closed")
	errLong     = errors.New("the row is longer than 1 MiB")
)

// rows cuts a text into rows by RFC 4180, and takes what programs make of it: any line end, blank lines, and quotes that stand
// within a value without being doubled.
type rows struct {
	in        *bufio.Reader
	delimiter byte
	line      int      // of the next line to be read from in, from 0
	ahead     []string // lines that were read in search of a closing quote, and given back
	lastCR    bool     // the line before ended in CR: an LF that follows belongs to it
}

func newRows(r io.Reader, delimiter byte) *rows {
	return &rows{in: bufio.NewReader(r), delimiter: delimiter}
}

// next returns the next row that is not blank, and the number of its first line, from 1. After errUnclosed and errLong, which cost
// that one line, the next call goes on behind it; the row then holds the line as it is.
func (r *rows) next() (cells []string, line int, err error) {
	for {
		text, err := r.readLine()
		if err != nil && !errors.Is(err, errLong) {
			return nil, r.line, err
		}
		line = r.line
		if err != nil {
			return []string{text}, line, err
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		cells, err = r.row(text)
		return cells, line, err
	}
}

// readLine returns a line without its end.
func (r *rows) readLine() (string, error) {
	if len(r.ahead) > 0 {
		text := r.ahead[0]
		r.ahead = r.ahead[1:]
		r.line++
		return text, nil
	}
	var b []byte
	long := false
	for {
		c, err := r.in.ReadByte()
		if err != nil {
			if len(b) == 0 || !errors.Is(err, io.EOF) {
				return "", err
			}
			break
		}
		if c == '\n' && r.lastCR && len(b) == 0 && !long {
			r.lastCR = false
			continue
		}
		r.lastCR = c == '\r'
		if c == '\n' || c == '\r' {
			break
		}
		if len(b) < maxRow {
			b = append(b, c)
		} else {
			long = true
		}
	}
	r.line++
	if long {
		return string(b), errLong
	}
	return string(b), nil
}

// row splits a line, and the lines after it while a quote is open.
func (r *rows) row(first string) ([]string, error) {
	p := parser{delimiter: r.delimiter}
	p.feed(first)
	var more []string
	for size := len(first); p.quoted; {
		text, err := r.readLine()
		if err == nil {
			more = append(more, text)
			size += len(text) + 1
		} else if !errors.Is(err, io.EOF) && !errors.Is(err, errLong) {
			return nil, err
		}
		if err != nil || size > maxRow {
			r.ahead = append(more, r.ahead...)
			r.line -= len(more)
			return []string{first}, errUnclosed
		}
		p.cell = append(p.cell, '\n')
		p.feed(text)
	}
	return p.cells, nil
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
