package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/uptrace/bun"
)

// announcer is a backend whose database tells one process of another's writes.
type announcer interface {
	announce(ctx context.Context, db *bun.DB, payload string) error
	// listen hands on what others announce until the connection breaks or ctx ends; ready: from now on nothing is missed.
	listen(ctx context.Context, ready func(), got func(payload string)) error
}

// errUnknownHere : the database does not know what was asked of it, and will not learn it.
var errUnknownHere = errors.New("this database does not know it")

// announcement is what one process tells the others.
type announcement struct {
	Node    string `json:"node"`
	News    *News  `json:"news,omitempty"`
	Revoked bool   `json:"revoked,omitempty"`
	Left    string `json:"left,omitempty"` // a book that has lost members
}

// tell wakes those who wait for the book, here and elsewhere.
func (s *Store) tell(n News) {
	s.hub.publish(n)
	if _, ok := s.backend.(announcer); ok {
		s.hub.queue(n)
	}
}

// queue leaves the news to a goroutine: who pushed need not wait until others know, and many pushes into one book are one message.
func (h *hub) queue(n News) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.queued[n.Book] = max(n.Seq, h.queued[n.Book])
	select {
	case h.send <- struct{}{}:
	default:
	}
}

// sender announces what is queued, for as long as the process runs, and at its end what is left.
func (h *hub) sender(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			h.sendQueued(ctx)
			return
		case <-h.send:
			h.sendQueued(ctx)
			h.analyze(ctx)
		}
	}
}

func (h *hub) sendQueued(ctx context.Context) {
	h.mu.Lock()
	queued := h.queued
	h.queued = map[string]int64{}
	h.mu.Unlock()
	for book, seq := range queued {
		h.store.announce(ctx, announcement{News: &News{book, seq}})
	}
}

// revoked wakes everyone, to look at their rights again.
func (s *Store) revoked(ctx context.Context) {
	s.hub.wakeAll()
	s.announce(ctx, announcement{Revoked: true})
}

// left wakes those who wait for a book that has lost members, or given one another role, to look at their rights again. Nobody else is woken: anyone may make a
// book and let members come and go.
func (s *Store) left(ctx context.Context, book string) {
	s.hub.wakeRoom(book)
	s.announce(ctx, announcement{Left: book})
}

// announce follows the commit. It may get lost: the others look for themselves now and then.
func (s *Store) announce(ctx context.Context, a announcement) {
	an, ok := s.backend.(announcer)
	if !ok || s.mute.Load() {
		return
	}
	a.Node = s.hub.node
	payload, err := json.Marshal(a)
	if err == nil {
		err = an.announce(context.WithoutCancel(ctx), s.db, string(payload))
	}
	if errors.Is(err, errUnknownHere) {
		s.mute.Store(true)
		s.log.InfoContext(ctx, "the database carries no messages between nodes; each looks for the others' changes", "error", err)
		return
	}
	if err != nil {
		s.log.WarnContext(ctx, "announce a change to other nodes", "error", err)
	}
}

// listen hears of other nodes' writes for as long as the process runs, and connects again when the connection breaks.
func (h *hub) listen(ctx context.Context, a announcer) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := a.listen(ctx, func() {
			wait = time.Second
			h.setTold(true)
			h.wakeAll() // for what was announced before
		}, h.heard)
		h.setTold(false)
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, errUnknownHere) {
			h.store.log.InfoContext(ctx, "the database tells nothing of other nodes' changes; they are looked for", "error", err)
			return
		}
		h.store.log.WarnContext(ctx, "listen for changes of other nodes; until it works, they are polled for", "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (h *hub) setTold(told bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = told
}

func (h *hub) heard(payload string) {
	var a announcement
	if err := json.Unmarshal([]byte(payload), &a); err != nil || a.Node == h.node {
		return
	}
	if a.Revoked {
		h.wakeAll()
	}
	if a.Left != "" {
		h.wakeRoom(a.Left)
	}
	if a.News != nil {
		h.publish(*a.News)
	}
}
