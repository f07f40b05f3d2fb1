package syncer

import (
	"context"
	"time"
)

const (
	pollWait  = 55 * time.Second // below the minute after which many proxies cut a silent connection
	pollQuick = time.Second      // an empty answer sooner than this was no wait: the remote, or something before it, does not hold polls

	// mostPolls is how many books are waited for at a time: each wait is a connection, at the server too. The books beyond are looked at
	// by the ticker.
	mostPolls = 6
)

// polled is what a long poll brought.
type polled struct {
	poll  *poll
	book  string // the local one
	since string
	page  Page
	err   error
	took  time.Duration
}

// news reports whether the poll brought anything.
func (r *polled) news() bool {
	return r.err == nil && (len(r.page.Changes) > 0 || r.page.Cursor != r.since)
}

// poll is one long poll, in a goroutine of its own.
type poll struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// poller holds a long poll over each of some books. They only save time: the ticker alone is enough for correctness. Used by the loop's
// goroutine only.
type poller struct {
	polls  map[string]*poll // by the local book
	result chan *polled     // capacity mostPolls: each poll that stands sends once
}

func newPoller() poller {
	return poller{polls: map[string]*poll{}, result: make(chan *polled, mostPolls)}
}

// start begins to wait for a book, unless a poll stands over it or too many stand.
func (p *poller) start(ctx context.Context, s *session, book, remote, cursor string) {
	if p.polls[book] != nil || len(p.polls) >= mostPolls {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	one := &poll{cancel, make(chan struct{})}
	p.polls[book] = one
	limit := s.limits.PageChanges // a pass may change the limits while the poll stands
	go func() {
		defer close(one.done)
		began := time.Now()
		page, err := s.remote.Changes(ctx, remote, cursor, limit, pollWait)
		p.result <- &polled{one, book, cursor, page, err, time.Since(began)}
	}()
}

// stop ends the polls over some books (nil: all), and waits for them. stood are those that brought nothing; pages what the others had
// brought just then.
func (p *poller) stop(only map[string]bool) (stood map[string]bool, pages map[string]*polled) {
	stood, pages = map[string]bool{}, map[string]*polled{}
	ended := map[*poll]bool{}
	for book, one := range p.polls {
		if only == nil || only[book] {
			one.cancel()
			<-one.done
			ended[one] = true
			stood[book] = true
			delete(p.polls, book)
		}
	}
	for range len(p.result) { // what others have brought stays to be taken
		r := <-p.result
		switch {
		case !ended[r.poll]:
			p.result <- r
		case r.news():
			stood[r.book], pages[r.book] = false, r
		}
	}
	return stood, pages
}

// done forgets a poll whose result has been taken. It is false for one that was ended since: its result is nobody's.
func (p *poller) done(r *polled) bool {
	if p.polls[r.book] != r.poll {
		return false
	}
	r.poll.cancel()
	delete(p.polls, r.book)
	return true
}
