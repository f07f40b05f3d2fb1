package vcard

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// decodeFile gives the file's bytes as they are, without a byte order mark; UTF-16 of either order, marked or not, becomes UTF-8.
func decodeFile(r io.Reader) *bufio.Reader {
	b := bufio.NewReaderSize(r, 64<<10)
	head, _ := b.Peek(4) // an error here comes again at the first read
	utf16 := func(order unicode.Endianness) *bufio.Reader {
		decoder := unicode.UTF16(order, unicode.UseBOM).NewDecoder()
		return bufio.NewReaderSize(transform.NewReader(b, decoder), 64<<10)
	}
	switch {
	case bytes.HasPrefix(head, byteOrderMark):
		b.Discard(len(byteOrderMark)) // it was peeked at, so it is there
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), isUTF16(head, 1, 3):
		return utf16(unicode.LittleEndian)
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}), isUTF16(head, 0, 2):
		return utf16(unicode.BigEndian)
	}
	return b
}

// isUTF16 reports whether two ASCII letters stand with zeros at these places.
func isUTF16(head []byte, zeros ...int) bool {
	if len(head) < 4 {
		return false
	}
	for i, c := range head {
		if zero := i == zeros[0] || i == zeros[1]; zero != (c == 0) {
			return false
		}
	}
	return true
}

// toUTF8 decodes text of a named character set; ok is false if the name is unknown. Text without a name that isn't UTF-8 is taken for
// Windows-1252, as Outlook and old telephones write it. No byte is lost: that table has a character for each.
func toUTF8(b []byte, charset string) (s string, ok bool) {
	ok = true
	if charset = strings.TrimSpace(charset); charset != "" && !strings.EqualFold(charset, "UTF-8") {
		encoding, err := htmlindex.Get(charset)
		if err == nil {
			if decoded, err := encoding.NewDecoder().Bytes(b); err == nil && !bytes.ContainsRune(decoded, utf8.RuneError) {
				return string(decoded), true
			}
		}
		ok = err == nil
	}
	if utf8.Valid(b) {
		return string(b), ok
	}
	return fromWindows1252(b), ok
}

// fromWindows1252 maps the five bytes that Windows-1252 leaves open to the control characters of ISO 8859-1.
func fromWindows1252(b []byte) string {
	var out strings.Builder
	out.Grow(len(b) + len(b)/8)
	for _, c := range b {
		r := charmap.Windows1252.DecodeByte(c)
		if r == utf8.RuneError {
			r = rune(c)
		}
		out.WriteRune(r)
	}
	return out.String()
}

// decodeQuotedPrintable is lenient: what isn't an escape stands for itself.
func decodeQuotedPrintable(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '=' && i+2 < len(b) {
			high, low := hexDigit(b[i+1]), hexDigit(b[i+2])
			if high >= 0 && low >= 0 {
				out = append(out, byte(high<<4|low))
				i += 2
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

func hexDigit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}
