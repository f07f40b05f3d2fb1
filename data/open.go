package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/adrg/xdg"
	"modernc.org/sqlite" // also registers the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const fileName = "kith.db"

// Options have working defaults when zero.
type Options struct {
	Now     func() time.Time                  // the wall clock
	Connect func(dsn string) (*sql.DB, error) // opens SQLite by a DSN; for tests that stand between the store and its file

	// MassDeletion is how many contacts may be deleted at once before the user is asked, if they are more than a quarter of the
	// book. Default: 10.
	MassDeletion int
}

// DefaultProfile is the profile folder of a person who named none: $KITH_PROFILE, else kith in the user's data folder.
func DefaultProfile() (string, error) {
	if dir := os.Getenv("KITH_PROFILE"); dir != "" {
		return dir, nil
	}
	if xdg.DataHome == "" {
		return "", errors.New("find the user's data folder: set KITH_PROFILE to the folder of your profile")
	}
	return filepath.Join(xdg.DataHome, "kith"), nil
}

// Open opens the profile in dir, making both when missing, and migrates it. Errors: ErrNotWritable, ErrNewerDatabase, and a
// *DamagedError, after which the place is empty: RestoreBackup, or Open again for an empty book.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open profile: %w", err)
	}
	file := filepath.Join(dir, fileName)
	if err := makeFile(dir, file); err != nil {
		return nil, fmt.Errorf("open profile: %w: %w", ErrNotWritable, err)
	}
	s := &Store{dir: dir, now: o.Now, looks: firstLooks(), many: manyRows, watch: watchers{all: make(map[chan struct{}]bool), closed: make(chan struct{})}}
	if s.now == nil {
		s.now = time.Now
	}
	if s.massContacts = o.MassDeletion; s.massContacts == 0 {
		s.massContacts = massContacts
	}
	if s.open = o.Connect; s.open == nil {
		s.open = openSQLite
	}
	if err := s.connect(ctx, file); err != nil {
		if !errors.Is(err, ErrNotADatabase) {
			return nil, fmt.Errorf("open profile %s: %w", dir, err)
		}
		return nil, fmt.Errorf("open profile %s: %w", dir, setAside(dir, err, s.now()))
	}
	s.background.Go(func() {
		if err := s.dailyBackup(context.Background()); err != nil {
			s.backupErr = fmt.Errorf("make the daily backup: %w", err)
		}
		// A search finds what it did until this could be done.
		_ = s.reindex(context.Background())
		// After the backup, which still has what goes. What can't be removed today can tomorrow.
		_, _ = s.Tidy(context.Background())
	})
	return s, nil
}

func openSQLite(dsn string) (*sql.DB, error) { return sql.Open("sqlite", dsn) }

// makeFile makes the folder and an empty file that only their owner can read; SQLite gives its other files the same mode.
func makeFile(dir, file string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func (s *Store) connect(ctx context.Context, file string) (err error) {
	s.writer, err = openWriter(ctx, s.open, file)
	if err != nil {
		return err
	}
	if err := s.writer.migrate(ctx); err != nil {
		return errors.Join(explain(err), s.writer.close())
	}
	if err := s.reproject(ctx); err != nil {
		return errors.Join(explain(err), s.writer.close())
	}
	if err := s.examine(ctx); err != nil {
		return errors.Join(explain(err), s.writer.close())
	}
	s.readers, err = s.open(dsn(file, "query_only(1)"))
	if err != nil {
		return errors.Join(explain(err), s.writer.close())
	}
	s.readers.SetMaxOpenConns(4)
	s.readers.SetMaxIdleConns(4)
	return nil
}

// dsn names the file for the driver, with what every connection needs. FULL: a commit is on disk when it returns, also where
// the power fails the moment after.
func dsn(file string, more ...string) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	pragmas := append([]string{"busy_timeout(10000)", "synchronous(FULL)", "foreign_keys(1)",
		"wal_autocheckpoint(4000)", "journal_size_limit(16777216)", "temp_store(MEMORY)"}, more...)
	return (&url.URL{Scheme: "file", Path: path, RawQuery: url.Values{"_pragma": pragmas}.Encode()}).String()
}

// explain adds the sentinel that a caller can branch on to an error of SQLite.
func explain(err error) error {
	var coded *sqlite.Error
	switch {
	case err == nil, !errors.As(err, &coded), errors.Is(err, ErrNotADatabase), errors.Is(err, ErrDiskFull), errors.Is(err, ErrDiskFault), errors.Is(err, ErrBusy), errors.Is(err, ErrNotWritable):
		return err
	}
	switch coded.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%w: %w", ErrNotADatabase, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: %w", ErrDiskFull, err)
	case sqlite3.SQLITE_IOERR:
		return fmt.Errorf("%w: %w", ErrDiskFault, err)
	case sqlite3.SQLITE_BUSY:
		return fmt.Errorf("%w: %w", ErrBusy, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%w: %w", ErrNotWritable, err)
	}
	return err
}
