package store

import (
	"context"
	"sync"
	"time"

	"github.com/uptrace/bun"
)

// News says that a book has changed: its newest seq. A poll hears of what its own device pushed, too: two machines may run on one
// copied profile, and what the one has pushed is news to the other.
type News struct {
	Book string
	Seq  int64
}

// Waiter is woken when a book changes or the device's rights may have. Close it.
type Waiter struct {
	C    <-chan struct{} // capacity 1: several events are one
	hub  *hub
	c    chan struct{}
	book string
}

// Wait returns a Waiter for one book.
func (s *Store) Wait(book string) *Waiter {
	w := &Waiter{hub: s.hub, c: make(chan struct{}, 1), book: book}
	w.C = w.c
	s.hub.add(w)
	return w
}

func (w *Waiter) Close() { w.hub.remove(w) }

func (w *Waiter) wake() {
	select {
	case w.c <- struct{}{}:
	default:
	}
}

// hub wakes those who wait: at once for what this process writes, and for what others do as soon as the database tells of it, or
// else by a short poll.
type hub struct {
	store *Store
	poll  time.Duration
	node  string // this process, among those on the database

	work    sync.WaitGroup
	waiting chan struct{} // capacity 1: somebody waits, so looking makes sense

	mu     sync.Mutex
	books  map[string]map[*Waiter]struct{}
	seen   map[string]int64 // book's seq at the last look
	revoke string           // metaRevoked at the last look
	told   bool             // the database tells of others' writes: looking is a precaution
}

func newHub(s *Store, poll time.Duration) *hub {
	return &hub{store: s, poll: poll, node: newID(), books: map[string]map[*Waiter]struct{}{}, seen: map[string]int64{}, waiting: make(chan struct{}, 1)}
}

func (h *hub) add(w *Waiter) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.books[w.book] == nil {
		h.books[w.book] = map[*Waiter]struct{}{}
	}
	h.books[w.book][w] = struct{}{}
	h.keepLooking()
}

// keepLooking asks for one more look; it ends when a look finds that nobody waits.
func (h *hub) keepLooking() {
	select {
	case h.waiting <- struct{}{}:
	default:
	}
}

func (h *hub) remove(w *Waiter) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.books[w.book], w)
	if len(h.books[w.book]) == 0 {
		delete(h.books, w.book)
		delete(h.seen, w.book)
	}
}

// publish tells this process's waiters of a push that it has committed.
func (h *hub) publish(n News) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.books[n.Book] {
		w.wake()
	}
	if _, ok := h.seen[n.Book]; ok {
		h.seen[n.Book] = max(h.seen[n.Book], n.Seq)
	}
}

// wakeAll lets everyone look again, at their rights too.
func (h *hub) wakeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, waiters := range h.books {
		for w := range waiters {
			w.wake()
		}
	}
}

func (h *hub) start(ctx context.Context) { h.work.Go(func() { h.run(ctx) }) }

func (h *hub) wait() { h.work.Wait() }

func (h *hub) run(ctx context.Context) {
	listening := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.waiting: // nobody waits: nothing to look for
		}
		if l, ok := h.store.backend.(announcer); ok && !listening {
			listening = true
			h.work.Go(func() { h.listen(ctx, l) })
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(h.pause()):
		}
		if err := h.look(ctx); err != nil && ctx.Err() == nil {
			h.store.log.WarnContext(ctx, "look for changes of other processes", "error", err)
		}
	}
}

// pause is longer while the database tells of others' writes.
func (h *hub) pause() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.told {
		return 10 * h.poll
	}
	return h.poll
}

// look compares the counters in the database with those seen last.
func (h *hub) look(ctx context.Context) error {
	h.mu.Lock()
	ids := make([]string, 0, len(h.books))
	for id := range h.books {
		ids = append(ids, id)
	}
	h.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	h.keepLooking()
	revoke, err := h.store.meta(ctx, metaRevoked)
	if err != nil {
		return err
	}
	h.mu.Lock()
	changed := h.revoke != revoke
	h.revoke = revoke
	h.mu.Unlock()
	if changed {
		h.wakeAll()
	}
	for len(ids) > 0 {
		n := min(len(ids), 500)
		if err := h.lookAt(ctx, ids[:n]); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

func (h *hub) lookAt(ctx context.Context, ids []string) error {
	rows, err := h.store.reads.NewSelect().Model((*bookRow)(nil)).Column("id", "seq").Where("id IN (?)", bun.List(ids)).Rows(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var seq int64
		if err := rows.Scan(&id, &seq); err != nil {
			return err
		}
		h.mu.Lock()
		if seen, ok := h.seen[id]; !ok || seq > seen {
			h.seen[id] = seq
			for w := range h.books[id] {
				w.wake() // one look more than needed when this is the first poll of the book: cheap, and never one too few
			}
		}
		h.mu.Unlock()
	}
	return rows.Err()
}
