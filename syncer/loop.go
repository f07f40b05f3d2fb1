package syncer

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"kith/data"
)

// contendedWait is how soon a pass goes on that only met conflicts.
const contendedWait = time.Second

// networkEvery is how often the network's fingerprint is taken while offline.
const networkEvery = 2 * time.Second

// loop is the state of one Run. Only Run's goroutine touches it.
type loop struct {
	*Engine
	poll      poller
	fetch     fetcher
	backoff   backoff
	pollPause backoff
	ticker    *time.Ticker
	interval  time.Duration
	retry     <-chan time.Time // the end of a back-off; nil: none
	repoll    <-chan time.Time // when a poll that did not hold is tried again; nil: not
	network   <-chan time.Time // ticks while offline
	address   string           // the network's fingerprint when the remote was last tried
	state     State
	handled   int64 // newest unsent edit that a pass has seen: only a newer one is news
	left      int   // contacts that the last pass could not send, and nobody can: more than these are news, too (a resolved conflict)
}

// Run syncs at start, on the ticker, on SyncNow, after each edit (also by another process), on the long poll and at the end of a
// back-off, until ctx ends. Passes never overlap, in this process or another.
func (e *Engine) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l := &loop{Engine: e, ticker: time.NewTicker(defaultInterval)}
	defer l.ticker.Stop()
	defer l.poll.stop()
	defer l.fetch.stop()
	networkTicker := time.NewTicker(networkEvery)
	defer networkTicker.Stop()
	l.network = networkTicker.C

	changed := e.store.Watch(ctx) // before the first pass, so that no edit falls between
	l.setInterval(ctx)
	l.pass(ctx, hint{})
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-l.ticker.C:
			if l.state == Idle && l.interval > 0 {
				l.pass(ctx, hint{})
			}
		case <-e.kick:
			l.backoff.reset()
			l.pass(ctx, hint{})
		case _, ok := <-changed:
			if !ok {
				<-ctx.Done() // the store is closed, or about to be: there is nothing left to sync
				return ctx.Err()
			}
			l.stored(ctx)
		case r := <-l.poll.result:
			l.poll.done()
			l.polled(ctx, r)
		case <-l.fetch.done:
			if l.fetch.ended() {
				l.startFetch(ctx)
			}
		case <-l.repoll:
			l.startPoll(ctx)
		case <-l.retry:
			l.pass(ctx, hint{})
		case <-l.network:
			if l.state == Offline && e.options.Network() != l.address {
				l.backoff.reset()
				l.pass(ctx, hint{})
			}
		}
	}
}

// pass runs one pass and arms what may start the next.
func (l *loop) pass(ctx context.Context, h hint) {
	h.live = h.live && l.poll.stands()
	if r, ok := l.poll.stop(); ok && h.page == nil && len(r.page.Changes) > 0 {
		h.page, h.since = &r.page, r.since
	}
	l.retry, l.repoll = nil, nil
	l.address = l.options.Network()
	if w, err := l.store.Waiting(ctx, data.DefaultBook); err == nil {
		l.handled = w.Newest
	}
	_, err := l.Engine.pass(ctx, h)
	if ctx.Err() != nil {
		l.brokenOff(ctx)
		return
	}
	if errors.Is(err, errAccountChanged) {
		l.refresh(ctx) // the change kicks the loop when it is done
		return
	}
	var next time.Time
	switch l.state = stateOf(err); {
	case err == nil:
		l.backoff.reset()
		if w, err := l.store.Waiting(ctx, data.DefaultBook); err == nil && w.Newest <= l.handled {
			l.left = w.Sendable
		}
		l.startPoll(ctx)
		l.startFetch(ctx)
	case errors.Is(err, errContended):
		l.retry = time.After(contendedWait)
	case l.state != SignedOut && l.state != SignInNeeded:
		wait := l.wait(ctx, err)
		l.retry, next = time.After(wait), time.Now().Add(wait)
	}
	l.settle(ctx, err, next)
}

// wait is the back-off after err.
func (l *loop) wait(ctx context.Context, err error) time.Duration {
	l.backoff.last = backoffLast
	if l.state == Offline {
		if a, err := l.store.Account(ctx); err == nil {
			l.backoff.last = longestBackoff(a.Server)
		}
	}
	var offline *OfflineError
	if errors.As(err, &offline) {
		return l.backoff.next(offline.RetryAfter)
	}
	return l.backoff.next(0)
}

// stored looks at what a commit, by anyone, may have changed for the syncer: an edit to send, another account, the interval.
func (l *loop) stored(ctx context.Context) {
	l.setInterval(ctx)
	switch l.state {
	case Idle:
		w, err := l.store.Waiting(ctx, data.DefaultBook)
		if err == nil && (w.Newest > l.handled || w.Sendable > l.left) {
			l.pass(ctx, hint{live: true})
			return
		}
	case SignedOut, SignInNeeded:
		if l.credentialsChanged(ctx) {
			l.pass(ctx, hint{})
			return
		}
	}
	l.refresh(ctx)
}

// polled takes what a long poll brought.
func (l *loop) polled(ctx context.Context, r polled) {
	switch {
	case r.err != nil: // the pass finds out what it is; should it end well, polls pause
		l.pass(ctx, hint{})
		if l.poll.stands() {
			l.poll.stop()
			l.repoll = time.After(l.pollPause.next(0))
		}
	case len(r.page.Changes) > 0 || r.page.Cursor != r.since:
		l.pollPause.reset()
		l.pass(ctx, hint{page: &r.page, since: r.since})
	case r.took < pollQuick:
		l.repoll = time.After(l.pollPause.next(0))
	default:
		l.pollPause.reset()
		l.startPoll(ctx)
	}
}

// startPoll begins to wait for what others do. The cursor is read from the store: another process may have moved it.
func (l *loop) startPoll(ctx context.Context) {
	l.repoll = nil
	l.mu.Lock()
	s := l.session
	l.mu.Unlock()
	if s == nil || l.state != Idle {
		return
	}
	p := pass{store: l.store, session: s}
	if err := p.reload(ctx); err != nil || p.book.Cursor == "" {
		return // the ticker's pass will say what it is
	}
	l.poll.start(ctx, s, p.book.Remote, p.book.Cursor)
}

// startFetch fetches the photos that are missing, beside the loop.
func (l *loop) startFetch(ctx context.Context) {
	l.mu.Lock()
	s := l.session
	l.mu.Unlock()
	if s != nil {
		l.fetch.start(ctx, l.Engine, s)
	}
}

// setInterval takes the interval that the user may have changed.
func (l *loop) setInterval(ctx context.Context) {
	d := l.Engine.interval(ctx)
	if d == l.interval && d != 0 {
		return
	}
	if l.interval = d; d > 0 {
		l.ticker.Reset(d)
	}
}

// networkAddresses is a fingerprint of the network: this machine's addresses.
func networkAddresses() string {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	var b strings.Builder
	for _, a := range addresses {
		b.WriteString(a.String())
		b.WriteByte(' ')
	}
	return b.String()
}
