package sim

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	gosync "sync"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// diskFault is what goes wrong between a store and its file.
type diskFault int

const (
	sound        diskFault = iota
	killedBefore           // the program is killed before a statement runs
	killedAfter            // it is killed after the statement, before it knows the outcome
	full                   // the disk is full from the statement on: SQLite itself finds no room to grow
	fullOnce               // the statement, which writes, finds the disk full
	busyOnce               // another program writes for longer than the store waits: the next transaction can't begin
	locked                 // another connection really holds the file's write lock, from the statement on
	diskFaults
)

func (f diskFault) String() string {
	return [...]string{"none", "killed before", "killed after", "disk full from", "disk full at", "busy at", "locked from"}[f]
}

var errKilled = errors.New("the program was killed")

// disk stands between one open store and its file. It counts statements while it is armed, and does at the n-th what was planned.
// After a kill every statement fails, and the store can only be thrown away.
type disk struct {
	file    string
	killed  func()              // called at the moment of a kill
	rewrite func(string) string // of each statement; for mutations
	alone   bool                // one statement at a time
	brief   bool                // nobody waits long for a busy file
	cache   bool                // prepare each text once: what the store asks is the same few statements again and again

	mu       turn // if alone, held while a statement runs, so that a kill leaves what the statements before it left
	fault    diskFault
	left     int // statements until the fault
	dead     bool
	met      bool      // the fault came about
	filled   *diskConn // its file may not grow
	blocker  *sql.DB   // holds the write lock
	watching bool
	writes   []string // what was written while watching
}

// turn is a lock that the bubble's time does not stand still for: SQLite waits for a busy file in that time, also while a kill waits for
// the statement.
type turn chan struct{}

func newTurn() turn    { return make(turn, 1) }
func (t turn) Lock()   { t <- struct{}{} }
func (t turn) Unlock() { <-t }

// arm plans a fault for the n-th statement from now.
func (d *disk) arm(f diskFault, n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault, d.left, d.met = f, n, false
}

// disarm ends a fault, and reports whether it came about. After a kill the disk stays dead.
func (d *disk) disarm() (met bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault = sound
	if c := d.filled; c != nil && !d.dead {
		_, _ = c.pragma("max_page_count = 1073741823")
	}
	d.filled = nil
	d.unblock()
	return d.met
}

// block takes the file's write lock by another connection, if nobody has it, and keeps it.
func (d *disk) block() bool {
	db, err := sql.Open("sqlite", "file:"+d.file+"?_pragma=busy_timeout(0)")
	if err != nil {
		return false
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		_ = db.Close()
		return false
	}
	d.blocker = db
	return true
}

func (d *disk) unblock() {
	if d.blocker != nil {
		_ = d.blocker.Close() // which rolls back
		d.blocker = nil
	}
}

// kill ends the program that has the store open.
func (d *disk) kill() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.die()
}

func (d *disk) die() {
	if d.dead {
		return
	}
	d.dead, d.met = true, true
	d.unblock()
	if d.killed != nil {
		d.killed()
	}
}

func (d *disk) isDead() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dead
}

// watch begins to note what is written; the returned function ends it.
func (d *disk) watch() (writes func() []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.watching, d.writes = true, nil
	return func() []string {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.watching = false
		return d.writes
	}
}

// statement runs one statement, or lets it fail.
func (d *disk) statement(c *diskConn, query string, do func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return errKilled
	}
	writes := isWrite(query)
	if d.watching && writes {
		d.writes = append(d.writes, query)
	}
	fault := sound
	if d.fault != sound {
		if d.left--; d.left < 0 {
			fault = d.fault
		}
	}
	switch fault {
	case killedBefore:
		d.die()
		return errKilled
	case killedAfter:
		_ = d.run(do)
		d.die()
		return errKilled
	case full:
		if c.reads || d.filled != nil {
			break
		}
		if _, err := c.pragma("max_page_count = 1"); err == nil { // SQLite makes that the present size
			d.filled = c
		}
	case fullOnce:
		if writes || query == "COMMIT" {
			d.fault, d.met = sound, true
			return realErrors().full
		}
	case busyOnce:
		if strings.HasPrefix(query, "BEGIN IMMEDIATE") {
			d.fault, d.met = sound, true
			return realErrors().busy
		}
	case locked:
		if d.blocker == nil {
			d.block()
		}
	}
	err := d.run(do)
	if code(err) == sqlite3.SQLITE_FULL && d.filled != nil || code(err) == sqlite3.SQLITE_BUSY && d.blocker != nil {
		d.met = true
	}
	return err
}

// run does it, alone or not.
func (d *disk) run(do func() error) error {
	if !d.alone {
		d.mu.Unlock()
		defer d.mu.Lock()
	}
	return do()
}

var writing = regexp.MustCompile(`^\s*(INSERT|UPDATE|DELETE|REPLACE)\b`)

func isWrite(query string) bool { return writing.MatchString(query) }

func code(err error) int {
	var coded *sqlite.Error
	if errors.As(err, &coded) {
		return coded.Code() & 0xff
	}
	return 0
}

