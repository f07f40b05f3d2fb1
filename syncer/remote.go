package syncer

import (
	"context"
	"errors"
	"time"

	"kith/contact"
	"kith/data"
)

// Change, Outgoing and PushResult are the store's own types: what is pulled, pushed and answered.
type (
	Change     = data.RemoteChange
	Outgoing   = data.Outgoing
	PushResult = data.PushResult
	Account    = data.Account
)

// The statuses of a PushResult.
const (
	Applied  = "applied"
	Conflict = "conflict"
	Rejected = "rejected"
)

// What a Remote's errors mean; callers branch with errors.Is. Everything else is a fault of ours.
var (
	ErrOffline       = errors.New("offline")                             // no network, time-out, 5xx, 429, or an answer that is not ours: stay queued, back off
	ErrSignIn        = errors.New("sign-in needed")                      // 401: revoked or expired
	ErrCredentials   = errors.New("wrong user or password")              // at sign-in
	ErrForbidden     = errors.New("no right to this book")               // 403: the role does not allow it; 404 is its ErrNotFound
	ErrConflict      = errors.New("the book has changed meanwhile")      // 409, 412 for a whole request: pull, merge, push again
	ErrCursorUnknown = errors.New("the server's history is another one") // 410: reconcile
	ErrCursorExpired = errors.New("away for too long")                   // 410: reconcile
	ErrTooLarge      = errors.New("the batch is too large")              // 413: split
	ErrRefused       = errors.New("the server refuses the request")      // 400, 422: something in it does not fit; split to find what
	ErrUpdateNeeded  = errors.New("this version of Kith is too old for the server")
	ErrNotKith       = errors.New("there is no Kith server at this address") // at sign-in: a web page, another service
	ErrAddress       = errors.New("this is no address of a server")          // at sign-in: what was typed
)

// Why is the kind of an OfflineError's reason: a window says it in the words of its own language.
type Why string

const (
	WhyNoAnswer    Why = "no-answer"    // in time
	WhyNoHost      Why = "no-host"      // Name is not known, or there is no network
	WhyNoLookup    Why = "no-lookup"    // Name can't be looked up
	WhyNotListened Why = "not-listened" // connection refused
	WhyNoNetwork   Why = "no-network"
	WhyOtherName   Why = "other-name"  // the certificate is for another one
	WhyUnknownCA   Why = "unknown-ca"  // the certificate is signed by nobody whom this machine knows
	WhyExpired     Why = "expired"     // the certificate is, or the clock is wrong
	WhyCertificate Why = "certificate" // it is not valid in another way
	WhyNoTLS       Why = "no-tls"
	WhyCut         Why = "cut" // the connection was
	WhyNotOurs     Why = "not-ours"
	WhyPause       Why = "pause"
	WhyFault       Why = "fault" // 5xx, in Status
	WhyDown        Why = "down"  // at sign-in: 5xx of another server, in Status
)

// OfflineError is an ErrOffline with what the user and the back-off want to know.
type OfflineError struct {
	Reason     string        // "connection refused", "the server answered 503", …
	Why        Why           // "" : the reason alone
	Name       string        // the host's, where that is the reason
	Status     int           // of an answer that is the reason
	RetryAfter time.Duration // 0: the server did not say
	Err        error
}

func (e *OfflineError) Error() string   { return "offline: " + e.Reason }
func (e *OfflineError) Unwrap() []error { return []error{ErrOffline, e.Err} }

// NotKithError is an ErrNotKith of an address at which something else answers.
type NotKithError struct {
	Status   int
	Location string // where it sends visitors; "" : nowhere
	Reason   string
}

func (e *NotKithError) Error() string { return ErrNotKith.Error() + ": " + e.Reason }
func (e *NotKithError) Unwrap() error { return ErrNotKith }

// Clock is what an answer says of the server's clock; zero if it says nothing. Both are measured: who adds the offset to our clock
// later does not get the server's time if our clock was set meanwhile.
type Clock struct {
	Offset time.Duration // the server's clock minus ours
	Server time.Time     // what the server's clock showed
}

// Page is one page of the feed. Total counts the changes from this page's first to the feed's end.
type Page struct {
	Changes []Change
	Cursor  string
	More    bool
	Total   int
	Clock   Clock
}

// Answer is the answer to one push.
type Answer struct {
	Results []PushResult // one for each change, in the same order
	Cursor  string       // "" : not moved
	Clock   Clock
}

// Limits are what the remote accepts in one request; 0: it does not say.
type Limits struct{ CardBytes, PushChanges, PushBytes, PageChanges, BlobBytes int }

// Book is a book at the remote, as this account sees it.
type Book struct {
	ID, Name string
	Role     string // this account's: Owner, Writer or Reader
	Owner    string // the name of its longest-standing owner
	Members  int    // this account among them
}

// Remote is one account at one server. Safe for concurrent use. Errors are the sentinels above, wrapped.
type Remote interface {
	// Books lists the account's books, its first one first.
	Books(ctx context.Context) ([]Book, Limits, error)
	// Changes returns the page after the cursor ("" : from the beginning). wait > 0: if there is none, wait that long for one.
	Changes(ctx context.Context, book, since string, limit int, wait time.Duration) (Page, error)
	// Push applies each change whose BaseRev is the contact's; the others conflict. It is atomic, and a repeat of a ChangeID is
	// answered with the first answer. A change that names a blob which the book lacks is Rejected as MissingBlob. A cursor that is not of this history is ErrCursorUnknown, and nothing is applied.
	Push(ctx context.Context, book, cursor string, changes []Outgoing) (Answer, error)
	// HasBlob asks whether the book holds a blob; Blob fetches it, checked against its id: contact.ErrNoBlob if the book has none.
	HasBlob(ctx context.Context, book, id string) (bool, error)
	Blob(ctx context.Context, book, id string) ([]byte, error)
	// PutBlob sends a blob; a repeat is harmless. ErrTooLarge: it is above Limits.BlobBytes.
	PutBlob(ctx context.Context, book string, b contact.Blob) error
	SignOut(ctx context.Context) error
	Sharer
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
