package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

func TestPieceOf(t *testing.T) {
	line := strings.Repeat("x", 99) + "\n"
	words := strings.Repeat("word ", 2000)
	solid := strings.Repeat("字", 3000)
	for _, text := range []string{"", "short", strings.Repeat(line, 45), strings.Repeat(line, 200), words, solid} {
		var pieces []string
		for rest := text; ; {
			var piece string
			piece, rest = pieceOf(rest)
			pieces = append(pieces, piece)
			if rest == "" {
				break
			}
		}
		plain := strings.NewReplacer("\n", "", " ", "").Replace
		if got := plain(strings.Join(pieces, "")); got != plain(text) {
			t.Errorf("%d bytes in %d pieces: something is lost", len(text), len(pieces))
		}
		for _, p := range pieces {
			if len(p) > longPiece+longPiece/4 || strings.ContainsRune(p, '�') {
				t.Errorf("a piece of %d bytes", len(p))
			}
		}
	}
}

// TestLongNote: a long note is shown piece by piece, and copied whole.
func TestLongNote(t *testing.T) {
	var note strings.Builder
	for range 400 {
		note.WriteString("A line of a very long note.\n")
	}
	h := newHarness(t, person("Ada", "Lovelace").WithNote(strings.TrimSpace(note.String())))
	h.untilListed("Ada Lovelace")
	h.list.choose(0)
	h.untilShown("Ada Lovelace")
	shown := func() (lines int, more *link) {
		for _, o := range descendants(h.view.blocks) {
			switch o := o.(type) {
			case *valueRow:
				if o.long != nil {
					lines += strings.Count(o.long.Text+"\n", "\n")
				}
			case *widget.Label:
				lines += strings.Count(o.Text+"\n", "\n")
			case *link:
				more = o
			}
		}
		return lines, more
	}
	before := h.view.column.MinSize().Height
	lines, more := shown()
	if lines >= 200 || more == nil {
		t.Fatalf("%d lines are shown at first, and more is %v", lines, more)
	}
	for more.Visible() && visibleUp(h.view.blocks, more) {
		more.tapped()
	}
	if lines, _ := shown(); lines != 400 {
		t.Errorf("%d lines are shown at last", lines)
	}
	if after := h.view.column.Size().Height; after < 2*before {
		t.Errorf("the contact is %v high, %v before", after, before)
	}
}

// visibleUp says whether all containers around an object are shown.
func visibleUp(in *fyne.Container, o fyne.CanvasObject) bool {
	for _, child := range in.Objects {
		if child == o {
			return in.Visible()
		}
		if c, ok := child.(*fyne.Container); ok && visibleUp(c, o) {
			return in.Visible()
		}
	}
	return false
}
