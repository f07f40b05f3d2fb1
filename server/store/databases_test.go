package store_test

import (
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
)

func TestPostgres(t *testing.T) {
	server(t, "KITH_TEST_POSTGRES")
	suite(t, newPostgres)
}
func TestMySQL(t *testing.T) {
	server(t, "KITH_TEST_MYSQL")
	suite(t, newMySQL)
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

func newPostgres(t testing.TB) string {
	u := server(t, "KITH_TEST_POSTGRES")
	own := *u
	own.Path = "/" + databaseName(t, "pgx", u.String())
	return own.String()
}

func newMySQL(t testing.TB) string {
	u := server(t, "KITH_TEST_MYSQL")
	password, _ := u.User.Password()
	own := *u
	own.Path = "/" + databaseName(t, "mysql", u.User.Username()+":"+password+"@tcp("+u.Host+")/"+strings.Trim(u.Path, "/"))
	return own.String()
}

// databaseName makes a database that goes with the test.
func databaseName(t testing.TB, driver, dsn string) string {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := unique("kith_test_" + strings.ToLower(rand.Text()[:10]) + "_")
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
