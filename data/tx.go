package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"

	"kith/contact/locale"
)

// writer is the one connection that writes, with its statements compiled once.
type writer struct {
	turn  chan struct{} // capacity 1: full while a transaction runs
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt

	foreign atomic.Int64 // see foreignCommits
}

func openWriter(ctx context.Context, open func(dsn string) (*sql.DB, error), file string) (*writer, error) {
	db, err := open(dsn(file))
	if err != nil {
		return nil, explain(err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(explain(err), db.Close())
	}
	return &writer{turn: make(chan struct{}, 1), db: db, conn: conn, stmts: make(map[string]*sql.Stmt)}, nil
}

// close waits for the transaction under way; later ones end with sql.ErrConnDone.
func (w *writer) close() error {
	w.turn <- struct{}{}
	defer func() { <-w.turn }()
	var errs []error
	for _, stmt := range w.stmts {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, w.conn.Close(), w.db.Close())...)
}

// transact runs fn in one immediate transaction. ctx ends the wait for the transaction's turn; what runs is not interrupted in
// the middle of a statement, so that an error of the commit never leaves open whether it took place.
func (w *writer) transact(ctx context.Context, fn func(*tx) error) (err error) {
	select {
	case w.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-w.turn }()
	if _, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return explain(err)
	}
	t := &tx{w: w}
	committed := false
	defer func() {
		if committed {
			return
		}
		// A full disk has rolled back already; that there is nothing to roll back is no news then.
		if _, e := t.exec("ROLLBACK"); e != nil && err == nil {
			err = e
		}
	}()
	if err := fn(t); err != nil {
		return explain(err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := t.exec("COMMIT"); err != nil {
		return explain(err)
	}
	committed = true
	return nil
}

// tx is a write transaction. Its methods are used by the goroutine that runs the transaction.
type tx struct {
	w     *writer
	store *Store
	state state
	saved state // as read at the beginning

	wrote bool
	order *locale.Collation // see collation

	logged    int64             // id of the newest log entry; 0: not looked up yet
	aside     *bool             // something is set aside; nil: not looked up yet
	roles     map[string]string // of the books; nil: not looked up yet
	plain     map[int64]bool    // actions of which nothing is to be ended any more; see endActions
	anyPurged *bool             // something was removed for good; nil: not looked up yet
	odd       *bool             // see anyOdd; nil: not looked up yet
	user      *string           // of the account; nil: not looked up yet
	redoing   bool              // its edits leave what else can be done again
	ended     bool              // and others have left nothing

	relating     map[int64]*relating // by row; see relate
	relatingRows []int64             // in the order of the writes
	awaited      []awaited
	missing      func(uidIn, []otherEnd) // hears of relations to contacts that are not there; nil: nobody asks

	action int64 // id of the first entry that this transaction logged: entries of one transaction are one action of the user
}

// state is the table of one row that most writes touch.
type state struct {
	clock, offset int64 // microseconds
	listVersion   int64
}

// write runs fn in a transaction of the store: clock and list version are kept with it, and watchers hear after the commit of what
// was written.
func (s *Store) write(ctx context.Context, fn func(*tx) error) error {
	wrote := false
	err := s.writer.transact(ctx, func(t *tx) error {
		t.store = s
		err := t.row("SELECT clock, clock_offset, list_version FROM state").Scan(&t.saved.clock, &t.saved.offset, &t.saved.listVersion)
		if err != nil {
			return fmt.Errorf("read state: %w", err)
		}
		t.state = t.saved
		if err := fn(t); err != nil {
			return err
		}
		if err := t.relate(); err != nil {
			return err
		}
		if t.state == t.saved {
			wrote = t.wrote
			return nil
		}
		wrote = true
		_, err = t.exec("UPDATE state SET clock = ?, clock_offset = ?, list_version = ?", t.state.clock, t.state.offset, t.state.listVersion)
		return err
	})
	if err != nil {
		return s.explain(err)
	}
	if wrote {
		s.watch.notify()
	}
	return nil
}

// tick returns the hybrid logical time of a new edit: the server's time as we know it, and later than all that was seen.
func (t *tx) tick() int64 {
	t.see(t.wall() + t.state.offset - 1)
	t.state.clock++
	return t.state.clock
}

// see moves the clock past another device's time.
func (t *tx) see(at int64) { t.state.clock = max(t.state.clock, at) }

// wall is this machine's own time, for what no other device compares.
func (t *tx) wall() int64 { return t.store.now().UnixMicro() }

func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if stmt := t.w.stmts[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := t.w.conn.PrepareContext(context.Background(), query)
	if err == nil {
		t.w.stmts[query] = stmt
	}
	return stmt, err
}

func (t *tx) exec(query string, args ...any) (sql.Result, error) {
	stmt, err := t.stmt(query)
	if err != nil {
		return nil, err
	}
	t.wrote = true
	return stmt.ExecContext(context.Background(), args...)
}

// row is QueryRow with a compiled statement.
func (t *tx) row(query string, args ...any) scanner {
	stmt, err := t.stmt(query)
	if err != nil {
		return failedRow{err}
	}
	return stmt.QueryRowContext(context.Background(), args...)
}

type failedRow struct{ err error }

func (r failedRow) Scan(...any) error { return r.err }

// each calls scan for every row of a query, which is closed before each returns.
func (t *tx) each(query string, scan func(scanner) error, args ...any) error {
	stmt, err := t.stmt(query)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(context.Background(), args...)
	if err != nil {
		return err
	}
	return drain(rows, scan)
}

func drain(rows *sql.Rows, scan func(scanner) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// read calls scan for every row of a query outside any transaction. ctx interrupts it.
func (s *Store) read(ctx context.Context, query string, scan func(scanner) error, args ...any) error {
	rows, err := s.readers.QueryContext(ctx, query, args...)
	if err != nil {
		return s.explain(err)
	}
	return s.explain(drain(rows, scan))
}

// foreignCommits is a number that changes with every commit by another process, and not with ours: this connection makes all of
// ours. While a transaction runs it returns the number of the last call.
func (w *writer) foreignCommits() int64 {
	select {
	case w.turn <- struct{}{}:
	default:
		return w.foreign.Load()
	}
	defer func() { <-w.turn }()
	var version int64
	// An error leaves the number as it is: whoever reads next meets the same error, and says it.
	if err := w.conn.QueryRowContext(context.Background(), "PRAGMA data_version").Scan(&version); err == nil {
		w.foreign.Store(version)
	}
	return w.foreign.Load()
}
