//go:build linux

package ui

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"kith/contact"
	"kith/contact/contacttest"
)

// BenchmarkKeyToRows types into the search box of a book of 100,000, and reports how long each last key takes until the first rows that it
// finds are in the list, as a clock on the wall sees it: medians. Drawing them is not in it; internal/windowbench has that.
func BenchmarkKeyToRows(b *testing.B) {
	dir := b.TempDir()
	fillBigBook(b, dir)
	for _, key := range []struct {
		name         string
		before, text string
		changed      bool // by a commit right before the key
	}{
		{"letter", "", "a", false},
		{"two letters", "a", "an", false},
		{"word", "ann", "anna", false},
		{"letter of few", "", "王", false},
		{"digit", "", "5", false},
		{"number", "015", "0151", false},
		{"second word", "anna ", "anna s", false},
		{"what all have", "exampl", "example", false},
		{"nothing", "zzz", "zzzz", false},
		{"taken back", "a", "", false},
		{"letter in a sync", "", "a", true},
		{"word in a sync", "ann", "anna", true},
	} {
		b.Run(key.name, func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			h := openWindow(b, dir, nil)
			defer h.close()
			h.opened()
			h.state = nil // it would name 100,000
			h.until(b, "the book is listed and counted", func() bool { return len(h.list.order) >= bigBookSize && h.counts.All >= bigBookSize })
			var took []time.Duration
			typed := []rune(key.text)
			for b.Loop() {
				for range 15 {
					h.list.search.SetText(key.before)
					h.list.search.CursorColumn = len([]rune(key.before))
					h.until(b, "the list rests", func() bool {
						return h.list.shownText == key.before && h.list.listing.cancel == nil && !h.list.stale && len(h.posts) == 0
					})
					if key.changed {
						if _, err := h.store.Add(b.Context(), contact.New().WithFullName("New from elsewhere")); err != nil {
							b.Fatal(err)
						}
					}
					began := time.Now()
					if key.text == "" {
						h.list.search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
					} else {
						h.list.search.TypedRune(typed[len(typed)-1])
					}
					h.until(b, "the rows are there", func() bool { return h.list.shownText == key.text })
					took = append(took, time.Since(began))
				}
			}
			slices.Sort(took)
			b.ReportMetric(0, "ns/op")
			median := took[len(took)/2]
			b.ReportMetric(float64(median)/float64(time.Millisecond), "ms")
			b.ReportMetric(float64(took[len(took)-1])/float64(time.Millisecond), "most-ms")
			b.ReportMetric(float64(frame)/float64(time.Millisecond), "limit-ms")
			b.ReportMetric(float64(median)/float64(frame), "ratio")
		})
	}
}

// fillBigBook makes a profile of 100,000 contacts.
func fillBigBook(b *testing.B, dir string) {
	b.Helper()
	store := newTestStore(b, dir)
	for from := 0; from < bigBookSize; from += 10_000 {
		cards := make([]contact.Card, 10_000)
		for i := range cards {
			cards[i] = contacttest.Realistic(1, from+i)
		}
		if _, err := store.AddAll(b.Context(), cards); err != nil {
			b.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
}
