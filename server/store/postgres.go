package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"runtime"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

type postgres struct{ dsn string }

func (b *postgres) name() string { return "postgres" }

func (b *postgres) describe() string {
	if u, err := url.Parse(b.dsn); err == nil {
		return u.Redacted()
	}
	return redact(b.dsn)
}

func (b *postgres) config() (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig(b.dsn)
	if err != nil {
		return nil, errors.New("the address is not postgres://USER:PASSWORD@HOST:PORT/DATABASE") // pgx's text may hold the password
	}
	// bun writes the values into the statement, so there is nothing to prepare, and a cache would keep every statement's text.
	c.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	return c, nil
}

func (b *postgres) open(ctx context.Context) (db, reads *bun.DB, unlock func() error, err error) {
	c, err := b.config()
	if err != nil {
		return nil, nil, nil, err
	}
	pool := stdlib.OpenDB(*c)
	pool.SetMaxOpenConns(max(16, 4*runtime.GOMAXPROCS(0)))
	pool.SetMaxIdleConns(16)
	if err := pool.PingContext(ctx); err != nil {
		return nil, nil, nil, errors.Join(err, pool.Close())
	}
	db = bun.NewDB(pool, pgdialect.New())
	return db, db, func() error { return nil }, nil
}

func (b *postgres) txOptions() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelReadCommitted}
}
func (b *postgres) snapshotOptions() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

func (b *postgres) retryable(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01") // serialization failure, deadlock
}

func (b *postgres) duplicate(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "23505"
}

// known wraps the errors of databases that speak PostgreSQL's protocol but lack a part of it: CockroachDB has neither LISTEN nor
// pg_notify, YugabyteDB had no advisory locks until 2025.
func known(err error) error {
	e, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return err
	}
	switch e.Code {
	case "0A000", "42883", "42601": // feature not supported, no such function, syntax error
		return fmt.Errorf("%w: %w", errUnknownHere, err)
	}
	return err
}

const migrationLock = 7_548_001 // any number, the same in each kith-server

// lockMigrations goes without the lock where there is none: then migrate finds out by itself who was first.
func (b *postgres) lockMigrations(ctx context.Context, c bun.Conn) (func(), error) {
	_, err := c.ExecContext(ctx, fmt.Sprintf("SELECT pg_advisory_lock(%d)", migrationLock))
	if errors.Is(known(err), errUnknownHere) {
		return func() {}, nil
	}
	if err != nil {
		return nil, err
	}
	return func() {
		c.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("SELECT pg_advisory_unlock(%d)", migrationLock))
	}, nil
}

const newsChannel = "kith_news"

func (b *postgres) announce(ctx context.Context, db *bun.DB, payload string) error {
	_, err := db.ExecContext(ctx, "SELECT pg_notify(?, ?)", newsChannel, payload)
	return known(err)
}

// listen has a connection of its own. A database that speaks PostgreSQL's protocol but knows no LISTEN answers with an error.
func (b *postgres) listen(ctx context.Context, ready func(), got func(payload string)) error {
	config, err := b.config()
	if err != nil {
		return err
	}
	c, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer c.Close(context.WithoutCancel(ctx))
	if _, err := c.Exec(ctx, "LISTEN "+newsChannel); err != nil {
		return known(err)
	}
	ready()
	for {
		n, err := c.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		got(n.Payload)
	}
}
