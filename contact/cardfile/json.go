package cardfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"kith/contact"
)

// maxJSON bounds the bytes of one value: far over any photo, far under the memory of any machine.
const maxJSON = 32 << 20

var ErrLongValue = fmt.Errorf("a value is longer than %d MiB", maxJSON>>20)

// jsonSource reads the JSContact cards (RFC 9553) of an array, or one or more that stand one after another, one at a time.
type jsonSource struct {
	decoder *json.Decoder
	lines   *lineCounter
	began   bool
	array   bool
	at      int
	last    json.RawMessage
	blobs   func(contact.Blob) error
}

func newJSONSource(in *bufio.Reader, blobs func(contact.Blob) error) *jsonSource {
	if start, err := in.Peek(len(byteOrderMark)); err == nil && bytes.Equal(start, byteOrderMark) {
		_, _ = in.Discard(len(byteOrderMark)) // it was peeked at
	}
	lines := &lineCounter{in: in, current: 1, allowed: maxJSON}
	return &jsonSource{decoder: json.NewDecoder(lines), lines: lines, at: 1, blobs: blobs}
}

func (s *jsonSource) line() int   { return s.at }
func (s *jsonSource) raw() []byte { return append(bytes.Clone(s.last), '\n') }

func (s *jsonSource) next() (contact.Card, error) {
	if !s.began {
		s.began = true
		if start, err := firstByte(s.lines.in); err == nil && start == '[' {
			s.array = true
			if _, err := s.decoder.Token(); err != nil {
				return contact.Card{}, s.fault(err)
			}
		}
	}
	s.lines.allowed = s.decoder.InputOffset() + maxJSON
	if !s.decoder.More() {
		if !s.array {
			return contact.Card{}, s.end()
		}
		if _, err := s.decoder.Token(); err != nil {
			return contact.Card{}, s.fault(err)
		}
		s.array = false
		return contact.Card{}, io.EOF
	}
	s.last = nil
	if err := s.decoder.Decode(&s.last); err != nil {
		return contact.Card{}, s.fault(err)
	}
	s.at = s.lines.line(s.decoder.InputOffset() - int64(len(s.last)))
	card, err := contact.Parse(s.last)
	if err != nil {
		return contact.Card{}, &Broken{s.at, s.raw(), err}
	}
	if s.blobs != nil {
		if card, err = card.DetachBlobs(s.blobs); err != nil {
			return contact.Card{}, fmt.Errorf("read JSON at line %d: %w", s.at, err)
		}
	}
	return card, nil
}

// end tells the end from an error of reading, which More does not.
func (s *jsonSource) end() error {
	if _, err := s.decoder.Token(); err != nil && !errors.Is(err, io.EOF) {
		return s.fault(err)
	}
	return io.EOF
}

func (s *jsonSource) fault(err error) error {
	at := s.decoder.InputOffset()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		at, err = s.lines.read, io.ErrUnexpectedEOF
	}
	return fmt.Errorf("read JSON at line %d: %w", s.lines.line(at), err)
}

// firstByte looks at the first byte that isn't white space, without reading it.
func firstByte(in *bufio.Reader) (byte, error) {
	for n := 1; ; n++ {
		start, err := in.Peek(n)
		if len(start) == n && !bytes.ContainsRune([]byte(" \t\r\n"), rune(start[n-1])) {
			return start[n-1], nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// lineCounter tells the line of an offset that its reader has passed. Offsets must be asked for in order.
type lineCounter struct {
	in      *bufio.Reader
	read    int64
	allowed int64   // the offset up to which may be read
	ends    []int64 // offsets of line ends that line has not passed yet
	current int
}

func (l *lineCounter) Read(p []byte) (int, error) {
	if l.read >= l.allowed { // the decoder reads on only if what it has is not yet a whole value
		return 0, ErrLongValue
	}
	n, err := l.in.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			l.ends = append(l.ends, l.read+int64(i))
		}
	}
	l.read += int64(n)
	return n, err
}

func (l *lineCounter) line(offset int64) int {
	for len(l.ends) > 0 && l.ends[0] < offset {
		l.ends = l.ends[1:]
		l.current++
	}
	return l.current
}
