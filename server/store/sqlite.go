package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

type sqlite struct {
	file string
	dial func(dsn string) (*sql.DB, error) // nil: the driver's own
}

func (b *sqlite) name() string     { return "sqlite" }
func (b *sqlite) describe() string { return "sqlite:" + b.file }

func (b *sqlite) open(ctx context.Context) (db, reads *bun.DB, unlock func() error, err error) {
	if err := os.MkdirAll(filepath.Dir(b.file), 0o700); err != nil {
		return nil, nil, nil, fmt.Errorf("make the database's folder: %w", err)
	}
	// The file is made here, because SQLite would let everybody read it.
	f, err := os.OpenFile(b.file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("the database can't be opened for writing: %w", err)
	}
	f.Close()
	lock := b.lock()
	shared, err := lock.TryRLock()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("lock the database: %w", err)
	}
	if !shared {
		return nil, nil, nil, errors.New("the database is being restored; try again when that is done")
	}
	w, err := b.pool(1, "_txlock", "immediate")
	if err != nil {
		return nil, nil, nil, errors.Join(err, lock.Close())
	}
	if err := b.connected(ctx, w); err != nil {
		return nil, nil, nil, errors.Join(explainSQLite(err), w.Close(), lock.Close())
	}
	r, err := b.pool(max(4, runtime.GOMAXPROCS(0)), "_pragma", "query_only(1)")
	if err != nil {
		return nil, nil, nil, errors.Join(err, w.Close(), lock.Close())
	}
	return bun.NewDB(w, sqlitedialect.New()), bun.NewDB(r, sqlitedialect.New()), lock.Close, nil
}

// connected tries for a while: SQLite does not wait when several processes switch a new file to WAL in the same moment.
func (b *sqlite) connected(ctx context.Context, db *sql.DB) error {
	for try := 1; ; try++ {
		err := db.PingContext(ctx)
		if err == nil || try == 50 || !b.retryable(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try) * time.Millisecond):
		}
	}
}

func (b *sqlite) exists() bool {
	info, err := os.Stat(b.file)
	return err == nil && info.Size() > 0
}

// lock is held shared by everyone who has the file open, and alone by a restore.
func (b *sqlite) lock() *flock.Flock { return flock.New(b.file+".lock", flock.SetPermissions(0o600)) }

func (b *sqlite) pool(size int, params ...string) (*sql.DB, error) {
	q := url.Values{"_pragma": {
		"busy_timeout(15000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "cache_size(-32000)", "temp_store(MEMORY)",
	}}
	for i := 0; i < len(params); i += 2 {
		q.Add(params[i], params[i+1])
	}
	return b.connect(size, q)
}

// plain changes nothing about the file, as it would by switching it to WAL.
func (b *sqlite) plain() (*sql.DB, error) {
	return b.connect(1, url.Values{"_pragma": {"busy_timeout(15000)"}})
}

func (b *sqlite) connect(size int, q url.Values) (*sql.DB, error) {
	file, err := filepath.Abs(b.file)
	if err != nil {
		return nil, err
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(file), RawQuery: q.Encode()}
	dial := b.dial
	if dial == nil {
		dial = func(dsn string) (*sql.DB, error) { return sql.Open("sqlite", dsn) }
	}
	db, err := dial(u.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

func explainSQLite(err error) error {
	if e, ok := errors.AsType[*driver.Error](err); ok {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			return fmt.Errorf("the file is not a database, or a damaged one; nothing was changed: %w", err)
		case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
			return fmt.Errorf("the file can't be opened for writing; check its folder's owner and rights: %w", err)
		}
	}
	return err
}

func (b *sqlite) txOptions() *sql.TxOptions       { return nil }
func (b *sqlite) snapshotOptions() *sql.TxOptions { return &sql.TxOptions{ReadOnly: true} }

func (b *sqlite) retryable(err error) bool {
	e, ok := errors.AsType[*driver.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

func (b *sqlite) duplicate(err error) bool {
	e, ok := errors.AsType[*driver.Error](err)
	return ok && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// lockMigrations needs no more than the write lock that each migration's own transaction takes before it looks at the version.
func (b *sqlite) lockMigrations(context.Context, bun.Conn) (func(), error) { return func() {}, nil }
