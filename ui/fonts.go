package ui

import (
	"io"
	"log"
	"sync/atomic"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"github.com/go-text/typesetting/fontscan"
)

// fontReading has Fyne read the fonts before there is a text to draw: it does so when one is first measured, for longer than all else that
// the UI goroutine does at the start.
type fontReading struct {
	taken atomic.Bool // by whoever measures texts from now on
	done  chan struct{}
}

func newFontReading() *fontReading { return &fontReading{done: make(chan struct{})} }

// read looks through the system's fonts, which takes seconds where there are many and no index of them yet, and measures a first text
// in each style of the window's.
func (r *fontReading) read() {
	defer close(r.done)
	// Fyne's own search then finds what this one found. An error is Fyne's to meet: it does without them.
	_ = fontscan.NewFontMap(log.New(io.Discard, "", 0)).UseSystemFonts("")
	if r.taken.CompareAndSwap(false, true) {
		for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
			fyne.MeasureText("Kith", theme.TextSize(), style)
		}
	}
}

// end makes texts the UI goroutine's alone: Fyne's memory of them is not for several goroutines. It waits no longer than the measuring of
// those texts takes, once that has begun. Before that it says false: the fonts are still being looked for.
func (r *fontReading) end() bool {
	if r.taken.CompareAndSwap(false, true) {
		return false
	}
	<-r.done
	return true
}
