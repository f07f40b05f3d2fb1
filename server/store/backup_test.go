package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kith/server/store"
	"kith/server/store/storetest"
)

func (f *fixture) withBlob() string {
	f.t.Helper()
	data := []byte("a photo \x00 '\\")
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	if err := f.PutBlob(f.t.Context(), f.book, hash, data); err != nil {
		f.t.Fatal(err)
	}
	return hash
}

func testCopy(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	a := f.device("a")
	revs := a.fill(8)
	a.must(remove("c00", revs[0]))
	a.must(edit("odd", 0, `it's "\" 💡`))
	hash := f.withBlob()
	a.pull()
	repeat := edit("again", 0, "x")
	first := a.push(repeat)[0]
	to := f.clone(db)
	if _, err := f.CopyTo(t.Context(), to); !errors.Is(err, store.ErrNotEmpty) {
		t.Errorf("copy into a database in use: %v, want ErrNotEmpty", err)
	}
	// The device goes on at the copy as if nothing had happened.
	a.s = to
	if c := a.pull(); len(c) != 0 {
		t.Errorf("after the copy: %v", changeIDs(c))
	}
	if r := a.push(repeat)[0]; r.Rev != first.Rev {
		t.Errorf("the repeat at the copy: %+v, first %+v", r, first)
	}
	if u, err := to.User(t.Context(), "ada"); err != nil || u != f.user {
		t.Errorf("the account at the copy: %+v, %v", u, err)
	}
	if b, err := to.Blob(t.Context(), f.book, hash); err != nil || !bytes.HasPrefix(b, []byte("a photo")) {
		t.Errorf("the blob at the copy: %q, %v", b, err)
	}
	b, c := f.device("b"), f.device("c")
	b.pull()
	c.s = to
	c.pull()
	f.agree(b, c)
}

