// Package data is the local store: SQLite, change log, search, history, trash and sync state. It is the only package with
// client SQL. It knows neither the network nor widgets.
package data

import (
	"context"
	"errors"
	"time"

	"kith/contact"
)

var errUnfinished = errors.New("data: not written yet")

// Errors that callers branch on, with errors.Is.
var (
	ErrNotFound      = errors.New("no such contact")
	ErrNothingToUndo = errors.New("nothing to undo")
	ErrNotADatabase  = errors.New("not a database, or a damaged one") // the *DamagedError in the chain says where it was put
	ErrNewerDatabase = errors.New("the database was written by a newer version of Kith")
	ErrNotWritable   = errors.New("the profile can't be written")
	ErrInUse         = errors.New("the profile is in use by another window")
	ErrCursorMoved   = errors.New("the book's cursor has moved")
	ErrNotSignedIn   = errors.New("this profile isn't signed in to a server")
)

// Store is one profile's database. Safe for concurrent use. Every method that writes has committed durably when it returns.
type Store struct{}

// Options have working defaults when zero.
type Options struct {
	Now      func() time.Time // the wall clock
	ReadOnly bool
}

// Open opens the profile in dir, making both when missing, and migrates it.
func Open(ctx context.Context, dir string, o Options) (*Store, error) { return nil, errUnfinished }

// Close waits for what is under way, and leaves a single file.
func (s *Store) Close() error { return nil }

// Dir is the profile's folder.
func (s *Store) Dir() string { return "" }

// DefaultProfile is the profile folder of a person who named none: $KITH_PROFILE, else kith in the user's data folder.
func DefaultProfile() (string, error) { return "", errUnfinished }

// ---- contacts -------------------------------------------------------------------------------------------------------------

// Contact is one stored contact.
type Contact struct {
	ID, Book  string
	Card      contact.Card
	Rev       int64     // the server's, 0 before the first push
	Pending   bool      // has edits that the server doesn't
	Deleted   time.Time // in the trash since; zero: not
	EditedAt  int64     // hybrid logical time, microseconds
	Conflicts int       // fields that wait for the user
	Rejected  string    // why the server refused the last edit; "" : it did not
}

// Add stores a new contact (its id is the card's uid) and returns it. Errors: *contact.ValidationError.
func (s *Store) Add(ctx context.Context, c contact.Card) (Contact, error) {
	return Contact{}, errUnfinished
}

// AddAll stores many as one undoable action, in one transaction.
func (s *Store) AddAll(ctx context.Context, cards []contact.Card) ([]string, error) {
	return nil, errUnfinished
}

// Save replaces the contact's card if it still is the one that the edit began from; what changed meanwhile is merged, field by
// field, with the edit's values on top. Returns what is stored now. A Save that changes nothing writes nothing.
func (s *Store) Save(ctx context.Context, id string, from, to contact.Card) (Contact, error) {
	return Contact{}, errUnfinished
}

// Delete moves contacts to the trash, as one undoable action; Restore brings them back.
func (s *Store) Delete(ctx context.Context, ids ...string) error  { return errUnfinished }
func (s *Store) Restore(ctx context.Context, ids ...string) error { return errUnfinished }

// Contact returns one contact, deleted or not. ErrNotFound.
func (s *Store) Contact(ctx context.Context, id string) (Contact, error) {
	return Contact{}, errUnfinished
}

// Undone says what Undo did.
type Undone struct {
	IDs       []string
	Operation string // the operation that was undone: INSERT, UPDATE, DELETE
	Name      string // display name of the first
}

// Undo takes the newest action of this device that is not undone yet back, as new edits; again: the one before. Values that
// changed since stay. ErrNothingToUndo.
func (s *Store) Undo(ctx context.Context) (Undone, error) { return Undone{}, errUnfinished }

// HistoryEntry is one change of one contact, newest first in History.
type HistoryEntry struct {
	ID        int64
	Time      time.Time
	Operation string
	Origin    string // "local", "remote", "merge", "undo"
	Device    string // whose edit: a device's name, "" for this one
	Patch     contact.Patch
	Lost      bool // the values in Old gave way in a merge: kept here, restorable
}

func (s *Store) History(ctx context.Context, id string) ([]HistoryEntry, error) {
	return nil, errUnfinished
}

// ---- lists ----------------------------------------------------------------------------------------------------------------

// Filter is what a list shows.
type Filter int

const (
	All Filter = iota
	Favourites
	Conflicted // fields that wait for the user, and contacts that the server refused
	Trash
)

// Query selects and orders. Text "" : everything in collation order; else every word must match the start of a word anywhere in
// the card (accents and case ignored), or a part of a phone number by its digits; in collation order too.
type Query struct {
	Filter Filter
	Text   string
}

// RowID is a contact's short key in this database, for lists only.
type RowID int64

// Row is one line of the list.
type Row struct {
	RowID                      RowID
	ID                         string
	Name, Section, Subtitle    string
	Starred, Pending, Conflict bool
	Deleted                    time.Time
}

// Order returns the row ids of a query in list order: 100,000 in tens of milliseconds, from a covering index.
func (s *Store) Order(ctx context.Context, q Query) ([]RowID, error) { return nil, errUnfinished }

// Rows returns one page, in the order asked; ids that are gone are left out.
func (s *Store) Rows(ctx context.Context, ids []RowID) ([]Row, error) { return nil, errUnfinished }

// Counts are the numbers beside the lists, and what waits for the syncer.
type Counts struct{ All, Favourites, Conflicted, Trash, Pending int }

func (s *Store) Counts(ctx context.Context) (Counts, error) { return Counts{}, errUnfinished }

// Watch returns a channel (capacity 1) that receives after a commit by anyone, this process or another; several commits are one
// message. It ends with ctx.
func (s *Store) Watch(ctx context.Context) <-chan struct{} { return nil }

// ---- drafts and settings --------------------------------------------------------------------------------------------------

// Setting and SetSetting hold what the user chose (interval, theme, window size), as strings; "" : not set.
func (s *Store) Setting(ctx context.Context, key string) (string, error) { return "", errUnfinished }
func (s *Store) SetSetting(ctx context.Context, key, value string) error { return errUnfinished }

// Draft is an edit that was begun and not saved. ID "" : a new contact. From is the card that the edit began from.
type Draft struct {
	ID       string
	From, To contact.Card
}

func (s *Store) Draft(ctx context.Context) (Draft, bool, error) { return Draft{}, false, errUnfinished }
func (s *Store) SetDraft(ctx context.Context, d Draft) error    { return errUnfinished }
func (s *Store) DropDraft(ctx context.Context) error            { return errUnfinished }

// ---- backup ---------------------------------------------------------------------------------------------------------------

// Backup writes a consistent copy to file, which must not exist.
func (s *Store) Backup(ctx context.Context, file string) error { return errUnfinished }

// Check reads everything and says what is wrong; nil: sound.
func (s *Store) Check(ctx context.Context) error { return errUnfinished }

// DamagedError wraps ErrNotADatabase: the file was moved to Aside, nothing was deleted; Backups are the daily copies, newest first.
type DamagedError struct {
	Aside   string
	Backups []string
	Err     error
}

func (e *DamagedError) Error() string { return "" }
func (e *DamagedError) Unwrap() error { return e.Err }

// RestoreBackup puts a daily copy back as dir's database, whose place must be empty.
func RestoreBackup(dir, backup string) error { return errUnfinished }
