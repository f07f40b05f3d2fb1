package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"runtime"
	"strings"
	"time"

	driver "github.com/go-sql-driver/mysql"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/mysqldialect"
)

type mysql struct{ config *driver.Config }

// newMySQL reads mysql://USER:PASSWORD@HOST:PORT/DATABASE?PARAMETERS; the parameters are the driver's own.
func newMySQL(dsn string) (*mysql, error) {
	bad := errors.New("the address is not mysql://USER:PASSWORD@HOST:PORT/DATABASE")
	u, err := url.Parse(dsn)
	if err != nil || u.Host == "" && u.Query().Get("socket") == "" || strings.Trim(u.Path, "/") == "" {
		return nil, bad // the parser's text may hold the password
	}
	q := u.Query()
	socket := q.Get("socket")
	q.Del("socket")
	c, err := driver.ParseDSN("/?" + q.Encode())
	if err != nil {
		return nil, bad
	}
	c.User = u.User.Username()
	c.Passwd, _ = u.User.Password()
	c.DBName = strings.Trim(u.Path, "/")
	c.Net, c.Addr = "tcp", u.Host
	if u.Port() == "" {
		c.Addr = u.Hostname() + ":3306"
	}
	if socket != "" {
		c.Net, c.Addr = "unix", socket
	}
	c.ClientFoundRows = true // compare-and-swap counts the rows that matched, not those that changed
	c.MaxAllowedPacket = 0   // ask the server
	if c.Params == nil {
		c.Params = map[string]string{}
	}
	c.Params["sql_mode"] = "'STRICT_ALL_TABLES'" // a value that does not fit is an error, and a backslash escapes as bun expects
	c.Collation = "utf8mb4_bin"
	return &mysql{config: c}, nil
}

func (b *mysql) name() string { return "mysql" }

func (b *mysql) describe() string {
	return "mysql://" + b.config.User + "@" + b.config.Addr + "/" + b.config.DBName
}

func (b *mysql) open(ctx context.Context) (db, reads *bun.DB, unlock func() error, err error) {
	c, err := driver.NewConnector(b.config)
	if err != nil {
		return nil, nil, nil, err
	}
	pool := sql.OpenDB(c)
	pool.SetMaxOpenConns(max(16, 4*runtime.GOMAXPROCS(0)))
	pool.SetMaxIdleConns(16)
	pool.SetConnMaxIdleTime(time.Minute) // below the server's wait_timeout
	if err := pool.PingContext(ctx); err != nil {
		return nil, nil, nil, errors.Join(err, pool.Close())
	}
	db = bun.NewDB(pool, mysqldialect.New())
	return db, db, func() error { return nil }, nil
}

func (b *mysql) txOptions() *sql.TxOptions { return &sql.TxOptions{Isolation: sql.LevelReadCommitted} }

// snapshotOptions do not say READ ONLY: TiDB refuses START TRANSACTION READ ONLY, as a promise that it would not keep.
func (b *mysql) snapshotOptions() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead}
}

func (b *mysql) retryable(err error) bool {
	e, ok := errors.AsType[*driver.MySQLError](err)
	return ok && (e.Number == 1213 || e.Number == 1205) // deadlock, lock wait time-out
}

func (b *mysql) duplicate(err error) bool {
	e, ok := errors.AsType[*driver.MySQLError](err)
	return ok && e.Number == 1062
}

func (b *mysql) lockMigrations(ctx context.Context, c bun.Conn) (func(), error) {
	var got sql.NullInt64
	if err := c.QueryRowContext(ctx, "SELECT GET_LOCK(CONCAT('kith.', DATABASE()), 60)").Scan(&got); err != nil {
		return nil, err
	}
	if got.Int64 != 1 {
		return nil, errors.New("another server has been changing the schema for a minute; try again")
	}
	return func() {
		c.ExecContext(context.WithoutCancel(ctx), "DO RELEASE_LOCK(CONCAT('kith.', DATABASE()))")
	}, nil
}
