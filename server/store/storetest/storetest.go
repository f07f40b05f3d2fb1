// Package storetest gives each test a database of its own, on each kind of database that the server runs on.
package storetest

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// New returns the DSN of a database that is new, and the test's own.
type New func(t testing.TB) string

// SQLite makes a file in the test's folder.
func SQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "server.db") }

// Postgres makes a database at the server that KITH_TEST_POSTGRES names; it goes with the test.
func Postgres(t testing.TB) string {
	t.Helper()
	u := server(t, "KITH_TEST_POSTGRES")
	own := *u
	own.Path = "/" + makeDatabase(t, "pgx", u.String())
	return own.String()
}

// MySQL makes a database at the server that KITH_TEST_MYSQL names (mysql://…; MySQL or MariaDB); it goes with the test.
func MySQL(t testing.TB) string {
	t.Helper()
	u := server(t, "KITH_TEST_MYSQL")
	password, _ := u.User.Password()
	address := "tcp(" + u.Host + ")"
	if socket := u.Query().Get("socket"); socket != "" {
		address = "unix(" + socket + ")"
	}
	own := *u
	own.Path = "/" + makeDatabase(t, "mysql", u.User.Username()+":"+password+"@"+address+"/"+strings.Trim(u.Path, "/"))
	return own.String()
}

// Each runs a test on every kind of database.
func Each(t *testing.T, run func(t *testing.T, db New)) {
	for _, d := range []struct {
		name string
		new  New
	}{{"SQLite", SQLite}, {"Postgres", Postgres}, {"MySQL", MySQL}} {
		t.Run(d.name, func(t *testing.T) {
			d.new(t) // without the server, fail once and not in every part
			run(t, d.new)
		})
	}
}

// Open opens a DSN that this package gave, without our store: for a limit to compare the store with.
func Open(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	driver, source := "sqlite", strings.TrimPrefix(dsn, "sqlite:")
	switch {
	case strings.HasPrefix(dsn, "postgres:"):
		driver, source = "pgx", dsn
	case strings.HasPrefix(dsn, "mysql:"):
		u, err := url.Parse(dsn)
		if err != nil {
			t.Fatal(err)
		}
		password, _ := u.User.Password()
		driver, source = "mysql", u.User.Username()+":"+password+"@tcp("+u.Host+")"+u.Path
	default:
		source = "file:" + source + "?_pragma=busy_timeout(15000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	if driver == "sqlite" {
		db.SetMaxOpenConns(1)
	}
	db.SetMaxIdleConns(16)
	t.Cleanup(func() { db.Close() })
	return db
}

// server returns the address of a throw-away database server.
func server(t testing.TB, name string) *url.URL {
	t.Helper()
	dsn := os.Getenv(name)
	if dsn == "" {
		t.Fatalf("%s is not set: run the tests through scripts/testdb, which starts throw-away database servers", name)
	}
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return u
}

func makeDatabase(t testing.TB, driver, dsn string) string {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := "kith_test_" + strings.ToLower(rand.Text())
	if _, err := db.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatalf("make a database for the test: %v", err)
	}
	t.Cleanup(func() {
		defer db.Close()
		if _, err := db.Exec("DROP DATABASE " + name); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return name
}
