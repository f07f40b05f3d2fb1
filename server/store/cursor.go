package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// maxSkips bounds a cursor's length; a device that pushed more often between others' changes sees its own newer ones again.
const maxSkips = 8

// span is a range of seqs, both ends included.
type span struct{ first, last int64 }

// cursor is a device's place in a book's feed: everything up to seq is known to it, and so are the skips, which it pushed itself.
//
// On the first walk, from nothing, start is the book's seq when the walk began: tombstones up to it say nothing to a device that
// has never seen those contacts. remaining counts the changes still ahead when the page was cut.
//
// tag is that of the commit at top, the highest seq that the cursor claims anything about. Commits only follow one another, so
// who has that one has everything before it.
type cursor struct {
	seq, start, remaining int64
	tag                   int64
	skips                 []span // ascending, apart from each other, all after seq
}

func (c cursor) top() int64 {
	top := max(c.seq, c.start)
	if n := len(c.skips); n > 0 {
		top = max(top, c.skips[n-1].last)
	}
	return top
}

// baseline is the seq up to which a removed tombstone would not have told the device anything.
func (c cursor) baseline() int64 { return max(c.seq, c.start) }

// advance moves to seq and drops what lies behind.
func (c cursor) advance(seq int64) cursor {
	skips := c.skips
	c.skips = nil
	c.seq = max(c.seq, seq)
	for _, s := range skips {
		c = c.over(s)
	}
	if c.start <= c.seq {
		c.start = 0
	}
	return c
}

// over steps over what the device pushed itself: the place moves when nothing lies between, else the span is skipped later.
func (c cursor) over(s span) cursor {
	if s.last <= c.seq {
		return c
	}
	if s.first <= c.seq+1 {
		c.seq = s.last
		if c.start <= c.seq {
			c.start = 0
		}
		rest := c.skips
		c.skips = nil
		for _, r := range rest {
			c = c.over(r)
		}
		return c
	}
	var out []span
	placed := false
	for _, r := range c.skips {
		switch {
		case r.last+1 < s.first:
			out = append(out, r)
		case s.last+1 < r.first:
			if !placed {
				out, placed = append(out, s), true
			}
			out = append(out, r)
		default: // they touch
			s = span{min(r.first, s.first), max(r.last, s.last)}
		}
	}
	if !placed {
		out = append(out, s)
	}
	if len(out) <= maxSkips {
		c.skips = out
	}
	return c
}

const (
	cursorVersion = 1
	cursorMAC     = 8 // bytes
)

// encode writes the cursor as text, signed for one book in one epoch.
func (c cursor) encode(epoch, book string) string {
	b := make([]byte, 0, 64)
	b = append(b, cursorVersion)
	b = binary.AppendUvarint(b, uint64(c.seq))
	b = binary.BigEndian.AppendUint64(b, uint64(c.tag))
	b = binary.AppendUvarint(b, uint64(c.start))
	b = binary.AppendUvarint(b, uint64(c.remaining))
	at := c.seq
	for _, s := range c.skips {
		b = binary.AppendUvarint(b, uint64(s.first-at))
		b = binary.AppendUvarint(b, uint64(s.last-s.first))
		at = s.last
	}
	return base64.RawURLEncoding.EncodeToString(append(b, sign(b, epoch, book)...))
}

func sign(b []byte, epoch, book string) []byte {
	h := hmac.New(sha256.New, []byte(epoch))
	h.Write([]byte(book))
	h.Write([]byte{0})
	h.Write(b)
	return h.Sum(nil)[:cursorMAC]
}

// decodeCursor reads a cursor; "" is the beginning. ErrCursorUnknown: of another book or epoch, or not one of ours.
func decodeCursor(text, epoch, book string) (cursor, error) {
	if text == "" {
		return cursor{}, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < 1+cursorMAC || b[0] != cursorVersion {
		return cursor{}, ErrCursorUnknown
	}
	b, mac := b[:len(b)-cursorMAC], b[len(b)-cursorMAC:]
	if !hmac.Equal(mac, sign(b, epoch, book)) {
		return cursor{}, ErrCursorUnknown
	}
	r := reader{b: b[1:]}
	c := cursor{seq: r.varint()}
	c.tag = r.fixed()
	c.start, c.remaining = r.varint(), r.varint()
	at := c.seq
	for !r.bad && len(r.b) > 0 && len(c.skips) < maxSkips {
		s := span{first: at + r.varint()}
		s.last = s.first + r.varint()
		if s.first <= at || s.last < s.first {
			r.bad = true
		}
		c.skips, at = append(c.skips, s), s.last
	}
	if r.bad || len(r.b) > 0 {
		return cursor{}, ErrCursorUnknown
	}
	return c, nil
}

type reader struct {
	b   []byte
	bad bool
}

func (r *reader) varint() int64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > 1<<62 {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return int64(v)
}

func (r *reader) fixed() int64 {
	if len(r.b) < 8 {
		r.bad = true
		return 0
	}
	v := binary.BigEndian.Uint64(r.b)
	r.b = r.b[8:]
	return int64(v)
}
