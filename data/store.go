// Package data is the local store: SQLite, change log, search, history, trash and sync state. It is the only package with
// client SQL. It knows neither the network nor widgets.
package data

import (
	"database/sql"
	"errors"
	"sync"
	"time"
)

// Errors that callers branch on, with errors.Is.
var (
	ErrNotFound      = errors.New("no such contact")
	ErrDeleted       = errors.New("the contact is in the trash: restore it first")
	ErrExists        = errors.New("there is a contact with this id already")
	ErrNothingToUndo = errors.New("nothing to undo")
	ErrNothingToRedo = errors.New("nothing to do again")
	ErrNotADatabase  = errors.New("not a database, or a damaged one") // from Open, the *DamagedError in the chain says where it was put
	ErrNewerDatabase = errors.New("the database was written by a newer version of Kith")
	ErrNotWritable   = errors.New("the profile can't be written")
	ErrDiskFull      = errors.New("the disk is full")
	ErrDiskFault     = errors.New("the disk can't be read or written") // a cable, a share that is away, a disk that fails
	ErrBusy          = errors.New("another program keeps the profile busy")
	ErrInUse         = errors.New("the profile is in use by another window")
	ErrCursorMoved   = errors.New("the book's cursor has moved")
	ErrReadOnly      = errors.New("you may read this book, but not change it: ask its owner, or copy the contact to a book of yours")
	ErrNoBook        = errors.New("no such book")
	ErrBooksDiffer   = errors.New("the contacts are in different books: move them into one first")
	ErrFirstBook     = errors.New("every profile has this book, and can't do without it")
	ErrNotOwner      = errors.New("only an owner of the book can do this")
	ErrNotSignedIn   = errors.New("this profile isn't signed in to a server")
)

// Store is one profile's database. Safe for concurrent use. Every method that writes has committed durably when it returns, or
// has changed nothing.
type Store struct {
	dir     string
	now     func() time.Time
	open    func(dsn string) (*sql.DB, error)
	writer  *writer
	readers *sql.DB
	watch   watchers
	list    listCache
	looks   []int      // see firstLooks
	many    int        // see manyRows
	finding sync.Mutex // one search for duplicates at a time

	massContacts int // see guard.go

	background sync.WaitGroup // the daily backup
	backupErr  error          // of the daily backup, once background is done
}

// Dir is the profile's folder.
func (s *Store) Dir() string { return s.dir }

// Close waits for what is under way (the daily backup too), and leaves a single file if no other program has the profile open.
// Its error says also why the daily backup could not be made, if it could not.
func (s *Store) Close() error {
	s.background.Wait()
	s.watch.close()
	// The last connection to close folds the log into the database; one that only reads could not.
	return errors.Join(s.backupErr, s.readers.Close(), s.writer.close())
}

// micros is how times stand in the database: microseconds since 1970, 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us)
}

// scanner is a *sql.Row or *sql.Rows.
type scanner interface{ Scan(dest ...any) error }