func testBackupRestore(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	ctx := t.Context()
	a := f.device("a")
	a.pull()
	a.fill(5)
	hash := f.withBlob()
	file := filepath.Join(t.TempDir(), "backup.db")
	if err := f.Backup(ctx, file); err != nil {
		t.Fatal(err)
	}
	if err := f.Backup(ctx, file); !errors.Is(err, store.ErrExists) {
		t.Errorf("backup onto a file: %v, want ErrExists", err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the backup: %v, %v", info.Mode(), err)
	}
	untouched, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a.must(edit("after", 0, "x"))
	if strings.HasPrefix(f.dsn, "sqlite:") {
		if _, err := store.Restore(ctx, f.dsn, file); !errors.Is(err, store.ErrInUse) {
			t.Errorf("restore under a running server: %v, want ErrInUse", err)
		}
		a.must(edit("after that", 0, "x")) // and it goes on
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	notes := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(notes, []byte(strings.Repeat("not a database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{notes, filepath.Join(t.TempDir(), "none.db")} {
		if aside, err := store.Restore(ctx, f.dsn, bad); err == nil || aside != "" {
			t.Errorf("restore of %s: %q, %v", bad, aside, err)
		}
	}
	aside, err := store.Restore(ctx, f.dsn, file)
	if err != nil {
		t.Fatal(err)
	}
	if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, untouched) {
		t.Errorf("the restore changed the backup (%v)", err)
	}
	restored := open(t, f.dsn, f.clock)
	a.s = restored
	if _, err := a.page(5); !errors.Is(err, store.ErrCursorUnknown) {
		t.Errorf("a cursor from before the restore: %v, want ErrCursorUnknown", err)
	}
	a.cursor, a.has = "", map[string]store.Change{}
	if got := len(a.pull()); got != 5 {
		t.Errorf("%d contacts after the restore, want 5", got)
	}
	if _, err := restored.Blob(ctx, f.book, hash); err != nil {
		t.Errorf("the blob after the restore: %v", err)
	}
	// What was replaced is whole.
	if aside == "" {
		t.Fatal("nothing was put aside")
	}
	old := open(t, "sqlite:"+aside, f.clock)
	p, err := old.Changes(ctx, store.FeedQuery{Book: f.book, Limit: 100})
	if err != nil || len(p.Changes) < 6 {
		t.Errorf("what was put aside: %d contacts, %v", len(p.Changes), err)
	}
}

func testSchema(t *testing.T, db storetest.New) {
	dsn := db(t)
	c := newClock()
	first, second := open(t, dsn, c), open(t, dsn, c) // a second one finds nothing to do
	for _, s := range []*store.Store{first, second} {
		if err := s.Ping(t.Context()); err != nil {
			t.Errorf("ping: %v", err)
		}
	}
	if d := first.Describe(); d == "" || strings.Contains(d, "secret") {
		t.Errorf("describe: %q", d)
	}
}

func TestRestoreIntoNothing(t *testing.T) {
	f := setUp(t, storetest.SQLite)
	f.device("a").fill(3)
	file := filepath.Join(t.TempDir(), "backup.db")
	if err := f.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "new folder", "server.db")
	if aside, err := store.Restore(t.Context(), dsn, file); err != nil || aside != "" {
		t.Fatalf("restore: %q, %v", aside, err)
	}
	p, err := open(t, dsn, f.clock).Changes(t.Context(), store.FeedQuery{Book: f.book, Limit: 10})
	if err != nil || len(p.Changes) != 3 {
		t.Errorf("%d contacts, %v", len(p.Changes), err)
	}
}

// TestRestoreOfCopiedFiles: somebody copied the files of a running server.
func TestRestoreOfCopiedFiles(t *testing.T) {
	f := setUp(t, storetest.SQLite)
	f.device("a").fill(3)
	file := filepath.Join(t.TempDir(), "copied.db")
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(strings.TrimPrefix(f.dsn, "sqlite:") + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file+suffix, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	dsn := storetest.SQLite(t)
	if _, err := store.Restore(t.Context(), dsn, file); err != nil {
		t.Fatal(err)
	}
	p, err := open(t, dsn, f.clock).Changes(t.Context(), store.FeedQuery{Book: f.book, Limit: 10})
	if err != nil || len(p.Changes) != 3 {
		t.Errorf("%d contacts, %v", len(p.Changes), err)
	}
}

func TestOpenErrors(t *testing.T) {
	notes := filepath.Join(t.TempDir(), "notes.db")
	if err := os.WriteFile(notes, []byte(strings.Repeat("not a database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, dsn, want string }{
		{"nothing", "", "no database given"},
		{"no file", "sqlite:", "no file given"},
		{"another scheme", "oracle://scott:tiger@host/db", "unknown database"},
		{"not a database", "sqlite:" + notes, "not a database"},
		{"a folder", "sqlite:" + t.TempDir(), "can't be opened"},
		{"postgres, unparsable", "postgres://u:secret@host:notaport/db", "the address is not postgres://"},
		{"mysql without a database", "mysql://u:secret@host:3306", "the address is not mysql://"},
	} {
		s, err := store.Open(context.Background(), c.dsn, store.Options{})
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "tiger")) {
			t.Errorf("%s: the error tells the password: %v", c.name, err)
		}
	}
	if b, _ := os.ReadFile(notes); !bytes.HasPrefix(b, []byte("not a database not")) {
		t.Error("the file that is no database was changed")
	}
}

// TestOpenAtOnce: a new file that several processes open in the same moment, as a service and its administrator do.
func TestOpenAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.New) {
		dsn := db(t)
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				s, err := store.Open(context.Background(), dsn, store.Options{})
				if err != nil {
					t.Errorf("open: %v", err)
					return
				}
				if _, err := s.Users(context.Background()); err != nil {
					t.Errorf("use: %v", err)
				}
				s.Close()
			})
		}
		wg.Wait()
	})
}
