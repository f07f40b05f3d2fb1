package data

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// suspectName is a file that says: a statement has met damage, so look through the whole file before it is opened again. Every
// start could do that, but for a big book it takes longer than the rest of the start.
const suspectName = "kith.db-suspect"

// explain is explain for what the store's connections meet: damage is remembered for the next Open.
func (s *Store) explain(err error) error {
	err = explain(err)
	if errors.Is(err, ErrNotADatabase) {
		if e := os.WriteFile(filepath.Join(s.dir, suspectName), nil, 0o600); e != nil {
			err = errors.Join(err, e)
		}
	}
	return err
}

// examine reads the whole file if an earlier run met damage. ErrNotADatabase: it is damaged.
func (s *Store) examine(ctx context.Context) error {
	suspect := filepath.Join(s.dir, suspectName)
	if !exists(suspect) {
		return nil
	}
	var found string
	if err := s.writer.conn.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return fmt.Errorf("%w: %s", ErrNotADatabase, found)
	}
	return os.Remove(suspect)
}

// DamagedError wraps ErrNotADatabase: the file was moved to Aside, nothing was deleted; Backups are the daily copies, newest first.
type DamagedError struct {
	Aside   string
	Backups []string
	Err     error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("%v; the file was kept as %s", e.Err, e.Aside)
}

func (e *DamagedError) Unwrap() error { return e.Err }

// setAside moves the database, with the files that belong to it, out of the way under a dated name.
func setAside(dir string, cause error, now time.Time) error {
	file := filepath.Join(dir, fileName)
	stamp := filepath.Join(dir, "kith.damaged-"+now.Format("2006-01-02-150405"))
	aside := stamp + ".db"
	for n := 2; exists(aside); n++ {
		aside = fmt.Sprintf("%s-%d.db", stamp, n)
	}
	for _, suffix := range []string{"-wal", "-shm", ""} {
		err := os.Rename(file+suffix, aside+suffix)
		if err != nil && !(suffix != "" && errors.Is(err, fs.ErrNotExist)) {
			return fmt.Errorf("put the damaged file aside: %w (%w)", err, cause)
		}
	}
	if err := removeIfThere(filepath.Join(dir, suspectName)); err != nil {
		return errors.Join(cause, err)
	}
	backups, err := listBackups(dir)
	if err != nil {
		return errors.Join(cause, err)
	}
	return &DamagedError{Aside: aside, Backups: backups, Err: cause}
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}
