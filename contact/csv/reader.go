package csv

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"kith/contact"
)

// Options correct what is found out by itself; the zero Options correct nothing.
type Options struct {
	Encoding  string // one of Encodings
	Delimiter byte
	Mapping   Mapping // one that was remembered under the header's Key
}

// BrokenRow is a row that is no contact. Raw is what stands there, in UTF-8, to be kept for the user; Cells are its cells. The reader
// goes on behind it.
type BrokenRow struct {
	Line  int // 1 is the first line of the file
	Cells []string
	Raw   []byte
	Err   error
}

func (e *BrokenRow) Error() string { return fmt.Sprintf("read CSV at line %d: %v", e.Line, e.Err) }
func (e *BrokenRow) Unwrap() error { return e.Err }

// ErrEmpty is that of a file without a row.
var ErrEmpty = errors.New("the file holds no rows")

// maxColumns is far over any program's table, and few enough to be looked through.
const maxColumns = 1000

var ErrColumns = fmt.Errorf("the row has more than %d columns", maxColumns)

const (
	sniffed = 64 << 10 // bytes from which character set, delimiter and order of dates are found out
	samples = 20
)

// Reader reads the contacts of one file, one after another; it holds one row at a time. Not safe for concurrent use.
type Reader struct {
	rows     *rows
	charset  charset
	header   []string
	samples  [][]string
	mapping  Mapping
	dayFirst bool
	head     []byte
	pending  []string // the first row of a file without a header
	line     int
}

// NewReader reads the header from r and finds out what its columns mean.
func NewReader(r io.Reader, o Options) (*Reader, error) {
	in := bufio.NewReaderSize(r, sniffed)
	start, err := in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read CSV: %w", err)
	}
	reader := &Reader{}
	if o.Encoding == "" {
		reader.charset = detectCharset(start)
	} else if c, ok := charsetByName(o.Encoding); ok {
		reader.charset = c
	} else {
		return nil, fmt.Errorf("read CSV: there is no character set %q: use one of %s", o.Encoding, strings.Join(Encodings(), ", "))
	}
	text, err := io.ReadAll(decode(strings.NewReader(string(start)), reader.charset))
	if err != nil {
		return nil, fmt.Errorf("read CSV as %s: %w", reader.charset.name, err)
	}
	delimiter, announced := o.Delimiter, false
	if firstLine := firstLine(string(text)); strings.HasPrefix(firstLine, "sep=") && len(firstLine) == len("sep=;") {
		announced = true // Excel's way to say it
		if delimiter == 0 {
			delimiter = firstLine[len("sep=")]
		}
	} else if delimiter == 0 {
		delimiter = detectDelimiter(firstLine)
	}
	reader.rows = newRows(decode(in, reader.charset), delimiter)
	if announced {
		if _, err := reader.rows.readLine(); err != nil {
			return nil, fmt.Errorf("read CSV: %w", err)
		}
	}
	if err := reader.readHeader(); err != nil {
		return nil, fmt.Errorf("read CSV header: %w", err)
	}
	reader.sample(string(text), announced)
	reader.guessByValues()
	reader.takeOwn()
	reader.dayFirst = dayFirst(reader.mapping, reader.header, reader.samples)
	if o.Mapping != nil {
		if err := reader.SetMapping(o.Mapping); err != nil {
			return nil, err
		}
	}
	return reader, nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimLeft(text, " \r\n"), "\n")
	line, _, _ = strings.Cut(line, "\r")
	return line
}

// readHeader takes the first row for the header, unless it looks like a contact and none of its cells like a header.
func (r *Reader) readHeader() error {
	cells, line, err := r.rows.next()
	if errors.Is(err, io.EOF) {
		return ErrEmpty
	}
	if err != nil {
		return err
	}
	if len(cells) > maxColumns {
		return ErrColumns
	}
	r.header, r.mapping = make([]string, len(cells)), Guess(cells)
	headless := false
	for i, cell := range cells {
		headless = headless || strings.Contains(cell, "@")
		r.header[i] = strings.TrimSpace(cell)
	}
	for _, c := range r.mapping {
		headless = headless && c.Field == Keep
	}
	if !headless {
		r.head = bytes.Clone(r.rows.raw)
	} else {
		r.pending, r.line = cells, line
		for i := range r.header {
			r.header[i] = fmt.Sprintf("Column %d", i+1)
		}
		r.mapping = make(Mapping, len(cells))
		for i, cell := range cells {
			if strings.Contains(cell, "@") {
				r.mapping[i].Field = Email
			}
		}
	}
	return nil
}

func (r *Reader) sample(text string, announced bool) {
	rows := newRows(strings.NewReader(text), r.rows.delimiter)
	if announced {
		_, _ = rows.readLine() // it is there: it announced
	}
	for i := 0; i <= samples; i++ {
		cells, _, err := rows.next()
		if err != nil {
			return
		}
		if i > 0 || r.pending != nil {
			r.samples = append(r.samples, cells)
		}
	}
}

// Header is the row of names; a file without one has "Column 1", "Column 2", ….
func (r *Reader) Header() []string { return append([]string(nil), r.header...) }

// Samples are the first rows, to show beside the mapping.
func (r *Reader) Samples() [][]string { return r.samples }

// Encoding and Delimiter are those that the file is read by.
func (r *Reader) Encoding() string { return r.charset.name }
func (r *Reader) Delimiter() byte  { return r.rows.delimiter }

// Mapping is what the columns are taken for. SetMapping corrects it for the rows that follow.
func (r *Reader) Mapping() Mapping { return append(Mapping(nil), r.mapping...) }

func (r *Reader) SetMapping(m Mapping) error {
	if err := m.Check(r.header); err != nil {
		return fmt.Errorf("set the meaning of the columns: %w", err)
	}
	r.mapping = append(Mapping(nil), m...)
	return nil
}

// Next returns the next contact. A *BrokenRow error: that row was skipped, call Next again. io.EOF: the end. Any other error is one
// of reading the file, and final.
func (r *Reader) Next() (contact.Card, error) {
	for {
		cells, line, err := r.pending, r.line, error(nil)
		if r.pending = nil; cells == nil {
			cells, line, err = r.rows.next()
		}
		r.line = line
		switch {
		case errors.Is(err, ErrUnclosed), errors.Is(err, ErrLong):
			return contact.Card{}, r.broken(cells, err)
		case errors.Is(err, io.EOF):
			return contact.Card{}, io.EOF
		case err != nil:
			return contact.Card{}, fmt.Errorf("read CSV at line %d: %w", line, err)
		case blank(cells):
			continue
		case len(cells) > maxColumns:
			return contact.Card{}, r.broken(cells, ErrColumns)
		}
		card, err := r.card(cells)
		if err == nil {
			err = card.Validate()
		}
		if err != nil {
			return contact.Card{}, r.broken(cells, err)
		}
		return card, nil
	}
}

func (r *Reader) broken(cells []string, err error) *BrokenRow {
	return &BrokenRow{Line: r.line, Cells: cells, Raw: bytes.Clone(r.rows.raw), Err: err}
}

// Line is the number of the line at which the last contact began.
func (r *Reader) Line() int { return r.line }

// Raw is the row of the last contact as it stands in the file, in UTF-8, until the next call of Next.
func (r *Reader) Raw() []byte { return r.rows.raw }

// Head is the row of names as it stands in the file, in UTF-8; nil if the file has none. Rows that are kept elsewhere can be read
// again behind it.
func (r *Reader) Head() []byte { return r.head }

func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}
