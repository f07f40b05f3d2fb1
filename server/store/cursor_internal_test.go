package store

import (
	"testing"

	"pgregory.net/rapid"
)

func FuzzDecodeCursor(f *testing.F) {
	f.Add("")
	f.Add("nonsense")
	f.Add(cursor{seq: 7, tag: -3}.encode("epoch", "book"))
	f.Add(cursor{seq: 7, start: 90, remaining: 1000, tag: 1 << 62, skips: []span{{9, 12}, {14, 14}}}.encode("epoch", "book"))
	f.Fuzz(func(t *testing.T, text string) {
		c, err := decodeCursor(text, "epoch", "book")
		if err != nil {
			return
		}
		if text != "" && c.encode("epoch", "book") != text {
			t.Errorf("decoded %q to %+v, which is another cursor", text, c)
		}
	})
}

// A cursor with any pushes stepped over hides exactly what was pushed, until maxSkips is reached, and never anything else.
func TestCursorOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := cursor{seq: rapid.Int64Range(0, 20).Draw(t, "seq"), tag: 5}
		begin := c.seq
		own := map[int64]bool{}
		for range rapid.IntRange(0, 12).Draw(t, "pushes") {
			s := span{first: rapid.Int64Range(1, 60).Draw(t, "first")}
			s.last = s.first + rapid.Int64Range(0, 5).Draw(t, "length")
			for seq := s.first; seq <= s.last; seq++ {
				own[seq] = true
			}
			full := len(c.skips) == maxSkips
			c = c.over(s)
			if !full && c.hides(s.first) != true {
				t.Fatalf("%+v shows %d", c, s.first)
			}
		}
		for seq := begin + 1; seq < 80; seq++ {
			if c.hides(seq) && !own[seq] {
				t.Fatalf("%+v hides %d, which is another's", c, seq)
			}
		}
		back, err := decodeCursor(c.encode("e", "b"), "e", "b")
		if err != nil || back.encode("e", "b") != c.encode("e", "b") || back.top() != c.top() {
			t.Fatalf("%+v came back as %+v, %v", c, back, err)
		}
		at := rapid.Int64Range(0, 80).Draw(t, "advance")
		moved := c.advance(at)
		for seq := int64(1); seq < 90; seq++ {
			if want := c.hides(seq) || seq <= at; moved.hides(seq) != want {
				t.Fatalf("%+v advanced to %d is %+v: hides %d is %t", c, at, moved, seq, !want)
			}
		}
	})
}

func (c cursor) hides(seq int64) bool {
	for _, s := range c.skips {
		if seq >= s.first && seq <= s.last {
			return true
		}
	}
	return seq <= c.seq
}
