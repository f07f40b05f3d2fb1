package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"
)

// Errors that callers branch on, with errors.Is.
var (
	ErrNotFound      = errors.New("not found")
	ErrExists        = errors.New("exists already")
	ErrForbidden     = errors.New("the role does not allow it")
	ErrLastOwner     = errors.New("the book would be without an owner")
	ErrOwnBook       = errors.New("it is an account's first book")
	ErrInvitation    = errors.New("no such invitation, or not any more")
	ErrLimit         = errors.New("the limit is reached")
	ErrCursorUnknown = errors.New("the cursor belongs to another history")
	ErrCursorExpired = errors.New("the cursor is older than the tombstones that are kept")
	ErrNewerDatabase = errors.New("the database was written by a newer version of kith-server")
	ErrNoDatabase    = errors.New("there is no database")
	ErrInUse         = errors.New("a server has the database open")

	ErrUnsupported    = errors.New("this kind of database does not have it")
	ErrAnswerTooLarge = errors.New("the answer would be too large")
)

// How long things are kept that only serve devices which were away.
const (
	TombstoneAge = 180 * 24 * time.Hour
	ResultAge    = 30 * 24 * time.Hour
	CommitAge    = 2 * 365 * 24 * time.Hour
)

// Options have working defaults when zero.
type Options struct {
	Now func() time.Time // the server's clock
	// PollInterval is how often other processes' writes are looked for while someone waits; default one second.
	PollInterval time.Duration
	Log          *slog.Logger  // default slog.Default()
	MustExist    bool          // do not make a database that is not there: ErrNoDatabase
	AuditAge     time.Duration // how long the audit log remembers; default DefaultAuditAge

	migrations fs.FS // default: the embedded ones; tests have later ones
	// Connect opens SQLite by a DSN; for tests that stand between the store and its file.
	Connect func(dsn string) (*sql.DB, error)
}

// Store is one server's database. Safe for concurrent use, also by several processes.
type Store struct {
	db      *bun.DB // writes; on SQLite a single connection
	reads   *bun.DB
	backend backend
	now     func() time.Time
	log     *slog.Logger
	hub     *hub
	stop    context.CancelFunc
	unlock  func() error

	migrations []migration
	grown      atomic.Int64 // changes that this process has written
	mute       atomic.Bool  // the database can't carry announcements

	auditAge time.Duration
	counts   counts
	observer atomic.Pointer[func(Statement)]
}

// Open opens the database that dsn names (sqlite:FILE, postgres://…, mysql://…), makes it when it is an SQLite file that does not
// exist, and brings its schema up to date.
func Open(ctx context.Context, dsn string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.PollInterval == 0 {
		o.PollInterval = time.Second
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.AuditAge == 0 {
		o.AuditAge = DefaultAuditAge
	}
	b, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	if f, ok := b.(*sqlite); ok {
		if o.MustExist && !f.exists() {
			return nil, fmt.Errorf("open %s: %w", b.describe(), ErrNoDatabase)
		}
		f.dial = o.Connect
	}
	if o.migrations == nil {
		o.migrations = embedded
	}
	s := &Store{backend: b, now: o.Now, log: o.Log, auditAge: o.AuditAge, migrations: migrations(o.migrations, b.name())}
	if s.db, s.reads, s.unlock, err = b.open(ctx); err != nil {
		return nil, fmt.Errorf("open %s: %w", b.describe(), err)
	}
	one := s.reads == s.db
	s.db = s.db.WithQueryHook(observed{s})
	if s.reads = s.reads.WithQueryHook(observed{s}); one {
		s.reads = s.db
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate %s: %w", b.describe(), err), s.closeDB())
	}
	h := newHub(s, o.PollInterval)
	if h.revoke, err = s.meta(ctx, metaRevoked); err == nil {
		h.lost, err = s.meta(ctx, metaMembers)
	}
	if err != nil {
		return nil, errors.Join(err, s.closeDB())
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.hub = h
	s.hub.start(run)
	return s, nil
}

// Close ends the background work and waits for it.
func (s *Store) Close() error {
	s.stop()
	s.hub.wait()
	return s.closeDB()
}

func (s *Store) closeDB() error {
	var errs []error
	if s.reads != s.db {
		errs = append(errs, s.reads.Close())
	}
	errs = append(errs, s.db.Close(), s.unlock())
	return errors.Join(errs...)
}

// Describe names the database without its password.
func (s *Store) Describe() string { return s.backend.describe() }

// Ping checks that the database answers and that its schema has all that this program needs. A newer node may have added to it
// meanwhile. ErrNewerDatabase: it also took away what this program uses.
func (s *Store) Ping(ctx context.Context) error { return s.compatible(ctx, s.reads) }

// write runs f in a transaction, again when the database asks for that (a deadlock, a serialization failure).
func (s *Store) write(ctx context.Context, f func(ctx context.Context, tx bun.Tx) error) error {
	const tries = 8
	for try := 1; ; try++ {
		err := s.db.RunInTx(ctx, s.backend.txOptions(), f)
		if err == nil || try == tries || !s.backend.retryable(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try*try) * 5 * time.Millisecond):
		}
	}
}

func (s *Store) nowMicro() int64 { return s.now().UnixMicro() }

// newID returns 128 random bits as text that is safe in a path.
func newID() string { return strings.ToLower(rand.Text()) }
