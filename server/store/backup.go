package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/uptrace/bun"
)

// Backup writes everything, as it is at one moment, to a new SQLite file, whatever database this is: kith-server can restore it
// into any, and run on it. Servers may go on writing meanwhile. ErrExists: there is such a file.
func (s *Store) Backup(ctx context.Context, file string) error {
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("backup: %s %w", file, ErrExists)
	}
	partial := file + ".partial"
	defer removeSQLite(partial)
	removeSQLite(partial) // of a backup that broke off
	if err := s.writeBackup(ctx, partial); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := publish(partial, file); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

func (s *Store) writeBackup(ctx context.Context, file string) error {
	// The file is made first, because nobody else may read password hashes.
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if b, ok := s.backend.(*sqlite); ok {
		return b.vacuumInto(ctx, file)
	}
	to, err := Open(ctx, "sqlite:"+file, Options{Now: s.now})
	if err != nil {
		return err
	}
	_, err = s.copyTo(ctx, to, false)
	return errors.Join(err, to.Close())
}

// vacuumInto uses a connection of its own, so that it blocks nobody.
func (b *sqlite) vacuumInto(ctx context.Context, file string) error {
	db, err := b.plain()
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", file)
	return errors.Join(err, db.Close())
}

// publish makes a finished file durable under its name, which must be free.
func publish(partial, file string) error {
	f, err := os.OpenFile(partial, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(partial, file); err != nil {
		return err
	}
	return syncDir(filepath.Dir(file))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	d.Sync() // not every file system can; the rename is in order anyway
	return d.Close()
}

func removeSQLite(file string) {
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		os.Remove(file + suffix)
	}
}

// Restore puts a backup's content in the place of what dsn holds, under a new epoch: every device compares everything at its next
// sync, so what any of them still holds comes back. It returns the file that what was there has been put aside as, "" : there was
// nothing. ErrInUse: a server has the SQLite file open.
func Restore(ctx context.Context, dsn, file string) (aside string, err error) {
	b, err := parseDSN(dsn)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(file); err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	if s, ok := b.(*sqlite); ok {
		aside, err = s.restore(ctx, file)
	} else {
		aside, err = restoreRemote(ctx, dsn, file)
	}
	if err != nil {
		return aside, fmt.Errorf("restore: %w", err)
	}
	return aside, nil
}

// prepared is a backup's content as a new SQLite file, checked, at this program's schema and under a new epoch. The backup itself
// is only read.
func prepared(ctx context.Context, backup, file string) error {
	if err := copyFile(backup, file); err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	// A copy that somebody made of a running server's file has its newest pages in the journal beside it.
	if err := copyFile(backup+"-wal", file+"-wal"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read the backup: %w", err)
	}
	if err := checkBackup(ctx, file); err != nil {
		return fmt.Errorf("%s: %w", backup, err)
	}
	s, err := Open(ctx, "sqlite:"+file, Options{})
	if err != nil {
		return err
	}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := renewEpoch(ctx, tx); err != nil {
			return err
		}
		return s.audit(ctx, tx, Event{Event: EventRestored, Detail: filepath.Base(backup)})
	})
	return errors.Join(err, s.Close())
}

// checkBackup refuses what is not a sound backup of ours, before anything is moved.
func checkBackup(ctx context.Context, file string) error {
	db, err := (&sqlite{file: file}).plain()
	if err != nil {
		return err
	}
	defer db.Close()
	var ours int
	if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master WHERE name IN ('schema_migrations', 'users', 'contacts', 'commits')").Scan(&ours); err != nil {
		return explainSQLite(err)
	}
	if ours != 4 {
		return errors.New("it is a database, but not a backup of kith-server")
	}
	var sound string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&sound); err != nil {
		return explainSQLite(err)
	}
	if sound != "ok" {
		return fmt.Errorf("it is damaged: %s", sound)
	}
	return nil
}

func copyFile(from, to string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}

// asideName is where what a restore replaces is put.
func asideName(file string, now time.Time) string {
	return file + ".replaced-" + now.Format("20060102-150405")
}

func (b *sqlite) restore(ctx context.Context, backup string) (aside string, err error) {
	if err := os.MkdirAll(filepath.Dir(b.file), 0o700); err != nil {
		return "", err
	}
	lock := b.lock()
	alone, err := lock.TryLock()
	if err != nil {
		return "", fmt.Errorf("lock the database: %w", err)
	}
	if !alone {
		return "", fmt.Errorf("%w; stop it first", ErrInUse)
	}
	defer lock.Close()
	partial := b.file + ".restoring"
	removeSQLite(partial)
	defer removeSQLite(partial)
	if err := prepared(ctx, backup, partial); err != nil {
		return "", err
	}
	if _, err := os.Lstat(b.file); err == nil {
		aside = asideName(b.file, time.Now())
		// A journal belongs to its file under its name: all three move together.
		for _, suffix := range []string{"-wal", "-shm", ""} {
			if err := os.Rename(b.file+suffix, aside+suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
				return "", err
			}
		}
	}
	return aside, publish(partial, b.file)
}

// restoreRemote replaces the content of a database that others may have open: in one transaction, after a backup of what is there.
func restoreRemote(ctx context.Context, dsn, backup string) (aside string, err error) {
	dir, err := os.MkdirTemp("", "kith-restore-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "restoring.db")
	if err := prepared(ctx, backup, file); err != nil {
		return "", err
	}
	from, err := Open(ctx, "sqlite:"+file, Options{})
	if err != nil {
		return "", err
	}
	defer from.Close()
	to, err := Open(ctx, dsn, Options{})
	if err != nil {
		return "", err
	}
	defer to.Close()
	users, err := to.Users(ctx)
	if err != nil {
		return "", err
	}
	if len(users) > 0 {
		aside = asideName(backup, time.Now())
		if err := to.Backup(ctx, aside); err != nil {
			return "", fmt.Errorf("put what is there aside: %w", err)
		}
	}
	_, err = from.copyTo(ctx, to, true)
	return aside, err
}
