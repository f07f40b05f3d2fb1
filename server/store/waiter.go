package store

import (
	"context"
	"sync"
)

// Waiter is woken when a book changes or the device's rights may have. Close it.
type Waiter struct {
	C     <-chan struct{} // capacity 1: several events are one
	store *Store
	c     chan struct{}
	room  *room
	book  string
}

// room is where those wait who wait for one book, guarded by the hub.
type room struct {
	waiters map[*Waiter]struct{}
	seq     int64  // the book's, as far as everyone here was told
	known   bool   // seq is set
	news    uint64 // counts how often everyone was woken for a change
	pages   shared

	counted bool // the book's members were looked at
	members members
}

// members is what is compared of a book's members from one look to the next.
type members struct {
	count, newest   int64
	owners, writers int64
}

func (r *room) wake() {
	for w := range r.waiters {
		select {
		case w.c <- struct{}{}:
		default:
		}
	}
}

// Wait returns a Waiter for one book.
func (s *Store) Wait(book string) *Waiter {
	w := &Waiter{store: s, c: make(chan struct{}, 1), book: book}
	w.C = w.c
	h := s.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.rooms[book] == nil {
		h.rooms[book] = &room{waiters: map[*Waiter]struct{}{}}
	}
	w.room = h.rooms[book]
	w.room.waiters[w] = struct{}{}
	h.keepLooking()
	return w
}

func (w *Waiter) Close() {
	h := w.store.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(w.room.waiters, w)
	if len(w.room.waiters) == 0 && h.rooms[w.book] == w.room {
		delete(h.rooms, w.book)
	}
}

// First is the look before the wait: Store.Changes, and a note of how far it saw.
func (w *Waiter) First(ctx context.Context, q FeedQuery) (Page, error) {
	page, seq, err := w.store.changes(ctx, q)
	if err != nil {
		return page, err
	}
	h := w.store.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	if !w.room.known || seq < w.room.seq { // the lowest counts: who was told less must be woken
		w.room.seq, w.room.known = seq, true
	}
	return page, nil
}

// Again is the look after having been woken. Its Changes may be shared with others who were woken for the same: they are for
// reading only.
func (w *Waiter) Again(ctx context.Context, q FeedQuery) (Page, error) {
	h := w.store.hub
	h.mu.Lock()
	news := w.room.news
	h.mu.Unlock()
	return w.room.pages.read(q, news, func() (Page, error) { return w.store.Changes(ctx, q) })
}

// shared is the page that many devices are woken for at the same time and place: it is read once.
type shared struct {
	mu    sync.Mutex
	valid bool
	news  uint64 // of the room, before the page was read
	query FeedQuery
	page  Page
}

// read returns a page that was read after this news, or reads it.
func (s *shared) read(q FeedQuery, news uint64, read func() (Page, error)) (Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.valid && s.news >= news && s.query == q {
		return s.page, nil
	}
	page, err := read()
	if err == nil {
		s.valid, s.news, s.query, s.page = true, news, q, page
	}
	return page, err
}
