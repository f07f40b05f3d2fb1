package data

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	backupFolder = "backups"
	backupsKept  = 7
	partMark     = ".part-" // in the name of a copy that is being written
)

// Backup writes a consistent copy to file, which must not exist. Edits go on meanwhile.
func (s *Store) Backup(ctx context.Context, file string) error {
	if exists(file) {
		return fmt.Errorf("back up to %s: %w", file, fs.ErrExist)
	}
	if err := s.copyTo(ctx, file); err != nil {
		return fmt.Errorf("back up to %s: %w", file, err)
	}
	return nil
}

// copyTo writes the copy under a name of its own first, so that file is whole as soon as it is there, and that two programs which
// copy at once don't meet. Nobody else can read it, from its first byte on.
func (s *Store) copyTo(ctx context.Context, file string) error {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+partMark+"*")
	if err != nil {
		return err
	}
	part := f.Name()
	if err = f.Close(); err == nil {
		err = s.vacuumInto(ctx, part)
	}
	if err == nil {
		err = syncFile(part)
	}
	if err == nil {
		err = os.Rename(part, file)
	}
	if err != nil {
		return errors.Join(err, removeIfThere(part))
	}
	return nil
}

func (s *Store) vacuumInto(ctx context.Context, file string) error {
	conn, err := s.readers.Conn(ctx)
	if err != nil {
		return s.explain(err)
	}
	defer conn.Close()
	// It reads one snapshot, and writes nothing but the new file: the connection's guard against writes is in the way.
	if _, err := conn.ExecContext(ctx, "PRAGMA query_only = 0"); err != nil {
		return s.explain(err)
	}
	_, err = conn.ExecContext(ctx, "VACUUM INTO ?", file)
	if _, e := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA query_only = 1"); err == nil {
		err = e
	}
	return s.explain(err)
}

func syncFile(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func removeIfThere(file string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// dailyBackup makes the day's copy if there is none yet and there is something to copy, and keeps the newest seven. It is best
// effort: what it could not do today, it tries again at the next start.
func (s *Store) dailyBackup(ctx context.Context) error {
	folder := filepath.Join(s.dir, backupFolder)
	file := filepath.Join(folder, "kith-"+s.now().Format(time.DateOnly)+".db")
	if exists(file) {
		return nil
	}
	empty := false
	err := s.read(ctx, "SELECT NOT EXISTS (SELECT 1 FROM contacts)", func(row scanner) error { return row.Scan(&empty) })
	if err != nil || empty {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	lock := flock.New(filepath.Join(folder, "backup.lock"))
	if mine, err := lock.TryLock(); err != nil || !mine {
		return err // another program on this profile is making the same copy
	}
	defer lock.Close()
	if exists(file) {
		return nil
	}
	if err := removeParts(folder); err != nil {
		return err
	}
	if err := s.copyTo(ctx, file); err != nil {
		return err
	}
	backups, err := listBackups(s.dir)
	if err != nil || len(backups) <= backupsKept {
		return err
	}
	for _, old := range backups[backupsKept:] {
		if err := os.Remove(old); err != nil {
			return err
		}
	}
	return nil
}

// removeParts clears away what a program left that was killed in the middle of a copy.
func removeParts(folder string) error {
	files, err := os.ReadDir(folder)
	for _, f := range files {
		if strings.Contains(f.Name(), partMark) {
			err = errors.Join(err, removeIfThere(filepath.Join(folder, f.Name())))
		}
	}
	return err
}

// listBackups returns the daily copies, newest first.
func listBackups(dir string) ([]string, error) {
	folder := filepath.Join(dir, backupFolder)
	files, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var backups []string
	for _, f := range slices.Backward(files) { // ReadDir sorts by name, and so by date
		if ok, _ := filepath.Match("kith-????-??-??.db", f.Name()); ok {
			backups = append(backups, filepath.Join(folder, f.Name()))
		}
	}
	return backups, nil
}

// RestoreBackup puts a daily copy back as dir's database, whose place must be empty. The copy stays where it is.
func RestoreBackup(dir, backup string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("restore backup %s: %w", backup, err)
		}
	}()
	from, err := os.Open(backup)
	if err != nil {
		return err
	}
	defer from.Close()
	file := filepath.Join(dir, fileName)
	part := file + ".part"
	to, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Sync(), to.Close()); err != nil {
		return errors.Join(err, removeIfThere(part))
	}
	// A link, unlike a rename, does not replace what is there.
	if err := os.Link(part, file); err != nil {
		return errors.Join(err, removeIfThere(part))
	}
	return os.Remove(part)
}
