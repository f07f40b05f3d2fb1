package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kith/server/store/storetest"
)

// later returns our migrations and some of releases to come, the same for each database.
func later(t *testing.T, files map[string]string) fs.FS {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.MkdirAll(filepath.Join(dir, path.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	err := fs.WalkDir(embedded, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(embedded, name)
		write(name, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, database := range []string{"sqlite", "postgres", "mysql"} {
		for name, text := range files {
			write("migrations/"+database+"/"+name, text)
		}
	}
	return os.DirFS(dir)
}

// TestUpgradeWhileOldNodesServe: a newer node changes the schema under an older one that goes on pushing and pulling, and that may
// start again; until a release comes that takes away what the older one needs.
func TestUpgradeWhileOldNodesServe(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.New) {
		ctx := t.Context()
		dsn := db(t)
		open := func(migrations fs.FS) (*Store, error) {
			s, err := Open(ctx, dsn, Options{migrations: migrations})
			if err == nil {
				t.Cleanup(func() { s.Close() })
			}
			return s, err
		}
		old, err := open(nil)
		if err != nil {
			t.Fatal(err)
		}
		u, err := old.AddUser(ctx, "ada", "x", "Contacts")
		if err != nil {
			t.Fatal(err)
		}
		books, err := old.Books(ctx, u.ID)
		if err != nil {
			t.Fatal(err)
		}
		book := books[0].ID
		push := func(s *Store, id string) error {
			p := Push{ChangeID: id, ID: id, Operation: Insert, Card: json.RawMessage(`{}`)}
			a, err := s.Push(context.WithoutCancel(ctx), PushRequest{Book: book, Device: "d", Changes: []Push{p}})
			if err == nil && a.Results[0].Status != Applied {
				err = fmt.Errorf("%+v", a.Results[0])
			}
			return err
		}
		expanded := later(t, map[string]string{"9001_more.sql": "ALTER TABLE contacts ADD COLUMN kind VARCHAR(20);\nCREATE TABLE IF NOT EXISTS invitations (id VARCHAR(64) NOT NULL PRIMARY KEY);\n"})
		stop := make(chan struct{})
		var work sync.WaitGroup
		pushed := 0
		work.Go(func() {
			for ; ; pushed++ {
				select {
				case <-stop:
					return
				default:
				}
				if err := push(old, fmt.Sprint("old", pushed)); err != nil {
					t.Errorf("push at the old node: %v", err)
					return
				}
			}
		})
		newer, err := open(expanded)
		close(stop)
		work.Wait()
		if err != nil {
			t.Fatal(err)
		}
		again, err := open(nil) // an old node that crashed, and is started again
		if err != nil {
			t.Fatalf("an old node starts on a schema that only has more: %v", err)
		}
		for i, s := range []*Store{old, newer, again} {
			if err := s.Ping(ctx); err != nil {
				t.Errorf("node %d is not ready: %v", i, err)
			}
			if err := push(s, fmt.Sprint("each", i)); err != nil {
				t.Errorf("push at node %d: %v", i, err)
			}
		}
		for i, s := range []*Store{old, newer, again} {
			p, err := s.Changes(ctx, FeedQuery{Book: book, Limit: 1 << 20})
			if err != nil || len(p.Changes) != pushed+3 {
				t.Errorf("node %d has %d contacts, %v; want %d", i, len(p.Changes), err, pushed+3)
			}
		}
		contracted := later(t, map[string]string{"9001_more.sql": "", "9002_less.sql": "-- needs: 9001\nDROP TABLE invitations;\n"})
		newest, err := open(contracted)
		if err != nil {
			t.Fatal(err)
		}
		if err := newest.Ping(ctx); err != nil {
			t.Errorf("the newest node: %v", err)
		}
		if err := newer.Ping(ctx); err != nil {
			t.Errorf("a node that knows what is needed: %v", err)
		}
		if err := old.Ping(ctx); !errors.Is(err, ErrNewerDatabase) {
			t.Errorf("an old node that runs on: %v, want ErrNewerDatabase", err)
		}
		if _, err := open(nil); !errors.Is(err, ErrNewerDatabase) || !strings.Contains(err.Error(), "9001") {
			t.Errorf("an old node that starts: %v, want ErrNewerDatabase", err)
		}
		if err := push(newest, "last"); err != nil {
			t.Error(err)
		}
	})
}

// TestMigrationsOnlyAdd: what a release leaves must do for nodes of the one before it, which name every column that they write.
func TestMigrationsOnlyAdd(t *testing.T) {
	for _, database := range []string{"sqlite", "postgres", "mysql"} {
		for _, m := range migrations(embedded, database) {
			if m.version == 1 {
				continue
			}
			for statement := range strings.SplitSeq(strings.TrimSpace(m.text), ";\n") {
				words := strings.ToUpper(strings.Join(strings.Fields(statement), " "))
				adds := strings.HasPrefix(words, "CREATE TABLE ") || strings.HasPrefix(words, "CREATE INDEX ") ||
					strings.HasPrefix(words, "ALTER TABLE ") && strings.Contains(words, " ADD COLUMN ") && (!strings.Contains(words, "NOT NULL") || strings.Contains(words, "DEFAULT"))
				if !adds && m.needs == 1 {
					t.Errorf("%s %s does more than add, and does not say what it needs: %s", database, m.name, statement)
				}
			}
		}
	}
}
