package syncer

import (
	"context"
	"time"
)

const (
	pollWait  = 55 * time.Second // below the minute after which many proxies cut a silent connection
	pollQuick = time.Second      // an empty answer sooner than this was no wait: the remote, or something before it, does not hold polls
)

// polled is what a long poll brought.
type polled struct {
	since string
	page  Page
	err   error
	took  time.Duration
}

// poller holds one long poll at a time, in a goroutine of its own. It only saves time: the ticker alone is enough for
// correctness. Used by the loop's goroutine only.
type poller struct {
	cancel context.CancelFunc // nil: no poll stands
	result chan polled        // nil: no poll stands; capacity 1
}

func (p *poller) start(ctx context.Context, s *session, book, cursor string) {
	p.stop()
	ctx, p.cancel = context.WithCancel(ctx)
	result := make(chan polled, 1)
	p.result = result
	go func() {
		began := time.Now()
		page, err := s.remote.Changes(ctx, book, cursor, s.limits.PageChanges, pollWait)
		result <- polled{cursor, page, err, time.Since(began)}
	}()
}

// stop ends the poll and waits for it. It returns what the poll had brought just then, if anything.
func (p *poller) stop() (polled, bool) {
	if p.cancel == nil {
		return polled{}, false
	}
	p.cancel()
	r := <-p.result
	p.done()
	return r, r.err == nil
}

// done forgets a poll whose result has been taken.
func (p *poller) done() {
	p.cancel()
	p.cancel, p.result = nil, nil
}

func (p *poller) stands() bool { return p.cancel != nil }
