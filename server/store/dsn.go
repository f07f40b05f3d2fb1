package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// backend is what differs between the databases; everything else is SQL that all of them take.
type backend interface {
	name() string     // sqlite, postgres, mysql: also the folder of its migrations
	describe() string // the DSN without its password
	// open returns the pool for writes and the one for reads (which may be the same), and what ends the claim on the database.
	open(ctx context.Context) (db, reads *bun.DB, unlock func() error, err error)
	txOptions() *sql.TxOptions
	snapshotOptions() *sql.TxOptions // of a transaction that reads one state throughout
	retryable(err error) bool
	duplicate(err error) bool // a unique key is taken
	// lockMigrations keeps other processes from migrating at the same time, until unlock.
	lockMigrations(ctx context.Context, c bun.Conn) (unlock func(), err error)
}

func parseDSN(dsn string) (backend, error) {
	scheme, rest, ok := strings.Cut(dsn, ":")
	switch {
	case dsn == "":
		return nil, errors.New("no database given: sqlite:FILE, postgres://… or mysql://…")
	case ok && scheme == "sqlite":
		rest = strings.TrimPrefix(rest, "//")
		if rest == "" {
			return nil, errors.New("no file given: sqlite:FILE")
		}
		return &sqlite{file: rest}, nil
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		return &postgres{dsn: dsn}, nil
	case ok && (scheme == "mysql" || scheme == "mariadb"):
		return newMySQL(dsn)
	}
	return nil, fmt.Errorf("unknown database %q: use sqlite:FILE, postgres://… or mysql://…", redact(dsn))
}

// redact hides what may be a password in a DSN that could not be parsed.
func redact(dsn string) string {
	if i := strings.LastIndex(dsn, "@"); i >= 0 {
		scheme, _, _ := strings.Cut(dsn, "://")
		return scheme + "://…" + dsn[i:]
	}
	return dsn
}
