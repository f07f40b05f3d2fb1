package vcard

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"kith/contact"
)

// Writer writes cards one after another to one file, in UTF-8 with CRLF, folded at 75 octets.
type Writer struct {
	w       io.Writer
	version Version
	buf     bytes.Buffer
	give    func(id string) ([]byte, error)
}

// WriteOption is one of NewWriter's.
type WriteOption func(*Writer)

// GiveBlobs makes the writer ask for the bytes that cards refer to (see contact.Blob), and write them as the version does. A reference
// whose bytes give has not, by contact.ErrNoBlob, is written as the reference that it is, in JSPROP; any other error ends Write.
func GiveBlobs(give func(id string) ([]byte, error)) WriteOption {
	return func(w *Writer) { w.give = give }
}

// NewWriter writes the given version to w, one call of w.Write per card. Without options a reference to a blob is written as one.
func NewWriter(w io.Writer, v Version, options ...WriteOption) *Writer {
	writer := &Writer{w: w, version: v}
	for _, o := range options {
		o(writer)
	}
	return writer
}

// Write writes one card; the zero Card isn't one.
func (w *Writer) Write(c contact.Card) error {
	if c.IsZero() {
		return fmt.Errorf("write vCard: there is no card")
	}
	if w.give != nil {
		var err error
		if c, err = c.AttachBlobs(w.give); err != nil {
			return fmt.Errorf("write vCard: %w", err)
		}
	}
	w.buf.Reset()
	w.line("BEGIN:VCARD")
	w.line("VERSION:" + string(w.version))
	for _, p := range exportCard(c, w.version) {
		w.line(format(p))
	}
	w.line("END:VCARD")
	if _, err := w.w.Write(w.buf.Bytes()); err != nil {
		return fmt.Errorf("write vCard: %w", err)
	}
	return nil
}

// Write writes all cards.
func Write(w io.Writer, v Version, cards ...contact.Card) error {
	out := NewWriter(w, v)
	for _, c := range cards {
		if err := out.Write(c); err != nil {
			return err
		}
	}
	return nil
}

// maxLine is the longest line in octets, without its end (RFC 6350 section 3.2).
const maxLine = 75

// line folds between characters, never inside one.
func (w *Writer) line(s string) {
	for room := maxLine; len(s) > room; room = maxLine - 1 {
		cut := room
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		w.buf.WriteString(s[:cut])
		w.buf.WriteString("\r\n ")
		s = s[cut:]
	}
	w.buf.WriteString(s)
	w.buf.WriteString("\r\n")
}

// spellings are names that programs know in small letters too.
var spellings = map[string]string{
	"X-ABLABEL": "X-ABLabel", "X-ABRELATEDNAMES": "X-ABRelatedNames", "X-ABSHOWAS": "X-ABShowAs",
	"X-KADDRESSBOOK-X-ANNIVERSARY": "X-KADDRESSBOOK-X-Anniversary", "X-KADDRESSBOOK-X-SPOUSESNAME": "X-KADDRESSBOOK-X-SpousesName",
	"X-KADDRESSBOOK-X-MANAGERSNAME": "X-KADDRESSBOOK-X-ManagersName", "X-KADDRESSBOOK-X-ASSISTANTSNAME": "X-KADDRESSBOOK-X-AssistantsName",
}

func format(p property) string {
	var b strings.Builder
	b.Grow(len(p.Name) + len(p.Value) + 32)
	if p.Group != "" {
		b.WriteString(p.Group)
		b.WriteByte('.')
	}
	if name, ok := spellings[p.Name]; ok {
		b.WriteString(name)
	} else {
		b.WriteString(p.Name)
	}
	for _, q := range p.Params {
		b.WriteByte(';')
		b.WriteString(q.Name)
		b.WriteByte('=')
		for i, value := range q.Values {
			if i > 0 {
				b.WriteByte(',')
			}
			value = caretEncode.Replace(oneLineParam.Replace(value))
			if strings.ContainsAny(value, ":;,") || value != strings.TrimSpace(value) {
				value = `"` + value + `"`
			}
			b.WriteString(value)
		}
	}
	b.WriteByte(':')
	b.WriteString(oneLine(p.Value))
	return b.String()
}
