package syncer

import (
	"context"
	"errors"
	"maps"
	"net"
	"slices"
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
	unmade    int   // books that the last pass could not make or rename at the server

	troubled map[string]bool // the books that the last pass could not sync: no polls over them

	cursors map[string]string    // of the books, when they were looked at last
	moved   map[string]time.Time // when their cursors were seen to have moved
}

// Run syncs at start, on the ticker, on SyncNow, after each edit (also by another process), on the long poll and at the end of a
// back-off, until ctx ends. Passes never overlap, in this process or another.
func (e *Engine) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l := &loop{Engine: e, ticker: time.NewTicker(defaultInterval), poll: newPoller(), cursors: map[string]string{}, moved: map[string]time.Time{}}
	defer l.ticker.Stop()
	defer l.poll.stop(nil)
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
			if l.poll.done(r) {
				l.polled(ctx, r)
			}
		case <-l.fetch.done:
			if l.fetch.ended() {
				l.startFetch(ctx)
			}
		case <-l.repoll:
			l.startPolls(ctx)
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

// pass runs one round of passes and arms what may start the next.
func (l *loop) pass(ctx context.Context, h hint) {
	stood, pages := l.poll.stop(h.only)
	if h.pages == nil {
		h.pages = pages
	} else {
		maps.Copy(h.pages, pages)
	}
	if h.only != nil {
		h.live = stood
	}
	l.retry, l.repoll = nil, nil
	l.address = l.options.Network()
	if w, err := l.store.Waiting(ctx, ""); err == nil {
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
	var single *BooksError
	l.state = stateOf(err)
	if err == nil || errors.As(err, &single) {
		l.troubled = single.books()
		if w, err := l.store.Waiting(ctx, ""); err == nil && w.Newest <= l.handled {
			l.left = w.Sendable
		}
		l.unmade = l.toMake(ctx)
		l.startPolls(ctx)
		l.startFetch(ctx)
	}
	switch {
	case err == nil:
		l.backoff.reset()
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
		w, err := l.store.Waiting(ctx, "")
		switch {
		case err != nil:
		case l.toMake(ctx) > l.unmade:
			l.pass(ctx, hint{})
			return
		case w.Newest > l.handled || w.Sendable > l.left:
			l.pass(ctx, hint{only: l.booksToSend(ctx)})
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

// toMake counts the books that are to be made or renamed at the server.
func (l *loop) toMake(ctx context.Context) (n int) {
	books, err := l.store.Books(ctx)
	if err != nil {
		return 0 // the next pass will say what it is
	}
	for _, b := range books {
		if b.Wanted() != "" || b.Renamed() && b.Remote != "" {
			n++
		}
	}
	return n
}

// booksToSend are the books in which edits wait to be sent.
func (l *loop) booksToSend(ctx context.Context) map[string]bool {
	books, err := l.store.Books(ctx)
	if err != nil {
		return nil
	}
	send := map[string]bool{}
	for _, b := range books {
		if w, err := l.store.Waiting(ctx, b.ID); err != nil || w.Sendable > 0 {
			send[b.ID] = true
		}
	}
	return send
}

// polled takes what a long poll brought.
func (l *loop) polled(ctx context.Context, r *polled) {
	this := map[string]bool{r.book: true}
	switch {
	case r.err != nil: // the pass finds out what it is; should it end well, polls of the book pause
		l.pass(ctx, hint{})
		if l.poll.polls[r.book] != nil {
			l.poll.stop(this)
			l.repoll = time.After(l.pollPause.next(0))
		}
	case r.news():
		l.pollPause.reset()
		l.pass(ctx, hint{only: this, pages: map[string]*polled{r.book: r}})
	case r.took < pollQuick:
		l.repoll = time.After(l.pollPause.next(0))
	default:
		l.pollPause.reset()
		l.startPolls(ctx)
	}
}

// startPolls begins to wait for what others do: in the first book, and in those that changed last. The cursors are read from the store:
// another process may have moved them.
func (l *loop) startPolls(ctx context.Context) {
	l.repoll = nil
	l.mu.Lock()
	s := l.session
	l.mu.Unlock()
	if s == nil || l.state != Idle {
		return
	}
	books, err := l.store.Books(ctx)
	if err != nil {
		return // the ticker's pass will say what it is
	}
	for _, b := range books {
		if l.cursors[b.ID] != b.Cursor {
			l.cursors[b.ID], l.moved[b.ID] = b.Cursor, time.Now()
		}
	}
	slices.SortStableFunc(books[1:], func(a, b data.Book) int { return l.moved[b.ID].Compare(l.moved[a.ID]) })
	chosen := map[string]bool{}
	for _, b := range books[:min(len(books), mostPolls)] {
		chosen[b.ID] = true
	}
	others := map[string]bool{}
	for id := range l.poll.polls {
		others[id] = !chosen[id]
	}
	l.poll.stop(others)
	for _, b := range books {
		if chosen[b.ID] && b.Remote != "" && b.Cursor != "" && !l.troubled[b.ID] {
			l.poll.start(ctx, s, b.ID, b.Remote, b.Cursor)
		}
	}
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
