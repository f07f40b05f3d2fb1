package ui

import (
	"context"
	"fmt"
	"image"

	"fyne.io/fyne/v2"

	"kith/data"
)

// opened is what the first frame with contacts needs. All of it is read while the window is made: that takes as long again, on another
// core.
type opened struct {
	Session
	err            error // why there is no session
	theme, text    string
	desktop        string // see settingDesktop
	language       string
	tray           bool
	colors, labels string
	size           fyne.Size
	place          *image.Point // nil: the window manager chooses

	changes <-chan struct{} // commits since before the rest was read
	query   data.Query
	first   *listing          // the top of the answer to query; nil: it could not be read, and asking again says why
	counts  <-chan bookCounts // has one if it could be read
}

// openSession opens a profile off the UI goroutine. The channel has its one answer when that is there. One thing is done after the other,
// also what else is to be done then, before the counts: on two cores, more would take time from the window that is being made.
func openSession(bg *background, open func(context.Context) (Session, error), then func()) <-chan opened {
	answer := make(chan opened, 1)
	bg.run(func(ctx context.Context) {
		var o opened
		if o.Session, o.err = open(ctx); o.err == nil {
			o.err = o.read(ctx)
		}
		counts := make(chan bookCounts, 1)
		o.counts = counts
		answer <- o
		then()
		if o.err == nil {
			if c, err := readCounts(ctx, o.Store, ""); err == nil {
				counts <- c
			}
		}
	})
	return answer
}

// read fills in what the session's profile says. A list that can't be read is no reason to show no window.
func (o *opened) read(ctx context.Context) error {
	o.changes = o.Store.Watch(ctx)
	var tray, sort, size, place string
	for key, value := range map[string]*string{settingTheme: &o.theme, settingDesktop: &o.desktop, settingText: &o.text, settingTray: &tray, settingLanguage: &o.language,
		settingSort: &sort, settingLabelColors: &o.colors, settingEmptyLabels: &o.labels, settingSize: &size,
		settingPlace: &place} {
		var err error
		if *value, err = o.Store.Setting(ctx, key); err != nil {
			return err
		}
	}
	o.tray = tray == settingOn
	if n, _ := fmt.Sscanf(size, "%gx%g", &o.size.Width, &o.size.Height); n != 2 {
		o.size = fyne.Size{}
	}
	o.place = parsePlace(place)
	o.query = data.Query{Sort: parseSort(sort)}
	rows := int(max(o.size.Height, defaultSize.Height)/rowHeight) + 1
	if first, err := readTop(ctx, o.Store, o.query, rows); err == nil {
		o.first = &first
	}
	return nil
}

// begin opens the profile, and settles when that is done.
func (w *Window) begin() {
	opening := w.opening
	if w.opening = nil; opening == nil {
		opening = openSession(w.bg, w.open, func() {})
	}
	w.bg.run(func(ctx context.Context) {
		o := <-opening
		w.mu.Lock()
		w.session = o.Session
		w.mu.Unlock()
		w.arrived.Store(&o)
		if w.fonts != nil {
			<-w.fonts.done
		}
		if ctx.Err() == nil {
			w.bg.post(func() { w.settle() })
		}
	})
}

// settle shows the profile that has been opened, or why it can't be; false: it is being opened, or is shown.
func (w *Window) settle() bool {
	o := w.arrived.Swap(nil)
	switch {
	case o == nil:
		return false
	case o.err != nil:
		w.showProblem(o.err)
	default:
		w.showBook(*o)
	}
	return true
}
