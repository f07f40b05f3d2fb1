// Package syncer brings the local store and one Remote to the same state. It knows neither widgets nor wire formats.
package syncer

import (
	"context"
	"errors"
	"time"

	"kith/data"
)

var errUnfinished = errors.New("syncer: not written yet")

// Change, Outgoing and PushResult are the store's own types: what is pulled, pushed and answered.
type (
	Change     = data.RemoteChange
	Outgoing   = data.Outgoing
	PushResult = data.PushResult
	Account    = data.Account
)

// What a Remote's errors mean; callers branch with errors.Is. Everything else is a fault of ours.
var (
	ErrOffline       = errors.New("offline")                             // no network, time-out, 5xx, 429, or an answer that is not ours: stay queued, back off
	ErrSignIn        = errors.New("sign-in needed")                      // 401: revoked or expired
	ErrCredentials   = errors.New("wrong user or password")              // at sign-in
	ErrForbidden     = errors.New("no right to this book")               // 403, 404
	ErrCursorUnknown = errors.New("the server's history is another one") // 410: reconcile
	ErrCursorExpired = errors.New("away for too long")                   // 410: reconcile
	ErrTooLarge      = errors.New("the batch is too large")              // 413: split
	ErrUpdateNeeded  = errors.New("this version of Kith is too old for the server")
	ErrNotKith       = errors.New("there is no Kith server at this address") // at sign-in: a web page, another service
)

// OfflineError is an ErrOffline with what the user and the back-off want to know.
type OfflineError struct {
	Reason     string        // "connection refused", "the server answered 503", …
	RetryAfter time.Duration // 0: the server did not say
	Err        error
}

func (e *OfflineError) Error() string   { return "offline: " + e.Reason }
func (e *OfflineError) Unwrap() []error { return []error{ErrOffline, e.Err} }

// Page is one page of the feed. Total counts the changes from this page's first to the feed's end.
type Page struct {
	Changes []Change
	Cursor  string
	More    bool
	Total   int
	Offset  time.Duration // the server's clock minus ours
}

// Answer is the answer to one push.
type Answer struct {
	Results []PushResult
	Cursor  string // "" : not moved
	Offset  time.Duration
}

// Limits are what the remote accepts in one request.
type Limits struct{ CardBytes, PushChanges, PushBytes, PageChanges int }

// Book is a book at the remote.
type Book struct{ ID, Name, Role string }

// Remote is one account at one server. Safe for concurrent use. Errors are the sentinels above, wrapped.
type Remote interface {
	Books(ctx context.Context) ([]Book, Limits, error)
	// Changes returns the page after the cursor ("" : from the beginning). wait > 0: if there is none, wait that long for one.
	Changes(ctx context.Context, book, since string, limit int, wait time.Duration) (Page, error)
	Push(ctx context.Context, book, cursor string, changes []Outgoing) (Answer, error)
	SignOut(ctx context.Context) error
}

// SignInRequest is what the user types into the sign-in dialog.
type SignInRequest struct{ Server, User, Password, Device string }

// Connector signs in at, and opens, one kind of remote.
type Connector interface {
	// SignIn checks everything before it returns: address, protocol, user and password. deviceID: of an earlier sign-in, or "".
	SignIn(ctx context.Context, r SignInRequest, deviceID string) (a Account, token string, err error)
	Open(a Account, token string) Remote
}

// Secrets keeps the tokens: the system's keyring, or a file that only its owner can read.
type Secrets interface {
	Token(ctx context.Context, a Account) (string, error) // ErrSignIn: there is none
	SetToken(ctx context.Context, a Account, token string) error
	DropToken(ctx context.Context, a Account) error
}

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
	Done, Total  int // contacts of the running sync; Total 0: not known
	Pending      int // contacts with unsynced changes
	Conflicts    int // contacts that wait for the user
	Rejected     int // contacts that the server refused
	LastSync     time.Time
	NextTry      time.Time // Offline: when the back-off ends
	Err          error
	Server, User string
}

// Summary counts what one sync did.
type Summary struct{ Pulled, Pushed, Merged, Conflicts, Rejected, Pending int }

// Options have working defaults when zero.
type Options struct {
	Interval time.Duration // the ticker; default: the profile's setting "sync.interval", else 60 s
}

// Engine syncs one profile. Run is the loop; the rest may be called from any goroutine.
type Engine struct{}

func New(store *data.Store, connector Connector, secrets Secrets, o Options) *Engine {
	return &Engine{}
}

// Run syncs at start, on the ticker, on SyncNow, after each edit (also by another process), on the long poll and at the end of a
// back-off, until ctx ends. Passes never overlap, in this process or another.
func (e *Engine) Run(ctx context.Context) error { return errUnfinished }

// SyncNow asks for a pass at once, back-off or not. Any number of calls during a pass are one more pass.
func (e *Engine) SyncNow() {}

// Sync is one whole pass, for programs without a loop: pull, merge, push, and again while the server answers conflict.
func (e *Engine) Sync(ctx context.Context) (Summary, error) { return Summary{}, errUnfinished }

// Status is the newest status; OnStatus's function is called with each new one, in order, at most ten times a second while a sync
// counts, on the engine's goroutine. Set it before Run.
func (e *Engine) Status() Status          { return Status{} }
func (e *Engine) OnStatus(f func(Status)) {}

// SignIn checks, then saves the account, then kicks a pass. SignOut ends the session at the server if it can, and forgets it here.
func (e *Engine) SignIn(ctx context.Context, r SignInRequest) error { return errUnfinished }
func (e *Engine) SignOut(ctx context.Context) error                 { return errUnfinished }
