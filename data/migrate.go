package data

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
)

// migrations are applied in the order of their names, each in a transaction of its own; user_version counts them. One that was
// released is never edited.
//
//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks the file as ours ("Kith").
const applicationID = 0x4b697468

// migrate brings the schema up to date. Errors: ErrNewerDatabase; ErrNotADatabase for another program's database.
func (w *writer) migrate(ctx context.Context) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for {
		done := false
		err := w.transact(ctx, func(t *tx) error {
			version, err := w.version(t)
			if err != nil {
				return err
			}
			if version > len(names) {
				return fmt.Errorf("%w (version %d, this one knows %d): install the newest Kith", ErrNewerDatabase, version, len(names))
			}
			if version == len(names) {
				done = true
				return nil
			}
			script, err := fs.ReadFile(migrations, names[version])
			if err != nil {
				return err
			}
			// The numbers are ours: pragmas take no parameters.
			_, err = w.conn.ExecContext(context.Background(), fmt.Sprintf("%s;\nPRAGMA application_id = %d; PRAGMA user_version = %d",
				script, applicationID, version+1))
			if err != nil {
				return fmt.Errorf("apply %s: %w", names[version], err)
			}
			return nil
		})
		if err != nil || done {
			return err
		}
	}
}

// version returns the schema's version, 0 for a new file, and looks at the pages that every later statement needs.
func (w *writer) version(t *tx) (int, error) {
	var application, version, tables int
	err := t.row("SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), count(*) FROM sqlite_schema").
		Scan(&application, &version, &tables)
	if err != nil {
		return 0, err
	}
	if application != applicationID && (application != 0 || version != 0 || tables != 0) {
		return 0, fmt.Errorf("%w: it belongs to another program", ErrNotADatabase)
	}
	return version, nil
}