// realErrors are errors as the driver makes them.
var realErrors = gosync.OnceValue(func() (e struct{ full, busy error }) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		panic(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("PRAGMA max_page_count = 1"); err != nil {
		panic(err)
	}
	_, e.full = db.Exec("CREATE TABLE a (b); CREATE TABLE c (d)")
	file := filepath.Join(templates(), "busy.db")
	var two [2]*sql.DB
	for i := range two {
		if two[i], err = sql.Open("sqlite", "file:"+file); err != nil {
			panic(err)
		}
		defer two[i].Close()
		two[i].SetMaxOpenConns(1)
		_, e.busy = two[i].Exec("BEGIN IMMEDIATE")
	}
	if code(e.full) != sqlite3.SQLITE_FULL || code(e.busy) != sqlite3.SQLITE_BUSY {
		panic(fmt.Sprint("no real errors: ", e.full, e.busy))
	}
	return e
})

// connect opens the file by a DSN, through the disk.
func (d *disk) connect(dsn string) (*sql.DB, error) {
	u, err := url.Parse(dsn)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	reads := false
	for i, p := range q["_pragma"] {
		if d.brief && strings.HasPrefix(p, "busy_timeout") {
			q["_pragma"][i] = "busy_timeout(5)"
		}
		reads = reads || p == "query_only(1)"
	}
	u.RawQuery = q.Encode()
	return sql.OpenDB(&diskConnector{d, u.String(), reads}), nil
}

type diskConnector struct {
	d     *disk
	dsn   string
	reads bool
}

func (c *diskConnector) Driver() driver.Driver { return theDriver() }

var theDriver = gosync.OnceValue(func() driver.Driver {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		panic(err)
	}
	defer db.Close()
	return db.Driver()
})

func (c *diskConnector) Connect(context.Context) (driver.Conn, error) {
	if c.d.isDead() {
		return nil, errKilled
	}
	raw, err := theDriver().Open(c.dsn)
	if err != nil {
		return nil, err
	}
	return &diskConn{rawConn: raw.(rawConn), d: c.d, reads: c.reads, kept: map[string]*diskStmt{}}, nil
}

// rawConn is what the driver's connections can do.
type rawConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

type diskConn struct {
	rawConn
	d     *disk
	reads bool                 // it can't write
	kept  map[string]*diskStmt // prepared queries that wait for their next use
}

func (c *diskConn) pragma(p string) (driver.Result, error) {
	return c.rawConn.ExecContext(context.Background(), "PRAGMA "+p, nil)
}

func (c *diskConn) text(query string) string {
	if c.d.rewrite != nil {
		return c.d.rewrite(query)
	}
	return query
}

func (c *diskConn) Close() error {
	for _, s := range c.kept {
		_ = s.rawStmt.Close()
	}
	return c.rawConn.Close()
}

func (c *diskConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (r driver.Result, err error) {
	query = c.text(query)
	err = c.d.statement(c, query, func() error {
		r, err = c.rawConn.ExecContext(ctx, query, args)
		return err
	})
	return r, err
}

func (c *diskConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (r driver.Rows, err error) {
	query = c.text(query)
	err = c.d.statement(c, query, func() error {
		if !c.d.cache {
			r, err = c.rawConn.QueryContext(ctx, query, args)
			return err
		}
		s := c.kept[query]
		if s == nil {
			raw, err := c.rawConn.PrepareContext(ctx, query)
			if err != nil {
				return err
			}
			s = &diskStmt{raw.(rawStmt), c, query}
		}
		delete(c.kept, query)
		rows, err := s.rawStmt.QueryContext(ctx, args)
		if err != nil {
			return errors.Join(err, s.rawStmt.Close())
		}
		r = &keptRows{rows, s}
		return nil
	})
	return unlessFailed(r, err)
}

// unlessFailed drops what a statement returned that was carried out, and is said to have failed.
func unlessFailed(r driver.Rows, err error) (driver.Rows, error) {
	if err == nil || r == nil {
		return r, err
	}
	_ = r.Close()
	return nil, err
}

// keptRows gives the statement back when they are closed.
type keptRows struct {
	driver.Rows
	s *diskStmt
}

func (r *keptRows) Close() error {
	err := r.Rows.Close()
	if r.s.c.kept[r.s.query] != nil {
		return errors.Join(err, r.s.rawStmt.Close())
	}
	r.s.c.kept[r.s.query] = r.s
	return err
}

func (c *diskConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if c.d.isDead() {
		return nil, errKilled
	}
	query = c.text(query)
	raw, err := c.rawConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &diskStmt{raw.(rawStmt), c, query}, nil
}

func (c *diskConn) BeginTx(ctx context.Context, o driver.TxOptions) (t driver.Tx, err error) {
	begin := "BEGIN"
	if !c.reads && !o.ReadOnly {
		begin = "BEGIN IMMEDIATE"
	}
	err = c.d.statement(c, begin, func() error {
		t, err = c.rawConn.BeginTx(ctx, o)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &diskTx{t, c}, nil
}

type diskTx struct {
	driver.Tx
	c *diskConn
}

func (t *diskTx) Commit() error   { return t.c.d.statement(t.c, "COMMIT", t.Tx.Commit) }
func (t *diskTx) Rollback() error { return t.c.d.statement(t.c, "ROLLBACK", t.Tx.Rollback) }

// rawStmt is what the driver's statements can do.
type rawStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type diskStmt struct {
	rawStmt
	c     *diskConn
	query string
}

func (s *diskStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (r driver.Result, err error) {
	err = s.c.d.statement(s.c, s.query, func() error {
		r, err = s.rawStmt.ExecContext(ctx, args)
		return err
	})
	return r, err
}

func (s *diskStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (r driver.Rows, err error) {
	err = s.c.d.statement(s.c, s.query, func() error {
		r, err = s.rawStmt.QueryContext(ctx, args)
		return err
	})
	return unlessFailed(r, err)
}
