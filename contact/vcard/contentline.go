package vcard

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// scanner gives the physical lines of a file with their numbers.
type scanner struct {
	in      *bufio.Reader
	number  int // of the line that next gave last; the first is 1
	pending []byte
	held    bool // pending is to be given again
}

// next returns one line with its end (CRLF, LF or CR; none at the end of the file). It is valid until the next call. A line longer
// than maxCardBytes comes in pieces. After the last line: io.EOF.
func (s *scanner) next() ([]byte, error) {
	if s.held {
		s.held = false
		return s.pending, nil
	}
	s.number++
	s.pending = s.pending[:0]
	for len(s.pending) < maxCardBytes {
		if _, err := s.in.Peek(1); err != nil {
			if errors.Is(err, io.EOF) && len(s.pending) > 0 {
				return s.pending, nil
			}
			return nil, err
		}
		chunk, _ := s.in.Peek(s.in.Buffered())
		end := bytes.IndexByte(chunk, '\n')
		if end >= 0 {
			chunk = chunk[:end+1]
		}
		if cr := bytes.IndexByte(chunk, '\r'); cr >= 0 {
			chunk, end = chunk[:cr+1], cr
		}
		s.pending = append(s.pending, chunk...)
		s.in.Discard(len(chunk)) // it was peeked at, so it is there
		if end < 0 {
			continue
		}
		if s.pending[len(s.pending)-1] == '\r' {
			if b, err := s.in.Peek(1); err == nil && b[0] == '\n' {
				s.pending = append(s.pending, '\n')
				s.in.Discard(1)
			}
		}
		break
	}
	return s.pending, nil
}

// again makes next give the same line once more.
func (s *scanner) again() { s.held = true }

// block is what stands between BEGIN and END, both included: the bytes as they came, and where each physical line is in them.
type block struct {
	raw   []byte
	lines []span
	first int // number of the first line
}

type span struct{ start, end, number int } // without the line's end

func (b *block) reset() { b.raw, b.lines = b.raw[:0], b.lines[:0] }

func (b *block) add(line []byte, number int) {
	if len(b.lines) == 0 {
		b.first = number
	}
	start := len(b.raw)
	b.raw = append(b.raw, line...)
	b.lines = append(b.lines, span{start, start + len(trimEnd(line)), number})
}

func trimEnd(line []byte) []byte { return bytes.TrimRight(line, "\r\n") }

// delimiter tells BEGIN:VCARD and END:VCARD, in any case and with stray blanks, from other lines. A blank in front makes it part of the
// line before.
func delimiter(line []byte) (begin, end bool) {
	line = bytes.TrimRight(line, " \t\r\n")
	if len(line) > 32 || len(line) < 9 {
		return false, false
	}
	name, value, _ := bytes.Cut(line, []byte(":"))
	if !bytes.EqualFold(bytes.TrimSpace(value), []byte("VCARD")) {
		return false, false
	}
	name = bytes.TrimRight(bytes.TrimPrefix(name, byteOrderMark), " \t")
	return bytes.EqualFold(name, []byte("BEGIN")), bytes.EqualFold(name, []byte("END"))
}

// opensAgent reports whether a nested card may follow this line (vCard 2.1 section 2.4.2: "AGENT:" and the card on the next lines).
func opensAgent(line []byte) bool {
	header, value, ok := bytes.Cut(line, []byte(":"))
	if !ok || len(bytes.TrimSpace(value)) > 0 {
		return false
	}
	name, _, _ := bytes.Cut(header, []byte(";"))
	if dot := bytes.LastIndexByte(name, '.'); dot >= 0 {
		name = name[dot+1:]
	}
	return bytes.EqualFold(bytes.TrimSpace(name), []byte("AGENT"))
}

// logical is one content line, unfolded; its bytes are in the character set of the property.
type logical struct {
	text   []byte
	number int
}

// lineError is what is wrong with one line.
type lineError struct {
	number int
	err    error
}

func (e *lineError) Error() string { return fmt.Sprintf("line %d: %v", e.number, e.err) }
func (e *lineError) Unwrap() error { return e.err }

var ErrNoColon = errors.New("no colon, so neither a property nor, without a blank before it, the rest of one")

