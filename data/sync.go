package data

import (
	"context"
	"encoding/json"
	"time"

	"kith/contact"
)

// Account is the sign-in of this profile. The token is not here: it is in the keyring, under Key().
type Account struct {
	Server   string // base URL
	User     string
	Device   string // this device's name
	DeviceID string
}

// Account returns the sign-in, or ErrNotSignedIn.
func (s *Store) Account(ctx context.Context) (Account, error) { return Account{}, errUnfinished }

// SetAccount signs in. Another server or user than before: every contact is to be sent as new, and the cursors start over.
func (s *Store) SetAccount(ctx context.Context, a Account) error { return errUnfinished }

// DropAccount signs out; contacts and unsent edits stay.
func (s *Store) DropAccount(ctx context.Context) error { return errUnfinished }

// DefaultBook is the book that every profile has.
const DefaultBook = "personal"

// Book is a local book. Remote is its id on the server, "" until it is known.
type Book struct {
	ID, Name, Remote string
	Cursor           string
	Strategy         contact.Strategy
	LastSync         time.Time // the last pass that ended well; zero: never
}

func (s *Store) Books(ctx context.Context) ([]Book, error) { return nil, errUnfinished }
func (s *Store) SetStrategy(ctx context.Context, book string, st contact.Strategy) error {
	return errUnfinished
}
func (s *Store) LinkBook(ctx context.Context, book, remote string) error { return errUnfinished }
func (s *Store) MarkSynced(ctx context.Context, book string, at time.Time) error {
	return errUnfinished
}

// Observe moves the hybrid logical clock: offset is the server's clock minus ours.
func (s *Store) Observe(ctx context.Context, offset time.Duration) error { return errUnfinished }

// RemoteChange is a contact's latest state at the server.
type RemoteChange struct {
	ID         string
	Rev        int64
	Deleted    bool
	Card       contact.Card
	EditedAt   int64
	Device     string // id
	DeviceName string
	User       string
}

// Page is one page of a book's feed. Since is the cursor that it was asked with.
type Page struct {
	Since, Cursor string
	Changes       []RemoteChange
	More          bool
}

// Applied counts what a page or a push's answer did.
type Applied struct{ Pulled, Pushed, Merged, Conflicts, Rejected int }

// ApplyPage merges a page into the book and moves its cursor, in one transaction. A contact with unsynced edits is merged by the
// book's strategy, never overwritten. The last page (More false) of a reconciliation also settles what the walk did not show.
// ErrCursorMoved: the book's cursor is not Page.Since any more; ask again from the book's cursor.
func (s *Store) ApplyPage(ctx context.Context, book string, p Page) (Applied, error) {
	return Applied{}, errUnfinished
}

// Outgoing is one change to push. It is frozen when it is first taken: a repeat after a lost reply is byte for byte the same.
type Outgoing struct {
	ChangeID  string
	ID        string
	Operation string // INSERT, UPDATE, DELETE
	BaseRev   int64
	Card      json.RawMessage // canonical JSON; nil for DELETE
	Blobs     []string
	EditedAt  int64
}

// InFlight returns changes that were taken before and never answered: they must be answered before a pull.
func (s *Store) InFlight(ctx context.Context, book string) ([]Outgoing, error) {
	return nil, errUnfinished
}

// TakePush freezes and returns the next batch of unsynced contacts, oldest edit first, at most changes and bytes big (a single
// one may be bigger). Parked and rejected contacts are left out. Empty: nothing to push.
func (s *Store) TakePush(ctx context.Context, book string, changes, bytes int) ([]Outgoing, error) {
	return nil, errUnfinished
}

// PushResult is the server's answer to one Outgoing.
type PushResult struct {
	ChangeID string
	Status   string // "applied", "conflict", "rejected"
	Rev      int64
	EditedAt int64
	Current  *RemoteChange // conflict; nil: the server has none
	Reason   string        // rejected
}

// ApplyResults settles a push, in one transaction: applied changes become the base, conflicts are merged by the strategy and stay
// pending, rejected ones are set aside. cursor "" : not moved.
func (s *Store) ApplyResults(ctx context.Context, book, since, cursor string, r []PushResult) (Applied, error) {
	return Applied{}, errUnfinished
}

// ResetReason is why the server no longer takes a cursor.
type ResetReason int

const (
	CursorUnknown ResetReason = iota // the server's history is another one: what this device holds goes back
	CursorExpired                    // away for longer than tombstones are kept: clean contacts that the server lacks were deleted
)

// BeginReconcile drops the cursor; the walk that follows compares everything, and can be broken off and resumed.
func (s *Store) BeginReconcile(ctx context.Context, book string, why ResetReason) error {
	return errUnfinished
}

// Conflict is one field of one contact that waits for the user.
type Conflict struct {
	ID, Field           string // Field: JSON pointer; "" : the whole contact was deleted on one side
	Name                string // the contact's display name
	Base, Local, Remote json.RawMessage
	Device, User        string // whose remote edit
	LocalAt, RemoteAt   time.Time
}

func (s *Store) Conflicts(ctx context.Context) ([]Conflict, error) { return nil, errUnfinished }

// Resolve decides fields of one contact: keep[field] says whose value stands. The contact is pushed once none of its fields waits.
// A nil keep with side decides all of them alike.
func (s *Store) Resolve(ctx context.Context, id string, all *contact.Side, keep map[string]contact.Side) error {
	return errUnfinished
}
