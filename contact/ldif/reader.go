package ldif

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"

	"kith/contact"
)

// BrokenRecord is a record that is no contact. Raw is what stands there, to the byte, to be kept for the user. The reader goes on
// behind it.
type BrokenRecord struct {
	Line int // where the trouble is; 1 is the first line of the file
	Raw  []byte
	Err  error
}

func (e *BrokenRecord) Error() string { return fmt.Sprintf("read LDIF at line %d: %v", e.Line, e.Err) }
func (e *BrokenRecord) Unwrap() error { return e.Err }

// Reader reads the contacts of one file, one after another; it holds one record at a time, and of each name that a list may point
// at 32 bytes. Not safe for concurrent use.
type Reader struct {
	records *scanner
	take    func(contact.Blob) error
	uids    map[uuid.UUID]uuid.UUID // of contacts by their names' UUIDs; uuid.Nil: two have the name
}

// Option is one of NewReader's.
type Option func(*Reader)

// TakeBlobs makes the reader hand over the bytes of photos, and give cards that refer to them (see contact.Blob). An error of take is
// final; errors.Is finds it. Without it a photo is a data: URI in its card.
func TakeBlobs(take func(contact.Blob) error) Option { return func(r *Reader) { r.take = take } }

// NewReader reads from r.
func NewReader(r io.Reader, options ...Option) *Reader {
	reader := &Reader{records: newScanner(r), uids: map[uuid.UUID]uuid.UUID{}}
	for _, o := range options {
		o(reader)
	}
	return reader
}

// Next returns the next contact. A *BrokenRecord error: that record was skipped, call Next again. io.EOF: the end. Any other error is
// one of reading the file, or of TakeBlobs', and final.
func (r *Reader) Next() (contact.Card, error) {
	for {
		err := r.records.next()
		switch {
		case errors.Is(err, io.EOF):
			return contact.Card{}, io.EOF
		case errors.Is(err, ErrTooLong):
			return contact.Card{}, r.broken(err)
		case err != nil:
			return contact.Card{}, fmt.Errorf("read LDIF: %w", err)
		}
		attributes, err := r.records.attributes()
		if err != nil {
			return contact.Card{}, r.broken(err)
		}
		if attributes = slices.DeleteFunc(attributes, isFrame); len(attributes) == 0 {
			continue // comments, the version, or what a search adds
		}
		card, err := r.card(attributes)
		if err != nil {
			return contact.Card{}, r.broken(err)
		}
		if r.take != nil {
			if card, err = card.DetachBlobs(r.take); err != nil {
				return contact.Card{}, fmt.Errorf("read LDIF at line %d: %w", r.records.first, err)
			}
		}
		if err := card.Validate(); err != nil {
			return contact.Card{}, r.broken(err)
		}
		return card, nil
	}
}

// Line is the number of the line at which the last record began.
func (r *Reader) Line() int { return r.records.first }

// Raw is the last record as it stands in the file, with the empty line behind it, until the next call of Next.
func (r *Reader) Raw() []byte { return r.records.raw }

func (r *Reader) broken(err error) *BrokenRecord {
	broken := &BrokenRecord{Line: r.records.first, Raw: bytes.Clone(r.records.raw), Err: err}
	var at *lineError
	if errors.As(err, &at) {
		broken.Line, broken.Err = at.line, at.err
	}
	return broken
}

// isFrame reports whether an attribute is one of the file, not of an entry: its version (RFC 2849), and the end of what ldapsearch
// writes.
func isFrame(a attribute) bool {
	return a.name == "version" && strings.TrimSpace(a.value) == "1" || a.name == "search" || a.name == "result"
}

// namespace is that of the uids (version 5, RFC 9562) that are made of a record's content, or of an entry's name.
var namespace = uuid.MustParse("1d3c9a64-7b1e-5a0c-8e55-0b8f6f2f7a3c")

// remember notes an entry's name for lists that point at it.
func (r *Reader) remember(dn string, uid string) {
	id, err := uuid.Parse(uid)
	if err != nil || dn == "" {
		return
	}
	name := nameID(dn)
	if before, there := r.uids[name]; there && before != id {
		id = uuid.Nil
	}
	r.uids[name] = id
}

// uidOf is the uid of the contact of a name, if one has been read, and one only.
func (r *Reader) uidOf(dn string) (string, bool) {
	id := r.uids[nameID(dn)]
	return id.String(), id != uuid.Nil
}

// nameID stands for a distinguished name; case and the blanks around commas and equal signs mean nothing in one (RFC 4514).
func nameID(dn string) uuid.UUID {
	var parts []string
	for part := range strings.SplitSeq(contact.Fold(dn), ",") {
		attr, value, _ := strings.Cut(part, "=")
		parts = append(parts, strings.TrimSpace(attr)+"="+strings.TrimSpace(value))
	}
	return uuid.NewSHA1(namespace, []byte("dn:"+strings.Join(parts, ",")))
}
