package data

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestOpenMakesAPrivateFolderAndLeavesOneFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "pro file%?#") // signs that mean something in a URI
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustAdd(t, s, card("Ada"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, fileName): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", path, got, want)
		}
	}
	files, err := filepath.Glob(filepath.Join(strings.NewReplacer("?", `\?`).Replace(dir), "kith.db*"))
	if err != nil || len(files) != 1 {
		t.Errorf("left behind: %q, %v", files, err)
	}
	wantNames(t, openStore(t, dir), Query{}, "Ada")
}

func TestUseAfterClose(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	heard := s.Watch(t.Context())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Add(t.Context(), card("Ada")); err == nil {
		t.Error("an edit was taken")
	}
	if _, err := s.Order(t.Context(), Query{}); err == nil {
		t.Error("a list was given")
	}
	for range heard { // closed
	}
}

func TestOpenWhereNothingCanBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(file, "profile")
	_, err := Open(t.Context(), dir, Options{})
	if !errors.Is(err, ErrNotWritable) || !strings.Contains(err.Error(), file) {
		t.Errorf("error %v, want one that names %s", err, file)
	}
}

func TestOpenOfADamagedFile(t *testing.T) {
	noise := make([]byte, 1<<16)
	for i := range noise {
		noise[i] = byte(i*7 + i>>8)
	}
	// schema is a database of ours whose second page and all that follow are gone to noise.
	schema := func(t *testing.T, file string) {
		s, err := Open(t.Context(), filepath.Dir(file), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		copy(whole[100:4096], noise)
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name string
		make func(t *testing.T, file string)
	}{
		{"noise", func(t *testing.T, file string) { mustWrite(t, file, noise) }},
		{"a text", func(t *testing.T, file string) { mustWrite(t, file, []byte("Dear diary, this is not a database.")) }},
		{"a damaged first page", schema},
		{"another program's database", func(t *testing.T, file string) {
			db, err := sql.Open("sqlite", file)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec("CREATE TABLE photos (x)"); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, fileName)
			tt.make(t, file)
			backup := filepath.Join(dir, backupFolder, "kith-2026-01-02.db")
			mustWrite(t, backup, nil)
			before, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}

			_, err = Open(t.Context(), dir, Options{})
			var damaged *DamagedError
			if !errors.Is(err, ErrNotADatabase) || !errors.As(err, &damaged) {
				t.Fatalf("error %v", err)
			}
			if !slices.Equal(damaged.Backups, []string{backup}) {
				t.Errorf("backups %q", damaged.Backups)
			}
			after, err := os.ReadFile(damaged.Aside)
			if err != nil || string(after) != string(before) {
				t.Errorf("the file that was put aside is not the one that was there (%v)", err)
			}
			mustAdd(t, openStore(t, dir), card("Ada")) // an empty book opens
		})
	}
}

func mustWrite(t *testing.T, file string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOpenOfANewerDatabase(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.writer.conn.ExecContext(t.Context(), "PRAGMA user_version = 999"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), dir, Options{})
	if !errors.Is(err, ErrNewerDatabase) {
		t.Errorf("error %v", err)
	}
	if !exists(filepath.Join(dir, fileName)) {
		t.Error("the file is not where it was")
	}
}