// unfold joins physical lines. old says that the card is a vCard 2.1, where the white space of a folded line is part of the text.
func unfold(raw []byte, lines []span, old bool) ([]logical, error) {
	out := make([]logical, 0, len(lines))
	var header lineHeader
	for i, l := range lines {
		line := raw[l.start:l.end]
		if blank := len(bytes.TrimSpace(line)) == 0; len(line) == 0 || blank && (old || len(out) == 0) {
			if len(out) > 0 && len(line) == 0 {
				out[len(out)-1].text = header.endSoftBreak(out[len(out)-1].text)
			}
			header.closed = true
			continue
		}
		folded := line[0] == ' ' || line[0] == '\t'
		if len(out) > 0 {
			last := &out[len(out)-1]
			switch {
			case header.softBreak(last.text) && !isEnd(line):
				last.text = append(header.endSoftBreak(last.text), line...)
				continue
			case folded:
				if !old || header.base64 {
					line = line[1:]
				}
				last.text = append(last.text, line...)
				header.update(last.text)
				continue
			case header.base64 && !header.closed && isBase64(line):
				last.text = append(last.text, line...)
				continue
			}
		}
		if len(out) > 0 {
			out[len(out)-1].text = header.endSoftBreak(out[len(out)-1].text)
		}
		if bytes.IndexByte(line, ':') < 0 && !foldedNext(raw, lines[i+1:]) { // the fold may stand before the colon
			return nil, &lineError{l.number, ErrNoColon}
		}
		out = append(out, logical{line[:len(line):len(line)], l.number})
		header = lineHeader{}
		header.update(line)
	}
	if len(out) > 0 {
		out[len(out)-1].text = header.endSoftBreak(out[len(out)-1].text)
	}
	return out, nil
}

func isEnd(line []byte) bool { _, end := delimiter(line); return end }

func foldedNext(raw []byte, lines []span) bool {
	return len(lines) > 0 && lines[0].end > lines[0].start && (raw[lines[0].start] == ' ' || raw[lines[0].start] == '\t')
}

// lineHeader is what the beginning of a content line says about its continuation.
type lineHeader struct {
	known, read             bool // the colon was found; the parameters were looked at
	quotedPrintable, base64 bool
	closed                  bool // an empty line ended a base64 block
	scanned                 int
	quoted                  bool // at scanned
}

// update looks for the colon in what was appended since the last time.
func (h *lineHeader) update(text []byte) {
	for ; !h.known && h.scanned < len(text); h.scanned++ {
		switch c := text[h.scanned]; {
		case c == '"':
			h.quoted = !h.quoted
		case c == ':' && !h.quoted:
			h.known = true
		}
	}
	if !h.known || h.read {
		return
	}
	h.read = true
	var p property
	params := paramScanner{line: text[:h.scanned], at: max(bytes.IndexByte(text[:h.scanned], ';'), 0), old: true}
	for params.more() && params.count <= maxParams {
		params.one(&p)
	}
	encoding := p.value("ENCODING")
	h.quotedPrintable = isQuotedPrintable(encoding) && len(p.values("ENCODING")) == 1
	h.base64 = isBase64Name(encoding) && len(p.values("ENCODING")) == 1
}

func isQuotedPrintable(encoding string) bool {
	return strings.EqualFold(encoding, "QUOTED-PRINTABLE") || strings.EqualFold(encoding, "Q")
}

func isBase64Name(encoding string) bool {
	return strings.EqualFold(encoding, "BASE64") || strings.EqualFold(encoding, "B")
}

func (h *lineHeader) softBreak(text []byte) bool {
	return h.quotedPrintable && bytes.HasSuffix(bytes.TrimRight(text, " \t"), []byte("="))
}

// endSoftBreak takes off a soft break that nothing follows: Outlook ends notes with one and an empty line.
func (h *lineHeader) endSoftBreak(text []byte) []byte {
	if h.softBreak(text) {
		text = bytes.TrimRight(text, " \t")
		text = text[:len(text)-1]
	}
	return text
}

// isBase64 reports whether a line can be the rest of a base64 value that was broken without a fold.
func isBase64(line []byte) bool {
	for _, c := range bytes.TrimSpace(line) {
		if !base64Digit(c) {
			return false
		}
	}
	return true
}

func base64Digit(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/' || c == '='
}
