package syncer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"time"

	"kith/data"
)

// Settings of the profile that the engine reads and writes.
const (
	settingInterval = "sync.interval" // a duration ("90s") or a number of seconds; "0" or "off": only edits and Sync Now
	settingState    = "sync.state"    // how the last pass of any process ended
)

const defaultInterval = time.Minute

// Options have working defaults when zero.
type Options struct {
	Interval time.Duration // the ticker; default: the profile's setting "sync.interval", else 60 s

	// Network is the network's fingerprint: when it changes while offline, the next try is made at once. Default: the addresses of
	// this machine's interfaces.
	Network func() string
}

// Engine syncs one profile. Run is the loop; the rest may be called from any goroutine.
type Engine struct {
	store     *data.Store
	connector Connector
	secrets   Secrets
	options   Options
	onStatus  func(Status)
	kick      chan struct{} // capacity 1: any number of calls during a pass are one more pass

	mu      sync.Mutex // guards what follows
	session *session   // nil: to be opened
	refused string     // the token that was answered with ErrSignIn last
	status  Status
	known   bool
	passes  map[*context.CancelCauseFunc]bool // of the passes under way
	changes int                               // of the account, that wait or are under way: no pass may begin
}

// session is an opened remote. It lasts until the account or its token changes.
type session struct {
	account Account
	token   string
	remote  Remote
	limits  Limits                   // zero until asked
	blobs   map[string]blobsAtRemote // by the book's id there
}

// New returns an engine; it does nothing until Run or Sync is called.
func New(store *data.Store, connector Connector, secrets Secrets, o Options) *Engine {
	if o.Network == nil {
		o.Network = networkAddresses
	}
	return &Engine{
		store: store, connector: connector, secrets: secrets, options: o,
		onStatus: func(Status) {}, kick: make(chan struct{}, 1), passes: map[*context.CancelCauseFunc]bool{},
	}
}

// SyncNow asks for a pass at once, back-off or not. Any number of calls during a pass are one more pass.
func (e *Engine) SyncNow() {
	select {
	case e.kick <- struct{}{}:
	default:
	}
}

// Sync is one whole pass, for programs without a loop: pull, merge, push, and again while the server answers conflict; then the
// photos that are missing here. Errors:
// data.ErrNotSignedIn, the sentinels of a Remote, or a fault of the store.
func (e *Engine) Sync(ctx context.Context) (Summary, error) {
	sum, err := e.pass(ctx, hint{})
	e.mu.Lock()
	s := e.session
	e.mu.Unlock()
	if err == nil && s != nil {
		_ = e.fetchBlobs(ctx, s, map[string]bool{}) // the contacts are in step; a photo that is missing still is fetched the next time
	}
	if ctx.Err() != nil {
		e.brokenOff(ctx)
	} else {
		e.settle(ctx, err, time.Time{})
	}
	sum.Pending = e.Status().Pending
	if err != nil {
		return sum, fmt.Errorf("sync: %w", err)
	}
	return sum, nil
}

// errAccountChanged ends a pass because the user signs in or out meanwhile.
var errAccountChanged = errors.New("the account changes")

// pass runs one pass under the profile's lock. The account can't change under it: see exclusively.
func (e *Engine) pass(ctx context.Context, h hint) (sum Summary, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	e.mu.Lock()
	if e.changes > 0 {
		e.mu.Unlock()
		return sum, errAccountChanged
	}
	e.passes[&cancel] = true
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		delete(e.passes, &cancel)
		e.mu.Unlock()
	}()

	unlock, err := e.lock(ctx)
	if err != nil {
		return sum, err
	}
	defer unlock()
	s, err := e.open(ctx)
	if err != nil {
		return sum, err
	}
	counting := e.counting(ctx)
	r := &round{store: e.store, session: s, progress: counting, hint: h}
	err = r.run(ctx)
	if errors.Is(err, ErrSignIn) {
		e.mu.Lock()
		e.session, e.refused = nil, s.token
		e.mu.Unlock()
	}
	if err != nil && errors.Is(context.Cause(ctx), errAccountChanged) {
		err = errAccountChanged
	}
	return r.sum, err
}

// counting publishes Syncing, and returns a function that publishes its numbers, not too often.
func (e *Engine) counting(ctx context.Context) func(done, total int) {
	st, err := e.fromStore(ctx, Status{State: Syncing})
	if err != nil {
		st = Status{State: Syncing} // the pass will say it
	}
	e.publish(st)
	var last time.Time
	return func(done, total int) {
		if time.Since(last) < countEvery {
			return
		}
		last = time.Now()
		now := st
		now.Done, now.Total = done, total
		e.publish(now)
	}
}

// open returns the session of the store's account, opening it if the account or its token is another one than before.
func (e *Engine) open(ctx context.Context) (*session, error) {
	a, err := e.store.Account(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the account: %w", err)
	}
	e.mu.Lock()
	s := e.session
	e.mu.Unlock()
	if s != nil && s.account == a {
		return s, nil
	}
	token, err := e.secrets.Token(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("read the token of %s: %w", a.User, err)
	}
	s = &session{account: a, token: token, remote: e.connector.Open(a, token), blobs: map[string]blobsAtRemote{}}
	e.mu.Lock()
	e.session = s
	e.mu.Unlock()
	return s, nil
}

// credentialsChanged reports whether the store now has an account with a token that was not refused: after a sign-in by another
// process, a pass is worth a try.
func (e *Engine) credentialsChanged(ctx context.Context) bool {
	a, err := e.store.Account(ctx)
	if err != nil {
		return false
	}
	token, err := e.secrets.Token(ctx, a)
	if err != nil {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return token != e.refused
}

// interval is how often the ticker ticks; 0: never.
func (e *Engine) interval(ctx context.Context) time.Duration {
	if e.options.Interval > 0 {
		return e.options.Interval
	}
	v, err := e.store.Setting(ctx, settingInterval)
	if err != nil {
		return defaultInterval
	}
	return parseInterval(v)
}

func parseInterval(v string) time.Duration {
	if v == "off" {
		return 0
	}
	d, err := time.ParseDuration(v)
	if n, atoiErr := strconv.Atoi(v); atoiErr == nil {
		d, err = time.Duration(n)*time.Second, nil
	}
	switch {
	case err != nil || d < 0: // not set, or rubbish
		return defaultInterval
	case d == 0:
		return 0
	}
	return max(d, time.Second)
}

// longestBackoff is short for a server on this machine: asking it costs nobody anything, and it comes back within seconds.
func longestBackoff(server string) time.Duration {
	u, err := url.Parse(server)
	if err != nil {
		return backoffLast
	}
	switch u.Hostname() {
	case "localhost", "127.0.0.1", "::1":
		return 2 * time.Second
	}
	return backoffLast
}
