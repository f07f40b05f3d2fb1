package store

import (
	"context"
	"maps"
	"slices"
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

// hub wakes those who wait: at once for what this process writes, and for what others do as soon as the database tells of it, or
// else by a short poll.
type hub struct {
	store *Store
	poll  time.Duration
	node  string // this process, among those on the database

	work    sync.WaitGroup
	waiting chan struct{} // capacity 1: somebody waits, so looking makes sense

	mu     sync.Mutex
	rooms  map[string]*room // by book
	revoke string           // metaRevoked at the last look
	lost   string           // metaMembers at the last look
	queued map[string]int64 // news that others must still be told: seqs by book
	send   chan struct{}    // capacity 1: something is queued

	analyzeAt int64 // the sender's: how many changes until the planner is told
	told      bool  // the database tells of others' writes: looking is a precaution
}

func newHub(s *Store, poll time.Duration) *hub {
	return &hub{store: s, poll: poll, node: newID(), rooms: map[string]*room{}, waiting: make(chan struct{}, 1), queued: map[string]int64{}, send: make(chan struct{}, 1), analyzeAt: analyzeFirst}
}

// keepLooking asks for one more look; it ends when a look finds that nobody waits.
func (h *hub) keepLooking() {
	select {
	case h.waiting <- struct{}{}:
	default:
	}
}

// wakeAll lets everyone look again, at their rights too.
func (h *hub) wakeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, r := range h.rooms {
		r.wake()
	}
}

func (h *hub) wakeRoom(book string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r := h.rooms[book]; r != nil {
		r.wake()
	}
}

func (h *hub) start(ctx context.Context) {
	h.work.Go(func() { h.run(ctx) })
	if _, ok := h.store.backend.(announcer); ok {
		h.work.Go(func() { h.sender(ctx) })
	}
}

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
	ids := slices.Collect(maps.Keys(h.rooms))
	h.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	h.keepLooking()
	revoke, err := h.store.meta(ctx, metaRevoked)
	if err != nil {
		return err
	}
	lost, err := h.store.meta(ctx, metaMembers)
	if err != nil {
		return err
	}
	h.mu.Lock()
	changed, left := h.revoke != revoke, h.lost != lost
	h.revoke = revoke
	h.mu.Unlock()
	if changed {
		h.wakeAll()
	}
	for some := range slices.Chunk(ids, 500) {
		if err := h.lookAt(ctx, some); err != nil {
			return err
		}
		if !left {
			continue
		}
		if err := h.lookAtMembers(ctx, some); err != nil {
			return err
		}
	}
	h.mu.Lock()
	h.lost = lost // now everybody has been looked at
	h.mu.Unlock()
	return nil
}

// lookAtMembers wakes the rooms whose book has other members than at the last look, or in other roles, and those that were not looked at
// before. How many there are of each role and who came last tells: a member who comes is newer than all. (Two who have exchanged their roles
// since are not seen; their devices' next pass sees it.)
func (h *hub) lookAtMembers(ctx context.Context, ids []string) error {
	now := map[string]members{}
	q := h.store.reads.NewSelect().Model((*memberRow)(nil)).ColumnExpr("book_id, COUNT(*), MAX(created_at)").
		ColumnExpr("SUM(CASE WHEN role = ? THEN 1 ELSE 0 END), SUM(CASE WHEN role = ? THEN 1 ELSE 0 END)", Owner, Writer).
		Where("book_id IN (?)", bun.List(ids)).Group("book_id")
	err := each(ctx, q, func(scan func(...any) error) error {
		var id string
		var m members
		defer func() { now[id] = m }()
		return scan(&id, &m.count, &m.newest, &m.owners, &m.writers)
	})
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		r := h.rooms[id]
		if r == nil {
			continue
		}
		if m := now[id]; !r.counted || r.members != m {
			r.counted, r.members = true, m
			r.wake()
		}
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
		h.publish(News{id, seq})
	}
	return rows.Err()
}

// publish wakes a book's waiters when its seq is beyond what they have been told.
func (h *hub) publish(n News) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[n.Book]
	if r == nil || r.known && n.Seq <= r.seq {
		return
	}
	r.seq, r.known = n.Seq, true
	r.news++
	r.wake()
}
