package ui

import (
	"context"
	"testing"

	"kith/contact"
	"kith/data"
)

// TestOpeningAsksForNoText: the window's translations are read while its profile is opened, and Fyne's lang may not be asked meanwhile. The
// race detector sees it if somebody does.
func TestOpeningAsksForNoText(t *testing.T) {
	store, err := data.Open(t.Context(), t.TempDir(), testOptions)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for key, value := range map[string]string{settingSort: sortedByFamily, settingText: "1.15", settingTheme: themeDark} {
		if err := store.SetSetting(t.Context(), key, value); err != nil {
			t.Fatal(err)
		}
	}
	bg := newBackground(t.Context())
	defer bg.wg.Wait()
	opening := openSession(bg, func(context.Context) (Session, error) { return Session{Store: store}, nil }, func() {})
	speak(t, "de")
	if o := <-opening; o.err != nil || o.query.Sort != data.ByFamily || o.text != "1.15" || o.theme != themeDark {
		t.Errorf("opened %+v", o)
	}
}

// TestOpeningShowsTheTopFirst: the first frame has the first rows of a long list, in the place that they keep; the rest comes after it.
func TestOpeningShowsTheTopFirst(t *testing.T) {
	dir := t.TempDir()
	store := newTestStore(t, dir)
	cards := make([]contact.Card, 3*railFromRows)
	for i := range cards {
		cards[i] = person(string(rune('A'+i%26)), "Lovelace")
	}
	if _, err := store.AddAll(t.Context(), cards); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	h := openWindow(t, dir, nil)
	var after []func()
	h.w.drawn = func(f func()) { after = append(after, f) }
	h.until(t, "the book is shown", func() bool { return len(after) > 0 })
	list := h.w.book.list
	if len(list.order) != railFromRows || list.rowState(0).row.Name != "A Lovelace" || list.total.text != "" {
		t.Errorf("first %d rows, %+v, total %q", len(list.order), list.rowState(0), list.total.text)
	}
	if !list.rail.Visible() || !list.railed {
		t.Error("the rows will become narrower")
	}
	for _, f := range after {
		f()
	}
	h.until(t, "all are listed", func() bool { return len(list.order) == len(cards) })
	if list.total.text != "120 contacts" || len(list.rail.shown) != 26 {
		t.Errorf("total %q, rail %v", list.total.text, list.rail.shown)
	}
	h.until(t, "they are counted", func() bool { return h.w.book.counts.All == len(cards) })
}
