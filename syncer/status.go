package syncer

import (
	"context"
	"errors"
	"time"

	"kith/data"
)

// State is what the status bar's first word comes from.
type State string

const (
	SignedOut    State = "signed-out"
	Idle         State = "idle"
	Syncing      State = "syncing"
	Offline      State = "offline"
	SignInNeeded State = "sign-in-needed"
	UpdateNeeded State = "update-needed"
	Failed       State = "error"
)

// Status is one consistent picture of the syncer; it is comparable by value but for Err.
type Status struct {
	State        State
	Done, Total  int       // contacts of the running sync; Total 0: not known
	Pending      int       // contacts with unsynced changes
	Conflicts    int       // contacts that wait for the user
	Rejected     int       // contacts that the server refused
	Unreadable   int       // contacts that the server has and this version can't read
	Held         data.Held // deletions that wait for the user, because they are so many
	Notices      int       // what has happened to books, and was not dismissed (data.Notice)
	LastSync     time.Time
	NextTry      time.Time // Offline: when the back-off ends
	Err          error     // Idle: a *BooksError, if some books other than the first can't be synced
	Server, User string
}

// Summary counts, in contacts, what one sync did. Pending is what still waits when it ends.
type Summary struct{ Pulled, Pushed, Merged, Conflicts, Rejected, Pending int }

func (s Summary) plus(o Summary) Summary {
	return Summary{s.Pulled + o.Pulled, s.Pushed + o.Pushed, s.Merged + o.Merged, s.Conflicts + o.Conflicts, s.Rejected + o.Rejected, s.Pending + o.Pending}
}

// countEvery is how often at most the numbers of a running sync are published.
const countEvery = 100 * time.Millisecond

// stateOf is the state in which a pass that ended with err leaves the engine.
func stateOf(err error) State {
	switch {
	case err == nil, errors.Is(err, errContended), errors.As(err, new(*BooksError)):
		return Idle
	case errors.Is(err, data.ErrNotSignedIn):
		return SignedOut
	case errors.Is(err, ErrSignIn), errors.Is(err, ErrCredentials):
		return SignInNeeded
	case errors.Is(err, ErrUpdateNeeded):
		return UpdateNeeded
	case errors.Is(err, ErrOffline):
		return Offline
	}
	return Failed
}

// Status is the newest status. Before the first pass of this Engine it is read from the store, so that a program without a loop
// can show it too; its State is then how the last sync of the profile ended.
func (e *Engine) Status() Status {
	e.mu.Lock()
	st, known := e.status, e.known
	e.mu.Unlock()
	if known {
		return st
	}
	st, err := e.fromStore(context.Background(), Status{})
	if err != nil {
		return Status{State: Failed, Err: err}
	}
	return st
}

// OnStatus sets the function that is called with each new status, in order, at most ten times a second while a sync counts, on
// the goroutine of Run or Sync. Set it before either.
func (e *Engine) OnStatus(f func(Status)) { e.onStatus = f }

// publish makes st the status and tells it, unless nothing has changed.
func (e *Engine) publish(st Status) {
	e.mu.Lock()
	same := e.known && e.status == st
	e.status, e.known = st, true
	e.mu.Unlock()
	if !same {
		e.onStatus(st)
	}
}

// refresh publishes the numbers of the store in the present state.
func (e *Engine) refresh(ctx context.Context) {
	e.mu.Lock()
	st := e.status
	e.mu.Unlock()
	if st, err := e.fromStore(ctx, st); err == nil { // an unreadable store shows itself in the next pass
		e.publish(st)
	}
}

// fromStore fills what the store knows into st. An empty State is filled from how the last sync ended.
func (e *Engine) fromStore(ctx context.Context, st Status) (Status, error) {
	a, err := e.store.Account(ctx)
	switch {
	case errors.Is(err, data.ErrNotSignedIn):
		if st.State == "" {
			st.State = SignedOut
		}
	case err != nil:
		return st, err
	case st.State == "":
		last, err := e.store.Setting(ctx, settingState)
		if err != nil {
			return st, err
		}
		if st.State = State(last); st.State == "" || st.State == SignedOut {
			st.State = Idle
		}
	}
	st.Server, st.User = a.Server, a.User
	first, err := e.store.Book(ctx, data.DefaultBook)
	if err != nil {
		return st, err
	}
	st.LastSync = first.LastSync
	w, err := e.store.Waiting(ctx, "")
	if err != nil {
		return st, err
	}
	c, err := e.store.Counts(ctx)
	if err != nil {
		return st, err
	}
	st.Pending, st.Conflicts, st.Rejected = c.Pending, w.Conflicts, w.Rejected
	if st.Unreadable, err = e.store.Unreadable(ctx, ""); err != nil {
		return st, err
	}
	if st.Held, err = e.store.Held(ctx, ""); err != nil || st.State == SignedOut || !st.Held.Any() {
		st.Held = data.Held{} // its count of contacts is of no use without a question, and would be news with each edit
	}
	if err == nil {
		st.Notices, err = e.store.CountNotices(ctx)
	}
	return st, err
}

// settle publishes, and writes down for Status in other programs, how a pass ended.
func (e *Engine) settle(ctx context.Context, passErr error, nextTry time.Time) {
	st := Status{State: stateOf(passErr), NextTry: nextTry}
	if st.State != Idle && st.State != SignedOut || errors.As(passErr, new(*BooksError)) {
		st.Err = passErr
	}
	st, err := e.fromStore(ctx, st)
	if err != nil && st.Err == nil {
		st.State, st.Err = Failed, err
	}
	if last, err := e.store.Setting(ctx, settingState); err == nil && last != string(st.State) {
		if err := e.store.SetSetting(ctx, settingState, string(st.State)); err != nil && st.Err == nil {
			st.State, st.Err = Failed, err
		}
	}
	e.publish(st)
}

// brokenOff publishes the state of before a pass that the caller ended: that was no fault, and says nothing about the server.
func (e *Engine) brokenOff(ctx context.Context) {
	if st, err := e.fromStore(context.WithoutCancel(ctx), Status{}); err == nil {
		e.publish(st)
	}
}
