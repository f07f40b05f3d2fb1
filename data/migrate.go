package data

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
)

// migrations are applied in the order of their names, each in a transaction of its own; user_version counts them. After a new one:
// go test -run TestSchema -update. One that was
// released is never edited.
//
//go:embed migrations/*.sql
var migrations embed.FS

// schema is what they lead to: going their way takes a new file three times as long.
//
//go:embed schema.sql
var schema string

// applicationID marks the file as ours ("Kith").
const applicationID = 0x4b697468

// migrate brings the schema up to date. Errors: ErrNewerDatabase; ErrNotADatabase for another program's database. A file that it
// refuses is left as it was.
func (w *writer) migrate(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	version, err := w.version(ctx, len(names))
	if err != nil {
		return err
	}
	if err := w.makeShrinkable(ctx, version); err != nil {
		return err
	}
	// Readers and the writer do not wait for each other. It can't be set in a transaction, and stays set.
	if _, err := w.conn.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil {
		return err
	}
	for version < len(names) {
		err := w.transact(ctx, func(*tx) error {
			version, err = w.version(ctx, len(names)) // another process may have been first
			if err != nil || version == len(names) {
				return err
			}
			script, name, next := []byte(schema), "schema.sql", len(names)
			if version > 0 {
				name, next = names[version], version+1
				if script, err = fs.ReadFile(migrations, name); err != nil {
					return err
				}
			}
			version = next // the numbers are ours: pragmas take no parameters
			_, err = w.conn.ExecContext(ctx, fmt.Sprintf("%s;\nPRAGMA application_id = %d; PRAGMA user_version = %d", script, applicationID, version))
			if err != nil {
				return fmt.Errorf("apply %s: %w", name, err)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// version returns the schema's version, 0 for a new file; known is the newest that this program knows.
func (w *writer) version(ctx context.Context, known int) (int, error) {
	var application, version, tables int
	err := w.conn.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id),
		(SELECT user_version FROM pragma_user_version), count(*) FROM sqlite_schema`).Scan(&application, &version, &tables)
	switch {
	case err != nil:
		return 0, err
	case application != applicationID && (application != 0 || version != 0 || tables != 0):
		return 0, fmt.Errorf("%w: it belongs to another program", ErrNotADatabase)
	case version > known:
		return 0, fmt.Errorf("%w (version %d, this one knows %d): install the newest Kith", ErrNewerDatabase, version, known)
	}
	return version, nil
}
