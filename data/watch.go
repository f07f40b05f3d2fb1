package data

import (
	"context"
	"sync"
	"time"
)

// pollInterval is how late a commit by another process is noticed at most.
const pollInterval = 250 * time.Millisecond

// watchers are the channels that hear of commits.
type watchers struct {
	mu     sync.Mutex
	all    map[chan struct{}]bool
	ended  sync.WaitGroup
	closed chan struct{}
}

// Watch returns a channel (capacity 1) that receives after a commit by anyone, this process or another; several commits are one
// message. It is closed when ctx ends, or the store is closed.
func (s *Store) Watch(ctx context.Context) <-chan struct{} {
	c := make(chan struct{}, 1)
	w := &s.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all[c] = true
	seen := s.writer.foreignCommits()
	w.ended.Go(func() {
		defer w.drop(c)
		ticker := time.NewTicker(pollInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-w.closed:
				return
			case <-ticker.C:
				if now := s.writer.foreignCommits(); now != seen {
					seen = now
					w.notifyOne(c)
				}
			}
		}
	})
	return c
}

func (w *watchers) drop(c chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.all, c)
	close(c)
}

// notify tells every watcher; one that has a message already needs no second.
func (w *watchers) notify() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.all {
		send(c)
	}
}

func (w *watchers) notifyOne(c chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	send(c)
}

func send(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (w *watchers) close() {
	close(w.closed)
	w.ended.Wait()
}
