package vcard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"kith/contact"
)

// maxCardBytes is the longest card that is read as one: far over any photo, far under the memory of any machine.
const maxCardBytes = 32 << 20

// maxText is the most that a card may have beside pictures, sounds and keys: four times what a book takes, so that what is made of it on
// the way stays small too.
const maxText = 4 * contact.MaxBytes

// growth is more than any text grows on its way to JSON; a line of many short nicknames comes near it.
const growth = 32

// Reasons of a BrokenCard, beside those of a single line.
var (
	ErrOutside = errors.New("this text is not part of a card")
	ErrNoEnd   = errors.New("the card has no END:VCARD")
	ErrTooLong = errors.New("the card is longer than 32 MiB")
	ErrTooMuch = fmt.Errorf("the card has more than %d KiB of text", maxText>>10)
)

// BrokenCard is a part of the file that could not be read. Raw is what stands there, in UTF-8 if the file was in UTF-16 and else
// as it was, to be kept for the user. The reader goes on behind it.
type BrokenCard struct {
	Line int // where the trouble is; 1 is the first line of the file
	Raw  []byte
	Err  error
}

func (e *BrokenCard) Error() string { return fmt.Sprintf("read vCard at line %d: %v", e.Line, e.Err) }
func (e *BrokenCard) Unwrap() error { return e.Err }

// LargeCard comes together with a card that is whole, but over contact.MaxBytes, so that no book takes it as it is: usually
// because of a photo, which has to be made smaller or kept elsewhere first.
type LargeCard struct {
	Line  int // of the card's BEGIN
	Bytes int // of its canonical JSON
}

func (e *LargeCard) Error() string {
	return fmt.Sprintf("the card at line %d has %d bytes, %d are allowed: make its photo smaller", e.Line, e.Bytes, contact.MaxBytes)
}

// Reader reads the cards of one file, one after another; it holds one card at a time. Not safe for concurrent use.
type Reader struct {
	lines scanner
	block block
	line  int
	take  func(contact.Blob) error
}

// ReadOption is one of NewReader's.
type ReadOption func(*Reader)

// TakeBlobs makes the reader hand over the bytes of photos, logos and sounds as they come, and give cards that refer to them (see
// contact.Blob), so that a photo counts no more towards the size of its card. An error of take is final; errors.Is finds it.
func TakeBlobs(take func(contact.Blob) error) ReadOption { return func(r *Reader) { r.take = take } }

// NewReader reads from r, whose character set it finds out. Without options a photo is a data: URI in its card.
func NewReader(r io.Reader, options ...ReadOption) *Reader {
	reader := &Reader{lines: scanner{in: decodeFile(r)}}
	for _, o := range options {
		o(reader)
	}
	return reader
}

// Next returns the next card. A *BrokenCard error: that part was skipped, call Next again. A *LargeCard error: the card is
// returned whole, and a book will refuse it. io.EOF: the end. Any other error is one of reading the file, and final.
func (r *Reader) Next() (contact.Card, error) {
	if err := r.nextBlock(); err != nil {
		return contact.Card{}, err
	}
	r.line = r.block.first
	props, version, err := parseBlock(&r.block)
	if err != nil {
		return contact.Card{}, r.broken(err)
	}
	card, err := importCard(props, version)
	if err != nil {
		return contact.Card{}, r.broken(err)
	}
	if r.take != nil {
		if card, err = card.DetachBlobs(r.take); err != nil {
			return contact.Card{}, fmt.Errorf("read vCard at line %d: %w", r.line, err)
		}
	}
	if len(r.block.raw) > contact.MaxBytes/growth {
		if size := len(card.JSON()); size > contact.MaxBytes {
			return card, &LargeCard{Line: r.line, Bytes: size}
		}
	}
	return card, nil
}

// Line is the number of the line at which the last card began.
func (r *Reader) Line() int { return r.line }

// Raw is what the last card was read from, as it stands in the file (in UTF-8 if the file is in UTF-16), until the next call of Next.
func (r *Reader) Raw() []byte { return r.block.raw }

func (r *Reader) broken(err error) *BrokenCard {
	broken := &BrokenCard{Line: r.block.first, Raw: bytes.Clone(r.block.raw), Err: err}
	var at *lineError
	if errors.As(err, &at) {
		broken.Line, broken.Err = at.number, at.err
	}
	r.line = r.block.first
	return broken
}

