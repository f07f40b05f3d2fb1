package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"kith/contact"
	"kith/contact/csv"
	"kith/contact/vcard"
)

// source reads the cards of one file of any format that we know. next's errors: a *brokenPart, after which next goes on; io.EOF;
// any other is final.
type source struct {
	next   func() (contact.Card, error)
	line   func() int // where the last card began
	ending string     // of the files of this format
}

// brokenPart is a part of a file that is no card; raw is what stands there.
type brokenPart struct {
	line int
	raw  []byte
	err  error
}

func (e *brokenPart) Error() string { return e.err.Error() }

var errTooLarge = fmt.Errorf("the card is larger than %d KiB", contact.MaxBytes>>10)

// openSource finds out the format by the file's first bytes, and by its name where these say nothing.
func openSource(f *os.File) (*source, error) {
	in := bufio.NewReaderSize(f, 64<<10)
	start, err := in.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	const mark = "\xef\xbb\xbf" // some programs put it before UTF-8
	text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte(mark)), " \t\r\n")
	switch {
	case len(text) == 0:
		return nil, errors.New("the file is empty")
	case text[0] == '{', text[0] == '[':
		if bytes.HasPrefix(start, []byte(mark)) {
			if _, err := in.Discard(len(mark)); err != nil {
				return nil, err
			}
		}
		return jsonSource(in, text[0] == '['), nil
	case bytes.Contains(bytes.ToUpper(bytes.ReplaceAll(start, []byte{0}, nil)), []byte("BEGIN:VCARD")): // UTF-16 has zeros in between
		return vcardSource(in), nil
	}
	switch strings.ToLower(filepath.Ext(f.Name())) {
	case ".vcf", ".vcard":
		return vcardSource(in), nil
	case ".csv", ".tsv":
		return csvSource(in)
	}
	return nil, errors.New("this is neither a vCard file, nor JSON, nor a CSV file whose name ends in .csv")
}

func vcardSource(in io.Reader) *source {
	r := vcard.NewReader(in)
	return &source{ending: ".vcf", line: r.Line, next: func() (contact.Card, error) {
		card, err := r.Next()
		var broken *vcard.BrokenCard
		var large *vcard.LargeCard
		switch {
		case errors.As(err, &broken):
			return card, &brokenPart{broken.Line, broken.Raw, broken.Err}
		case errors.As(err, &large):
			raw, err := writeVCard(card)
			if err != nil {
				return card, err
			}
			return card, &brokenPart{large.Line, raw, fmt.Errorf("%w: its photo has to be smaller", errTooLarge)}
		}
		return card, err
	}}
}

func writeVCard(c contact.Card) ([]byte, error) {
	var b bytes.Buffer
	err := vcard.Write(&b, vcard.V40, c)
	return b.Bytes(), err
}

func csvSource(in io.Reader) (*source, error) {
	r, err := csv.NewReader(in, csv.Options{})
	if err != nil {
		return nil, err
	}
	return &source{ending: ".csv", line: r.Line, next: func() (contact.Card, error) {
		card, err := r.Next()
		var broken *csv.BrokenRow
		if errors.As(err, &broken) {
			return card, &brokenPart{broken.Line, csvRow(broken.Cells), broken.Err}
		}
		return card, err
	}}, nil
}

// csvRow writes cells as one row, whatever is in them.
func csvRow(cells []string) []byte {
	quoted := make([]string, len(cells))
	for i, cell := range cells {
		quoted[i] = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
	}
	return []byte(strings.Join(quoted, ",") + "\r\n")
}

// jsonSource reads the cards of an array, or one or more that stand one after another, one at a time.
func jsonSource(in *bufio.Reader, array bool) *source {
	lines := &lineCounter{in: in, line: 1}
	d := json.NewDecoder(lines)
	line := 1
	fault := func(err error) error {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("read JSON at line %d: %w", lines.at(d.InputOffset()), err)
	}
	next := func() (contact.Card, error) {
		if array && d.InputOffset() == 0 {
			if _, err := d.Token(); err != nil {
				return contact.Card{}, fault(err)
			}
		}
		if !d.More() {
			if !array {
				return contact.Card{}, io.EOF
			}
			if _, err := d.Token(); err != nil {
				return contact.Card{}, fault(err)
			}
			array = false
			return contact.Card{}, io.EOF
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return contact.Card{}, fault(err)
		}
		line = lines.at(d.InputOffset() - int64(len(raw)))
		card, err := contact.Parse(raw)
		if err != nil {
			return card, &brokenPart{line, append(raw, '\n'), err}
		}
		return card, nil
	}
	return &source{next: next, line: func() int { return line }, ending: ".json"}
}

// lineCounter tells the line of an offset that its reader has passed. Offsets must be asked for in order.
type lineCounter struct {
	in   io.Reader
	read int64
	ends []int64 // offsets of line ends that at has not passed yet
	line int
}

func (l *lineCounter) Read(p []byte) (int, error) {
	n, err := l.in.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			l.ends = append(l.ends, l.read+int64(i))
		}
	}
	l.read += int64(n)
	return n, err
}

func (l *lineCounter) at(offset int64) int {
	for len(l.ends) > 0 && l.ends[0] < offset {
		l.ends = l.ends[1:]
		l.line++
	}
	return l.line
}
