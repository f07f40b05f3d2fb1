package cardfile

import (
	"bytes"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"kith/contact/csv"
)

// sniffed are the bytes from which the format is told.
const sniffed = 64 << 10

var byteOrderMark = []byte("\xef\xbb\xbf")

// ErrEmpty and ErrUnknown are those of a file that is of no format that is known.
var (
	ErrEmpty   = errors.New("the file is empty")
	ErrUnknown = errors.New("this is no address book that can be read: neither vCard, nor a table with names of columns that are known, nor LDIF, nor JSON")
)

// These are other files that people take for an address book that can be read; each says what to do.
var (
	ErrArchive    = errors.New("this is a ZIP archive or a workbook: unpack it, or save the table in it as CSV, and import that")
	ErrOldOffice  = errors.New("this is a workbook or a message of an older Office: save the table in it as CSV, and import that")
	ErrOutlook    = errors.New("this is an Outlook data file: export the contacts from Outlook as CSV, and import that")
	ErrDatabase   = errors.New("this is a program's database: export the address book from the program as vCard, and import that")
	ErrMork       = errors.New("this is Thunderbird's own file of before 2020: export the address book from Thunderbird as vCard or LDIF, and import that")
	ErrProperties = errors.New("this is a property list of Apple's: export the contacts from their program as vCard, and import that")
	ErrCompressed = errors.New("this is compressed: unpack it, and import what is in it")
	ErrPDF        = errors.New("this is a PDF: export the contacts as vCard or CSV, and import that")
)

// strangers are these files by what they begin with.
var strangers = []struct {
	start string
	err   error
}{
	{"PK\x03\x04", ErrArchive}, {"\xd0\xcf\x11\xe0", ErrOldOffice}, {"!BDN", ErrOutlook}, {"SQLite format 3\x00", ErrDatabase},
	{"// <!-- <mdb:mork", ErrMork}, {"bplist00", ErrProperties}, {"\x1f\x8b", ErrCompressed}, {"%PDF-", ErrPDF},
}

// Sniff tells the format of a file by its first bytes, at best 64 KiB. name counts only where these leave it open; it may be "".
func Sniff(start []byte, name string) (Format, error) {
	for _, s := range strangers {
		if bytes.HasPrefix(start, []byte(s.start)) {
			return "", s.err
		}
	}
	ascii := bytes.ReplaceAll(start, []byte{0}, nil) // UTF-16 has zeros in between
	text := bytes.TrimLeft(bytes.TrimPrefix(ascii, byteOrderMark), " \t\r\n\xff\xfe")
	switch {
	case len(text) == 0:
		return "", ErrEmpty
	case text[0] == '{', text[0] == '[':
		return JSON, nil
	case isLDIF(text):
		return LDIF, nil
	case hasLine(text, "BEGIN:VCARD"):
		return VCard, nil
	}
	ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(name)), ".")
	switch {
	case csv.Knows(start), slices.Contains([]string{"csv", "tsv", "tab"}, ending):
		return CSV, nil
	case slices.Contains([]string{"vcf", "vcard"}, ending):
		return VCard, nil
	case slices.Contains([]string{"ldif", "ldi"}, ending):
		return LDIF, nil
	}
	return "", ErrUnknown
}

// isLDIF looks at the first line that isn't a comment: the name of an entry, or the version (RFC 2849).
func isLDIF(text []byte) bool {
	comment := false
	for line := range bytes.Lines(bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))) {
		line = bytes.TrimRight(line, "\n")
		if comment = len(line) == 0 || line[0] == '#' || comment && line[0] == ' '; comment {
			continue
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		return ok && (bytes.EqualFold(name, []byte("dn")) || bytes.EqualFold(name, []byte("version")) && string(bytes.TrimSpace(value)) == "1")
	}
	return false
}

// hasLine reports whether one of the lines is this one, in any case and with blanks around.
func hasLine(text []byte, line string) bool {
	for rest := text; len(rest) > 0; {
		end := bytes.IndexAny(rest, "\r\n")
		if end < 0 {
			end = len(rest)
		}
		if bytes.EqualFold(bytes.TrimSpace(bytes.TrimPrefix(rest[:end], byteOrderMark)), []byte(line)) {
			return true
		}
		rest = rest[min(end+1, len(rest)):]
	}
	return false
}