func TestDailyBackup(t *testing.T) {
	dir := t.TempDir()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	day := func(add bool) {
		t.Helper()
		s, err := Open(t.Context(), dir, Options{Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		if add {
			mustAdd(t, s, card(now.Format(time.DateOnly)))
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		now = now.AddDate(0, 0, 1)
	}
	day(false) // empty: nothing to copy
	for range 10 {
		day(true)
	}
	backups, err := listBackups(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(backups) != backupsKept || filepath.Base(backups[0]) != "kith-2026-03-11.db" || filepath.Base(backups[6]) != "kith-2026-03-05.db" {
		t.Fatalf("backups %q", backups)
	}

	file := filepath.Join(dir, fileName)
	if err := RestoreBackup(dir, backups[2]); err == nil {
		t.Fatal("a backup was put in the place of a database")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := RestoreBackup(dir, backups[6]); err != nil {
		t.Fatal(err)
	}
	got := len(names(t, openStore(t, dir), Query{}))
	if got != 3 && got != 4 { // the copy is made beside the day's first edit
		t.Errorf("%d contacts in the copy of the fourth day", got)
	}
}

func TestBackup(t *testing.T) {
	s := newStore(t)
	mustAdd(t, s, card("Ada"))
	dir := t.TempDir()
	file := filepath.Join(dir, fileName)
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), file); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second time: %v", err)
	}
	mustAdd(t, s, card("Later"))
	wantNames(t, openStore(t, dir), Query{}, "Ada")
}

func TestSettingsAndDraft(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	d := Draft{ID: "x", Book: "family", From: card("Ada"), To: card("Ada L.")}
	steps := []error{s.SetSetting(ctx, "theme", "dark"), s.SetSetting(ctx, "gone", "1"), s.SetSetting(ctx, "gone", ""), s.SetDraft(ctx, Draft{To: card("X")}), s.SetDraft(ctx, d)}
	if err := errors.Join(append(steps, s.Close())...); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, dir)
	for key, want := range map[string]string{"theme": "dark", "gone": "", "never": ""} {
		if got, err := s.Setting(ctx, key); got != want || err != nil {
			t.Errorf("setting %s is %q, want %q (%v)", key, got, want, err)
		}
	}
	got, ok, err := s.Draft(ctx)
	if err != nil || !ok || got.ID != "x" || got.Book != "family" || !got.From.Equal(d.From) || !got.To.Equal(d.To) {
		t.Errorf("draft %+v, %v, %v", got, ok, err)
	}
	if err := s.DropDraft(ctx); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := s.Draft(ctx); ok || err != nil {
		t.Errorf("a draft is left (%v)", err)
	}
}

func TestDiskFull(t *testing.T) {
	s := newStore(t)
	ada := mustAdd(t, s, card("Ada"))
	var pages int
	if err := s.writer.conn.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit := func(n int) {
		if _, err := s.writer.conn.ExecContext(t.Context(), "PRAGMA max_page_count = "+strconv.Itoa(n)); err != nil {
			t.Fatal(err)
		}
	}
	limit(pages)
	note := strings.Repeat("n", 100_000)
	_, err := s.Save(t.Context(), ada.ID, ada.Card, ada.Card.WithNote(note))
	if !errors.Is(err, ErrDiskFull) {
		t.Fatalf("error %v, want ErrDiskFull", err)
	}
	if got := mustContact(t, s, ada.ID); !got.Card.Equal(ada.Card) {
		t.Error("half an edit stands")
	}
	mustCheck(t, s)
	limit(1 << 30)
	mustSave(t, s, ada, ada.Card.WithNote(note)) // there is room again: the same connection goes on
}

func TestWatch(t *testing.T) {
	dir := t.TempDir()
	window, ctl := openStore(t, dir), openStore(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	heard := window.Watch(ctx)

	mustAdd(t, window, card("Ada"))
	signal(t, heard, "an edit of this store")
	mustAdd(t, ctl, card("Grace"))
	signal(t, heard, "an edit of another")
	wantNames(t, window, Query{}, "Ada", "Grace")

	if err := window.SetDraft(ctx, Draft{To: card("X")}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		mustAdd(t, window, card("Three"))
	}
	signal(t, heard, "three edits")
	select {
	case <-heard:
		t.Error("three edits were two messages")
	default:
	}
	cancel()
	for range heard { // ends when the channel is closed
	}
}

// TestDamageInTheMiddle: a page that no start looks at.
func TestDamageInTheMiddle(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, fileName)
	s, err := Open(t.Context(), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		mustAdd(t, s, card("Name "+strconv.Itoa(i)).WithNote(strings.Repeat("n", 500)))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(whole) / 2; i < len(whole); i++ {
		whole[i] ^= 0x55
	}
	mustWrite(t, file, whole)

	s, err = Open(t.Context(), dir, Options{})
	if err == nil {
		if err := s.Check(t.Context()); !errors.Is(err, ErrNotADatabase) {
			t.Errorf("check: %v", err)
		}
		s.Close() // says that there was no backup to be made of it
		_, err = Open(t.Context(), dir, Options{})
	}
	var damaged *DamagedError
	if !errors.As(err, &damaged) {
		t.Fatalf("error %v, want a DamagedError", err)
	}
	if kept, err := os.ReadFile(damaged.Aside); err != nil || len(kept) != len(whole) {
		t.Errorf("the damaged file was not kept: %v", err)
	}
	wantNames(t, openStore(t, dir), Query{})
}

func TestWatchHearsNothingOfNothing(t *testing.T) {
	s := newStore(t)
	c := mustAdd(t, s, card("Ada"))
	heard := s.Watch(t.Context())
	mustSave(t, s, c, c.Card)
	for _, err := range []error{s.Observe(t.Context(), time.Hour, time.Now().Add(time.Hour)), s.MarkSynced(t.Context(), DefaultBook, time.Now())} {
		if err != nil {
			t.Fatal(err)
		}
	}
	select {
	case <-heard:
		t.Error("something was heard")
	default:
	}
	later := mustSave(t, s, c, c.Card.WithNote("n"))
	if ahead := later.EditedAt - time.Now().UnixMicro(); ahead < (59 * time.Minute).Microseconds() {
		t.Errorf("the edit's time is %d µs ahead, want the server's hour", ahead)
	}
}
