package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"
)

// Statement is one that the database was asked.
type Statement struct {
	Text      string
	Operation string // SELECT, INSERT, …
	Took      time.Duration
	Err       error // the database's; nil also when a query found nothing
}

// Observe hands every statement from now on to f, which must be quick and safe for concurrent use; nil: to nobody.
func (s *Store) Observe(f func(Statement)) { s.observer.Store(&f) }

// observed is how bun tells of statements.
type observed struct{ store *Store }

func (observed) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (o observed) AfterQuery(_ context.Context, e *bun.QueryEvent) {
	f := o.store.observer.Load()
	if f == nil || *f == nil {
		return
	}
	err := e.Err
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	(*f)(Statement{Text: e.Query, Operation: e.Operation(), Took: time.Since(e.StartTime), Err: err})
}

// Pools are the database's connection pools, by what they are for; on SQLite writes have one of their own.
func (s *Store) Pools() map[string]*sql.DB {
	if s.reads == s.db {
		return map[string]*sql.DB{"all": s.db.DB}
	}
	return map[string]*sql.DB{"writes": s.db.DB, "reads": s.reads.DB}
}
