package ui

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/syncer/memremote"
)

var testNow = time.Date(2026, 11, 22, 15, 4, 0, 0, time.UTC)

// testOptions give the store the tests' time: birthdays are listed by it.
var testOptions = data.Options{Now: func() time.Time { return testNow }}

// loop is a test's UI goroutine: what the window posts runs on the test's own goroutine, when the test waits.
type loop struct {
	posts chan func()
	state func() string // for the message of a wait in vain
	call  func(func())  // runs what is posted

	mu     sync.Mutex
	timers map[int]*timer
	next   int
}

type timer struct {
	after time.Duration
	f     func()
}

func newLoop() *loop {
	return &loop{posts: make(chan func(), 10_000), timers: map[int]*timer{}, call: func(f func()) { f() }}
}

func (l *loop) background(t testing.TB) *background {
	b := newBackground(t.Context())
	b.post = func(f func()) { l.posts <- f }
	b.now = func() time.Time { return testNow }
	b.after = func(d time.Duration, f func()) func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.next++
		id := l.next
		l.timers[id] = &timer{d, f}
		return func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			delete(l.timers, id)
		}
	}
	return b
}

// until runs what is posted until done is true.
func (l *loop) until(t testing.TB, what string, done func() bool) {
	t.Helper()
	deadline := time.After(time.Minute)
	for !done() {
		select {
		case f := <-l.posts:
			l.call(f)
		case <-deadline:
			t.Fatalf("waited in vain until %s%s", what, l.why())
		}
	}
}

// why adds what the test knows about the state that did not come.
func (l *loop) why() string {
	if l.state == nil {
		return ""
	}
	return ": " + l.state()
}

// elapse runs the timers that wait for at most d.
func (l *loop) elapse(d time.Duration) {
	l.mu.Lock()
	var due []func()
	for id, timer := range l.timers {
		if timer.after <= d {
			due = append(due, timer.f)
			delete(l.timers, id)
		}
	}
	l.mu.Unlock()
	for _, f := range due {
		f()
	}
}

// harness is a window on a real store, with a server in memory to sync with.
type harness struct {
	testing.TB
	*loop
	T      testing.TB
	dir    string
	server *memremote.Server
	w      *Window
	*book
}

func newTestStore(t testing.TB, dir string) *data.Store {
	t.Helper()
	store, err := data.Open(t.Context(), dir, testOptions)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// person is a card with a name and an address.
func person(given, surname string) contact.Card {
	return contact.New().WithGiven(given).WithSurname(surname).WithEmails([]contact.Entry{{Value: given + "@example.org", Kind: "private"}})
}

// openWindow opens a window on the profile in dir.
func openWindow(t testing.TB, dir string, server *memremote.Server) *harness {
	t.Helper()
	app := test.NewTempApp(t)
	h := &harness{TB: t, T: t, loop: newLoop(), dir: dir, server: server}
	if server == nil {
		h.server = memremote.New()
	}
	h.w = newWindow(h.loop.background(t), app, dir, func(ctx context.Context) (Session, error) {
		store, err := data.Open(ctx, dir, testOptions)
		if err != nil {
			return Session{}, err
		}
		engine := syncer.New(store, h.server.Connector(), &memremote.Secrets{}, syncer.Options{Interval: time.Hour})
		return Session{Store: store, Engine: engine}, nil
	})
	h.w.win.Resize(fyne.NewSize(1100, 720))
	h.w.begin()
	t.Cleanup(h.close)
	return h
}

// opened waits until the window shows the book.
func (h *harness) opened() *harness {
	h.Helper()
	h.until(h.T, "the book is shown, and the syncer's state", func() bool {
		return h.w.book != nil && h.w.book.list.loaded && h.w.book.status.shown.State != ""
	})
	h.book = h.w.book
	h.state = func() string { return fmt.Sprintf("list %q, toast %q", h.names(), h.toast.text.text) }
	return h
}

// close ends the window as main does.
func (h *harness) close() {
	h.w.bg.stop()
	if h.w.session.Store != nil {
		if err := h.w.session.Store.Close(); err != nil {
			h.Error(err)
		}
	}
	h.w.session.Store = nil
}

// newHarness is a window on a book of these contacts.
func newHarness(t testing.TB, cards ...contact.Card) *harness {
	t.Helper()
	dir := t.TempDir()
	store := newTestStore(t, dir)
	if len(cards) > 0 {
		if _, err := store.AddAll(t.Context(), cards); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return openWindow(t, dir, nil).opened()
}

// names are the names in the list, as far as they are loaded.
func (h *harness) names() []string {
	var names []string
	for i := range h.list.order {
		names = append(names, h.list.rowState(i).row.Name)
	}
	return names
}

func (h *harness) untilListed(want ...string) {
	h.Helper()
	h.until(h.T, "the list is "+plainList(want), func() bool { return plainList(h.names()) == plainList(want) })
}

func plainList(s []string) string {
	text := "["
	for _, e := range s {
		text += e + ";"
	}
	return text + "]"
}

// untilShown waits for the contact view.
func (h *harness) untilShown(name string) {
	h.Helper()
	h.until(h.T, "the view shows "+name, func() bool { return h.view.box.Visible() && h.view.name.text == name })
}

// untilToast waits for what the toast says.
func (h *harness) untilToast(text string) {
	h.Helper()
	h.until(h.T, "the toast says "+text, func() bool { return h.toast.box.Visible() && h.toast.text.text == text })
}

// press sends a key to what has the focus, or to the window.
func (h *harness) press(keys ...fyne.KeyName) {
	for _, k := range keys {
		e := &fyne.KeyEvent{Name: k}
		if f := h.w.win.Canvas().Focused(); f != nil {
			f.TypedKey(e)
		} else {
			h.w.win.Canvas().OnTypedKey()(e)
		}
	}
}

// menu runs an item of the main menu.
func (h *harness) menu(label string) {
	h.Helper()
	for _, m := range h.w.win.MainMenu().Items {
		for _, i := range m.Items {
			if i.Label == label {
				i.Action()
				return
			}
		}
	}
	h.Fatalf("no menu item %q", label)
}

func (h *harness) focused() fyne.Focusable { return h.w.win.Canvas().Focused() }

// stored reads the store behind the window.
func (h *harness) stored(filter data.Filter) []string {
	h.Helper()
	order, err := h.store.Order(h.Context(), data.Query{Filter: filter})
	if err != nil {
		h.Fatal(err)
	}
	rows, err := h.store.Rows(h.Context(), order)
	if err != nil {
		h.Fatal(err)
	}
	var names []string
	for _, r := range rows {
		names = append(names, r.Name)
	}
	return names
}
