package ldif

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"kith/contact"
)

// maxRecord is the longest record that is read as one: far over any photo, far under the memory of any machine.
const maxRecord = 32 << 20

// maxText is the most that a record may have beside photos and certificates: four times what a book takes, so that what is made of it on the
// way stays small too.
const maxText = 4 * contact.MaxBytes

// Reasons of a BrokenRecord.
var (
	ErrTooLong  = errors.New("the record is longer than 32 MiB")
	ErrTooMuch  = fmt.Errorf("the record has more than %d KiB of text", maxText>>10)
	ErrNoColon  = errors.New("no colon, so neither an attribute nor, without a blank before it, the rest of one")
	ErrBase64   = errors.New("the value is said to be in base64 and isn't")
	ErrNoEntry  = errors.New("there is no \"dn:\", so this is no record of an entry")
	ErrIsChange = errors.New("this record changes an entry and is none itself")
)

// attribute is one attribute of a record with one of its values.
type attribute struct {
	name  string // in small letters, with its options: "cn;lang-ja"
	value string // text in UTF-8, the bytes that base64 stood for, or the URL
	form  form
	line  int
}

// form is how a value stands in the file.
type form byte

const (
	plain form = iota
	encoded
	byURL
)

// lineError is what is wrong with one line.
type lineError struct {
	line int
	err  error
}

func (e *lineError) Error() string { return fmt.Sprintf("line %d: %v", e.line, e.err) }
func (e *lineError) Unwrap() error { return e.err }

// scanner gives the records of a file: the lines up to an empty one.
type scanner struct {
	in     *bufio.Reader
	number int // of the last line that was read; the first is 1
	mid    bool
	raw    []byte
	lines  []span
	first  int
	over   bool // the record before was cut for its length, and this is more of it
}

type span struct{ start, end, number int } // without the line's end

func newScanner(r io.Reader) *scanner {
	in := bufio.NewReaderSize(r, 64<<10)
	if start, _ := in.Peek(3); string(start) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3) // it was peeked at
	}
	return &scanner{in: in}
}

// next reads one record into raw and lines. ErrTooLong: what is there of it is in raw, and the rest comes the same way.
func (s *scanner) next() error {
	s.raw, s.lines = s.raw[:0], s.lines[:0]
	for {
		start := len(s.raw)
		ended, err := s.line()
		if errors.Is(err, io.EOF) {
			if len(s.lines) > 0 {
				return s.tooLong(false)
			}
			return io.EOF
		}
		if err != nil {
			return err
		}
		line := bytes.TrimRight(s.raw[start:], "\r\n")
		switch {
		case len(line) == 0 && ended && len(s.lines) == 0:
			s.raw, s.over = s.raw[:0], false
			continue
		case len(line) == 0 && ended:
			return s.tooLong(false)
		}
		if len(s.lines) == 0 {
			s.first = s.number
		}
		s.lines = append(s.lines, span{start, start + len(line), s.number})
		if len(s.raw) >= maxRecord {
			return s.tooLong(true)
		}
	}
}

// tooLong is ErrTooLong if the record is cut here, or was cut before.
func (s *scanner) tooLong(cut bool) error {
	was := s.over
	if s.over = cut; cut || was {
		return ErrTooLong
	}
	return nil
}

// line appends one line with its end to raw, or as much of it as a record may have; ended tells the two apart.
func (s *scanner) line() (ended bool, err error) {
	if !s.mid {
		s.number++
	}
	from := len(s.raw)
	for len(s.raw) < maxRecord {
		if _, err := s.in.Peek(1); err != nil {
			if errors.Is(err, io.EOF) && len(s.raw) > from {
				s.mid = false
				return true, nil
			}
			return false, err
		}
		chunk, _ := s.in.Peek(s.in.Buffered())
		end := bytes.IndexAny(chunk, "\r\n")
		if end < 0 {
			s.raw = append(s.raw, chunk...)
			_, _ = s.in.Discard(len(chunk)) // it was peeked at
			continue
		}
		s.raw = append(s.raw, chunk[:end+1]...)
		cr := chunk[end] == '\r'
		_, _ = s.in.Discard(end + 1)
		if b, err := s.in.Peek(1); cr && err == nil && b[0] == '\n' {
			s.raw = append(s.raw, '\n')
			_, _ = s.in.Discard(1)
		}
		s.mid = false
		return true, nil
	}
	s.mid = true
	return false, nil
}

// attributes unfolds the record's lines and takes the values' encoding off.
func (s *scanner) attributes() (out []attribute, err error) {
	var text []byte
	changes := false // then "-" ends each change
	for i := 0; i < len(s.lines); {
		l := s.lines[i]
		text = append(text[:0], s.raw[l.start:l.end]...)
		for i++; i < len(s.lines) && s.raw[s.lines[i].start] == ' '; i++ { // RFC 2849 note 2: one blank is taken off
			text = append(text, s.raw[s.lines[i].start+1:s.lines[i].end]...)
		}
		if text[0] == '#' || len(bytes.TrimSpace(text)) == 0 || changes && string(text) == "-" {
			continue
		}
		a, err := parse(text)
		if err != nil {
			return nil, &lineError{l.number, err}
		}
		a.line = l.number
		changes = changes || a.name == "changetype"
		out = append(out, a)
	}
	return out, nil
}

func parse(line []byte) (attribute, error) {
	name, rest, ok := bytes.Cut(line, []byte(":"))
	a := attribute{name: strings.ToLower(string(bytes.TrimSpace(name)))}
	if !ok || !isName(a.name) {
		return a, ErrNoColon
	}
	switch {
	case bytes.HasPrefix(rest, []byte(":")):
		a.form = encoded
		b, err := decodeBase64(rest[1:])
		if err != nil {
			return a, ErrBase64
		}
		a.value = string(b)
	case bytes.HasPrefix(rest, []byte("<")):
		a.form, a.value = byURL, toUTF8(bytes.TrimSpace(rest[1:]))
	default:
		a.value = toUTF8(bytes.TrimLeft(rest, " "))
	}
	return a, nil
}

// isName takes more than RFC 2849's attribute descriptions: what isn't one is told from prose by its blanks.
func isName(s string) bool {
	return s != "" && utf8.ValidString(s) && !strings.ContainsAny(s, " \t\"<>") && s[0] != '-'
}

func decodeBase64(b []byte) ([]byte, error) {
	b = bytes.Map(func(r rune) rune {
		if r == ' ' || r == '\t' {
			return -1
		}
		return r
	}, b)
	b = bytes.TrimRight(b, "=") // the padding is forgotten by some
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(b)))
	n, err := base64.RawStdEncoding.Decode(out, b)
	return out[:n], err
}

// toUTF8 takes text that isn't UTF-8 for Windows-1252, as programs of before 2000 write it; what that leaves open is as in ISO 8859-1.
func toUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var out strings.Builder
	for _, c := range b {
		r := charmap.Windows1252.DecodeByte(c)
		if r == utf8.RuneError {
			r = rune(c)
		}
		out.WriteRune(r)
	}
	return out.String()
}
