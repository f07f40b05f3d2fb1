//go:build linux

package ui

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"golang.org/x/sys/unix"

	"kith/contact"
	"kith/data"
)

// frame is how long a call on the UI goroutine may take before a person sees it: one picture at 60 a second.
const frame = 16 * time.Millisecond

const bigBookSize = 100_000

// trace measures each call on the UI goroutine: what the window posts, and what the hand does.
// It counts the processor's time for this thread, which other work on the machine does not stretch; no call waits for anything.
type trace struct {
	longest time.Duration
	calls   int
}

func (tr *trace) call(f func()) {
	began := threadTime()
	f()
	tr.longest = max(tr.longest, threadTime()-began)
	tr.calls++
}

// threadTime is the processor's time that this thread has had.
func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err) // Linux always has it
	}
	return time.Duration(t.Nano())
}

// BenchmarkWindow uses the window on a book of 100,000 contacts, and reports the longest call on the UI goroutine of each kind of use:
// all that it computes and lays out. Drawing is Fyne's, and the graphics card's.
func BenchmarkWindow(b *testing.B) {
	dir := b.TempDir()
	fillBigBook(b, dir)
	uses := []struct {
		name string
		do   func(h *harness, tr *trace)
	}{
		{"open", func(*harness, *trace) {}},
		{"type", typeSearches},
		{"scroll", scrollToTheEnd},
		{"select", func(h *harness, tr *trace) {
			tr.call(h.list.selectAll)
			tr.call(h.list.single)
		}},
		{"edit", editAndSave},
		{"sync", workWhileSyncing},
		{"places", visitPlaces},
		{"history", readHistory},
		{"resize", resizePanes},
		{"settings", changeSettings},
		{"theme", changeTheme},
		{"books", switchBooks},
		{"trash", emptyTrash},
		{"labels", manyLabels},
		{"shortcuts", listShortcuts},
		{"wide", readWide},
		{"note", readLongNote},
		{"fields", editWide},
		{"reload", reloadHistory},
	}
	for _, use := range uses {
		b.Run(use.name, func(b *testing.B) {
			runtime.LockOSThread() // what is measured stays on one thread
			defer runtime.UnlockOSThread()
			for b.Loop() {
				tr := &trace{}
				h := openWindow(b, dir, nil)
				h.call = tr.call
				newFontReading().read() // as a start does before it shows the book
				h.opened()
				h.until(b, "the book is listed and counted", func() bool { return len(h.list.order) >= bigBookSize && h.counts.All >= bigBookSize })
				if use.name != "open" {
					*tr = trace{}
				}
				use.do(h, tr)
				h.close()
				b.ReportMetric(float64(tr.longest)/float64(time.Millisecond), "ms")
				b.ReportMetric(float64(frame)/float64(time.Millisecond), "limit-ms")
				b.ReportMetric(float64(tr.longest)/float64(frame), "ratio")
				b.ReportMetric(float64(tr.calls), "calls")
			}
		})
	}
}

// typeSearches types words letter by letter, and takes them back.
func typeSearches(h *harness, tr *trace) {
	for _, word := range []string{"a", "an", "ann", "ann ", "ann s", "", "0151", "zzzz", ""} {
		tr.call(func() { h.list.search.SetText(word) })
		h.until(h.T, "the answer to "+word, func() bool { return h.list.shownText == word && !h.list.stale })
	}
}

func scrollToTheEnd(h *harness, tr *trace) {
	const steps = 60
	for i := range steps {
		at := len(h.list.order) * (i + 1) / steps
		tr.call(func() { h.list.list.top(at) })
	}
	last := len(h.list.order) - 1
	h.until(h.T, "the last row is drawn", func() bool { return h.list.rowState(last).loaded })
	for range 20 {
		tr.call(func() { h.list.move(-1) })
	}
}

// visitPlaces goes through the sidebar, with a trash of hundreds, and chooses labels for all contacts.
func visitPlaces(h *harness, tr *trace) {
	var some []string
	for _, row := range h.list.order[:500] {
		rows, err := h.store.Rows(h.T.Context(), []data.RowID{row})
		if err != nil {
			h.Fatal(err)
		}
		some = append(some, rows[0].ID)
	}
	if err := h.store.Delete(h.T.Context(), some...); err != nil {
		h.Fatal(err)
	}
	listed := func() bool { return h.list.listing.cancel == nil && !h.list.stale }
	for _, place := range []data.Filter{data.Favourites, data.Birthdays, data.Recent, data.Conflicted, data.Reviewed, data.Trash, data.All} {
		tr.call(func() { h.choosePlace(place) })
		h.until(h.T, "the place is listed", listed)
	}
	for _, label := range h.counts.Labels {
		tr.call(func() { h.chooseLabel(label.Name) })
		h.until(h.T, label.Name+" is listed", listed)
	}
	tr.call(func() { h.choosePlace(data.All) })
	h.until(h.T, "all are listed", listed)
	tr.call(h.list.selectAll)
	tr.call(func() { h.chooseLabels(fyne.NewPos(300, 300)) })
	h.until(h.T, "the labels can be chosen", func() bool { return h.win.Canvas().Overlays().Top() != nil })
	if err := h.store.Restore(h.T.Context(), some...); err != nil { // the next use finds the book as it was
		h.Fatal(err)
	}
}

func editAndSave(h *harness, tr *trace) {
	tr.call(func() { h.list.choose(50_000) })
	h.until(h.T, "a contact is shown", h.view.box.Visible)
	tr.call(h.book.edit)
	for _, r := range "Benchmark" {
		tr.call(func() { h.editor.given.TypedRune(r) })
	}
	tr.call(h.book.save)
	h.until(h.T, "it is saved", func() bool { return !h.editing && strings.Contains(h.toast.text.text, "saved") })
	h.until(h.T, "it is listed", func() bool { return h.list.listing.cancel == nil && !h.list.stale })
}

// workWhileSyncing searches and moves while contacts come in behind the window, as a sync brings them: page by page.
func workWhileSyncing(h *harness, tr *trace) {
	const pages, page = 10, 100
	done := make(chan error, 1)
	before := h.counts.All
	h.bg.run(func(ctx context.Context) {
		var err error
		for range pages {
			cards := make([]contact.Card, page)
			for i := range cards {
				cards[i] = contact.New().WithFullName("New from elsewhere")
			}
			if _, err = h.store.AddAll(ctx, cards); err != nil {
				break
			}
		}
		done <- err
	})
	for range 4 {
		typeSearches(h, tr)
		for range 5 {
			tr.call(func() { h.press(fyne.KeyDown) })
		}
	}
	h.until(h.T, "all have come", func() bool { return h.counts.All == before+pages*page })
	if err := <-done; err != nil {
		h.Fatal(err)
	}
	tr.call(func() { h.choosePlace(data.Recent) })
	h.until(h.T, "they are listed", func() bool { return len(h.list.order) >= pages*page })
}
