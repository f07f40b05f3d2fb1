package ui

import (
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/lang"
)

// longPiece is how much of a long text is shown at once, in bytes: breaking the lines of a note of 200 kB takes seconds.
const longPiece = 4000

// pieceOf is the beginning of a long text, up to the end of a line or at least of a word, and the rest.
func pieceOf(text string) (piece, rest string) {
	if len(text) <= longPiece+longPiece/4 { // a rest of a few lines is no rest
		return text, ""
	}
	end := longPiece
	for !utf8.RuneStart(text[end]) {
		end--
	}
	for _, between := range []string{"\n", " "} {
		if at := strings.LastIndex(text[:end], between); at > longPiece/2 {
			return text[:at], text[at+1:]
		}
	}
	return text[:end], text[end:]
}

// newRest offers the rest of a long text, piece by piece. grown is called when there is more to see.
func newRest(rest string, reveal func(fyne.CanvasObject), grown func()) fyne.CanvasObject {
	box := container.New(columnLayout{gap: 0})
	more := newLink(lang.L("Show More"), iconUnfolded, nil)
	line := container.New(insets{2, 0, 6, valuePad - linkPad}, container.NewHBox(more))
	more.onFocus = func() { reveal(more) }
	more.tapped = func() {
		piece, left := pieceOf(rest)
		rest = left
		line.Hidden = rest == ""
		box.Objects = append(box.Objects[:len(box.Objects)-1:len(box.Objects)-1], container.New(insets{-8, valueCopy, -8, valuePad - 8}, newParagraph(piece)), line)
		grown()
	}
	box.Add(line)
	return box
}
