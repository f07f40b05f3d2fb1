package csv

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// charset is a character set by the name that people know it by.
type charset struct {
	name     string
	encoding encoding.Encoding
}

var (
	utf8Text = charset{"UTF-8", unicode.UTF8BOM}
	utf16LE  = charset{"UTF-16LE", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)}
	utf16BE  = charset{"UTF-16BE", unicode.UTF16(unicode.BigEndian, unicode.UseBOM)}
	western  = charset{"Windows-1252", charmap.Windows1252}
)

// legacy are the character sets that Outlook writes on a Windows of that language, the likeliest first.
var legacy = []charset{
	western, {"Windows-1250", charmap.Windows1250}, {"Windows-1251", charmap.Windows1251}, {"Windows-1253", charmap.Windows1253},
	{"Windows-1254", charmap.Windows1254}, {"Windows-1257", charmap.Windows1257}, {"Shift_JIS", japanese.ShiftJIS},
	{"GBK", simplifiedchinese.GBK}, {"Big5", traditionalchinese.Big5}, {"EUC-KR", korean.EUCKR},
}

// Encodings are the names of the character sets that Options.Encoding takes.
func Encodings() []string {
	names := []string{utf8Text.name, utf16LE.name, utf16BE.name}
	for _, c := range legacy {
		names = append(names, c.name)
	}
	return names
}

func charsetByName(name string) (charset, bool) {
	for _, c := range append([]charset{utf8Text, utf16LE, utf16BE}, legacy...) {
		if strings.EqualFold(c.name, name) {
			return c, true
		}
	}
	return charset{}, false
}

// detectCharset judges by the start of a file. Text that is not Unicode is of the character set in which most of its header is known.
func detectCharset(start []byte) charset {
	switch {
	case bytes.HasPrefix(start, []byte("\xef\xbb\xbf")):
		return utf8Text
	case bytes.HasPrefix(start, []byte("\xff\xfe")):
		return utf16LE
	case bytes.HasPrefix(start, []byte("\xfe\xff")):
		return utf16BE
	}
	var zeros [2]int // a text in UTF-16 has one in every other place for each letter of ASCII
	for i, b := range start {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case zeros[1] > len(start)/8 && zeros[1] > zeros[0]:
		return utf16LE
	case zeros[0] > len(start)/8:
		return utf16BE
	case mostlyUTF8(start):
		return utf8Text
	}
	best, most := western, -1
	header, _, _ := bytes.Cut(start, []byte("\n"))
	for _, c := range legacy {
		text, err := c.encoding.NewDecoder().Bytes(header)
		if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
			continue
		}
		if known := knownHeaders(string(text)); known > most {
			best, most = c, known
		}
	}
	return best
}

// mostlyUTF8 reports whether more of what is not ASCII are characters of UTF-8 than are not.
func mostlyUTF8(b []byte) bool {
	valid, invalid := 0, 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && size == 1 && utf8.FullRune(b): // else the end is cut off
			invalid++
		case size > 1:
			valid++
		}
		b = b[size:]
	}
	return invalid == 0 || valid > invalid
}

// knownHeaders counts the columns of a header line that have a meaning, whatever the delimiter.
func knownHeaders(line string) int {
	n := 0
	for _, cell := range splitHeader(line, detectDelimiter(line)) {
		if c := guess(cell); c.Field != Keep {
			n++
		}
	}
	return n
}

func splitHeader(line string, delimiter byte) []string {
	rows := newRows(strings.NewReader(line), delimiter)
	cells, _, err := rows.next()
	if err != nil {
		return nil
	}
	return cells
}

// decode gives the text of r as UTF-8 without a byte order mark. Bytes that are no UTF-8 in a text that else is are taken for
// Windows-1252, so that no letter is lost to one line from elsewhere.
func decode(r io.Reader, c charset) io.Reader {
	if c.name == utf8Text.name {
		return &lenientUTF8{in: bufio.NewReader(r), start: true}
	}
	return transform.NewReader(r, c.encoding.NewDecoder())
}

type lenientUTF8 struct {
	in      *bufio.Reader
	start   bool
	pending []byte
}

func (l *lenientUTF8) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(l.pending) > 0 {
			k := copy(p[n:], l.pending)
			l.pending = l.pending[k:]
			n += k
			continue
		}
		if n > 0 && l.in.Buffered() < utf8.UTFMax { // else it would wait for more before it gives what it has
			return n, nil
		}
		r, size, err := l.in.ReadRune()
		if err != nil {
			return n, err
		}
		if r == utf8.RuneError && size == 1 {
			_ = l.in.UnreadRune()
			b, _ := l.in.ReadByte() // what UnreadRune gave back
			r = charmap.Windows1252.DecodeByte(b)
		}
		if first := l.start; first {
			l.start = false
			if r == '\ufeff' {
				continue
			}
		}
		l.pending = utf8.AppendRune(l.pending[:0], r)
	}
	return n, nil
}

// delimiters are those in use; the first wins a tie.
const delimiters = ",;\t|"

// detectDelimiter counts the candidates in the header, outside quotes.
func detectDelimiter(line string) byte {
	var counts [len(delimiters)]int
	quoted := false
	for i := 0; i < len(line); i++ {
		if line[i] == '"' {
			quoted = !quoted
		} else if at := strings.IndexByte(delimiters, line[i]); at >= 0 && !quoted {
			counts[at]++
		}
	}
	best := 0
	for i, n := range counts {
		if n > counts[best] {
			best = i
		}
	}
	return delimiters[best]
}

// Knows reports whether text that begins so is a table whose columns have names that mean something to us, or one without names that
// has a column of e-mail addresses. Prose isn't, whatever words and commas are in it.
func Knows(start []byte) bool {
	r, err := NewReader(bytes.NewReader(start), Options{})
	if err != nil {
		return false
	}
	known, meanings := 0, r.mapping
	if r.pending == nil {
		meanings = Guess(r.header) // by the names alone
	}
	for i, c := range meanings {
		if len(r.header[i]) > 64 {
			return false
		}
		if c.Field == Keep {
			continue
		}
		known++
		for _, row := range r.samples[:max(len(r.samples)-1, 0)] { // the last one may be cut off
			if r.pending != nil && (len(row) <= i || !strings.Contains(row[i], "@")) {
				return false
			}
		}
	}
	switch {
	case r.pending != nil:
		return known > 0 && len(r.samples) > 1
	case len(r.header) == 1:
		return known == 1 && len(r.samples) > 0
	}
	return known >= 3 || known*2 >= len(r.header)
}
