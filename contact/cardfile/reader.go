package cardfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"kith/contact"
	"kith/contact/csv"
	"kith/contact/ldif"
	"kith/contact/vcard"
)

// Format is what a file is written in; its value is the usual ending of such files' names.
type Format string

const (
	VCard Format = "vcf"
	CSV   Format = "csv"
	LDIF  Format = "ldif"
	JSON  Format = "json" // one JSContact card (RFC 9553), an array of them, or one after another
)

// Option is one of NewReader's.
type Option func(*settings)

type settings struct {
	blobs func(contact.Blob) error
	table csv.Options
}

// TakeBlobs takes the bytes of photos as they come, see contact.Blob, so that they count no more towards the size of their card. An
// error of take is final; errors.Is finds it. Without it photos stay in their cards as data: URIs.
func TakeBlobs(take func(contact.Blob) error) Option {
	return func(s *settings) { s.blobs = take }
}

// Table corrects what is found out of a table.
func Table(o csv.Options) Option { return func(s *settings) { s.table = o } }

// Broken is a part of a file that gave no contact. The reader goes on behind it.
type Broken struct {
	Line int    // 1 is the first line of the file
	Raw  []byte // what stands there, to be kept for the user; UTF-8 if the file was not
	Err  error
}

func (e *Broken) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }
func (e *Broken) Unwrap() error { return e.Err }

// ErrTooLarge is that of a card over contact.MaxBytes.
var ErrTooLarge = fmt.Errorf("the card is larger than %d KiB", contact.MaxBytes>>10)

// Reader reads the contacts of one file, one after another; it holds one at a time. Not safe for concurrent use.
type Reader struct {
	format Format
	source source
	table  *csv.Reader // nil: another format
}

// source is one format's reader. next's errors: *Broken, io.EOF; any other is final.
type source interface {
	next() (contact.Card, error)
	line() int
	raw() []byte
}

// NewReader finds out the format by the first bytes of in, and by the file's name where these say nothing; it may be "". Its error
// says what the file is instead, as far as that can be told.
func NewReader(in io.Reader, name string, options ...Option) (*Reader, error) {
	var with settings
	for _, o := range options {
		o(&with)
	}
	buffered := bufio.NewReaderSize(in, sniffed)
	start, err := buffered.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	r := &Reader{}
	if r.format, err = Sniff(start, name); err != nil {
		return nil, err
	}
	switch r.format {
	case VCard:
		var options []vcard.ReadOption
		if with.blobs != nil {
			options = append(options, vcard.TakeBlobs(with.blobs))
		}
		r.source = vcardSource{vcard.NewReader(buffered, options...)}
	case LDIF:
		var options []ldif.Option
		if with.blobs != nil {
			options = append(options, ldif.TakeBlobs(with.blobs))
		}
		r.source = ldifSource{ldif.NewReader(buffered, options...)}
	case JSON:
		r.source = newJSONSource(buffered, with.blobs)
	case CSV:
		if r.table, err = csv.NewReader(buffered, with.table); errors.Is(err, csv.ErrEmpty) {
			return nil, ErrEmpty
		} else if err != nil {
			return nil, err
		}
		r.source = csvSource{r.table}
	}
	return r, nil
}

// Next returns the next contact; no book has looked at it yet. A *Broken error: that part was skipped, call Next again. io.EOF: the end.
// Any other error is one of reading the file, or TakeBlobs', and final.
func (r *Reader) Next() (contact.Card, error) { return r.source.next() }

// Line is the number of the line at which the last contact began.
func (r *Reader) Line() int { return r.source.line() }

// Raw is what the last contact was read from, to be kept for the user if a book refuses it, until the next call of Next. It is as
// Broken.Raw.
func (r *Reader) Raw() []byte { return r.source.raw() }

// Head is what a file of kept parts begins with, so that it can be read like this one; often nothing.
func (r *Reader) Head() []byte {
	if r.table != nil {
		return r.table.Head()
	}
	return nil
}

// Format is what the file is written in.
func (r *Reader) Format() Format { return r.format }

// Columns are what a table's columns are taken for, to be shown and corrected before the first Next; nil for other formats.
func (r *Reader) Columns() *csv.Reader { return r.table }

// Raw is a card as a vCard file holds it, to be kept where there is no file that it came from.
func Raw(c contact.Card) ([]byte, error) {
	var b bytes.Buffer
	err := vcard.Write(&b, vcard.V40, c)
	return b.Bytes(), err
}

type vcardSource struct{ *vcard.Reader }

func (s vcardSource) next() (contact.Card, error) {
	card, err := s.Next()
	var broken *vcard.BrokenCard
	var large *vcard.LargeCard
	switch {
	case errors.As(err, &broken):
		return contact.Card{}, &Broken{broken.Line, broken.Raw, broken.Err}
	case errors.As(err, &large):
		return contact.Card{}, &Broken{large.Line, s.Raw(), fmt.Errorf("%w: its photo has to be smaller", ErrTooLarge)}
	}
	return card, err
}

func (s vcardSource) line() int   { return s.Line() }
func (s vcardSource) raw() []byte { return s.Raw() }

type ldifSource struct{ *ldif.Reader }

func (s ldifSource) next() (contact.Card, error) {
	card, err := s.Next()
	var broken *ldif.BrokenRecord
	if errors.As(err, &broken) {
		return contact.Card{}, &Broken{broken.Line, broken.Raw, broken.Err}
	}
	return card, err
}

func (s ldifSource) line() int   { return s.Line() }
func (s ldifSource) raw() []byte { return s.Raw() }

type csvSource struct{ *csv.Reader }

func (s csvSource) next() (contact.Card, error) {
	card, err := s.Next()
	var broken *csv.BrokenRow
	if errors.As(err, &broken) {
		return contact.Card{}, &Broken{broken.Line, broken.Raw, broken.Err}
	}
	return card, err
}

func (s csvSource) line() int   { return s.Line() }
func (s csvSource) raw() []byte { return s.Raw() }