// nextBlock reads up to the END of the next card, or returns what stands there instead as a *BrokenCard.
func (r *Reader) nextBlock() error {
	r.block.reset()
	depth, agent, text := 0, false, false
	for {
		line, err := r.lines.next()
		if errors.Is(err, io.EOF) {
			switch {
			case depth > 0:
				return r.broken(ErrNoEnd)
			case text:
				return r.broken(ErrOutside)
			}
			return io.EOF
		}
		if err != nil {
			return fmt.Errorf("read vCard: %w", err)
		}
		begin, end := delimiter(line)
		switch {
		case begin && depth == 0 && text:
			r.lines.again()
			return r.broken(ErrOutside)
		case begin && depth > 0 && !agent:
			r.lines.again()
			return r.broken(ErrNoEnd)
		case begin && depth == 0:
			r.block.reset() // empty lines
			depth = 1
		case begin:
			depth++
		case end && depth > 0:
			depth--
			if depth == 0 {
				r.block.add(line, r.lines.number)
				return nil
			}
		case depth == 0:
			text = text || len(bytes.TrimSpace(bytes.TrimPrefix(line, byteOrderMark))) > 0
		}
		if len(r.block.raw)+len(line) > maxCardBytes && len(r.block.raw) > 0 {
			r.lines.again()
			if depth == 0 {
				return r.broken(ErrOutside)
			}
			return r.broken(ErrTooLong)
		}
		r.block.add(line, r.lines.number)
		if agent = opensAgent(line) || agent && len(bytes.TrimSpace(line)) == 0; depth == 0 && !text {
			r.block.reset()
		}
	}
}

// parseBlock gives a card's properties without BEGIN, VERSION and END; a nested card of 2.1 is the value of its AGENT, as in 3.0.
func parseBlock(b *block) ([]property, Version, error) {
	version, old := blockVersion(b)
	lines, err := unfold(b.raw, b.lines[1:len(b.lines)-1], old)
	if err != nil {
		return nil, "", err
	}
	props := make([]property, 0, len(lines))
	versionSeen, size := false, 0
	for i := 0; i < len(lines); i++ {
		if size += textSize(lines[i].text); size > maxText {
			return nil, "", &lineError{lines[i].number, ErrTooMuch}
		}
		if begin, _ := delimiter(lines[i].text); begin && len(props) > 0 {
			end := nestedEnd(lines, i)
			props[len(props)-1].Value = nestedValue(lines[i:end])
			i = end - 1
			continue
		}
		p, err := parseProperty(lines[i].text, old)
		if err != nil {
			return nil, "", &lineError{lines[i].number, err}
		}
		if p.Name == "VERSION" && (!versionSeen || p.Value == "2.1" || p.Value == "3.0" || p.Value == "4.0") {
			versionSeen = true // said twice it says no more
			continue
		}
		props = append(props, p)
	}
	return props, version, nil
}

// mediaNames are properties whose value may be bytes.
var mediaNames = [][]byte{[]byte("PHOTO"), []byte("LOGO"), []byte("SOUND"), []byte("KEY")}

// textSize is the length of a line, but of one that holds bytes.
func textSize(line []byte) int {
	if len(line) > 256 {
		name := line[:bytes.IndexAny(line, ":;")+1]
		name = bytes.TrimRight(name[bytes.LastIndexByte(name, '.')+1:], ":;")
		for _, media := range mediaNames {
			if bytes.EqualFold(bytes.TrimSpace(name), media) {
				return 0
			}
		}
	}
	return len(line)
}

// blockVersion looks for the VERSION of the card itself. Without one, it is 2.1 if something says so that only 2.1 has.
func blockVersion(b *block) (v Version, old bool) {
	depth := 0
	for _, l := range b.lines {
		line := b.raw[l.start:l.end]
		begin, end := delimiter(line)
		if begin {
			depth++
		} else if end {
			depth--
		}
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && depth == 1 && bytes.EqualFold(bytes.TrimSpace(name), []byte("VERSION")) {
			switch value := strings.TrimSpace(string(value)); {
			case strings.HasPrefix(value, "2"):
				return V30, true
			case strings.HasPrefix(value, "4"):
				return V40, false
			}
			return V30, false
		}
	}
	return V30, bytes.Contains(bytes.ToUpper(b.raw), []byte("QUOTED-PRINTABLE"))
}

// nestedEnd is the index behind the END of the card that begins at line i.
func nestedEnd(lines []logical, i int) int {
	for depth := 0; i < len(lines); i++ {
		begin, end := delimiter(lines[i].text)
		if begin {
			depth++
		} else if end {
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(lines)
}

// nestedValue writes a nested card as one text (RFC 2426 section 3.5.4).
func nestedValue(lines []logical) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		text, _ := toUTF8(l.text, "")
		b.WriteString(oneLine(text))
	}
	return escapeField(b.String())
}
