package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"

	"kith/contact"
	"kith/contact/locale"
)

// Check reads everything and says what is wrong; nil: sound. It looks at the file itself, at what the tables promise each other,
// and at every card. Edits go on meanwhile.
func (s *Store) Check(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("check database: %w", s.explain(err))
		}
	}()
	// A connection of its own: SQLite's check of a full text index trusts what a connection remembers of the index, which may be
	// older than the index, and would then find damage where there is none.
	db, err := s.open(dsn(filepath.Join(s.dir, fileName), "query_only(1)"))
	if err != nil {
		return err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil) // one view for all that follows
	if err != nil {
		return err
	}
	defer tx.Rollback()
	c := checker{tx: tx}
	if err := errors.Join(c.file(ctx), c.promises(ctx), c.cards(ctx)); err != nil {
		return err
	}
	return errors.Join(c.faults...)
}

// checker collects the faults that it finds in one view of the database.
type checker struct {
	tx     *sql.Tx
	faults []error
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf(format, args...))
}

func (c *checker) each(ctx context.Context, query string, scan func(scanner) error) error {
	rows, err := c.tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	return drain(rows, scan)
}

func (c *checker) file(ctx context.Context) error {
	err := c.each(ctx, "SELECT * FROM pragma_integrity_check", func(row scanner) error {
		var what string
		err := row.Scan(&what)
		if what != "ok" {
			c.fault("file: %s: %w", what, ErrNotADatabase)
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.each(ctx, `SELECT "table", "parent" FROM pragma_foreign_key_check`, func(row scanner) error {
		var table, parent string
		err := row.Scan(&table, &parent)
		c.fault("table %s: a row points to no row of %s", table, parent)
		return err
	})
}

// promises are what the tables promise each other. Each query names the contacts that break one.
var promises = []struct{ fault, breach string }{
	{"pending is not its oldest unsynced log entry", `SELECT c.id FROM contacts c WHERE c.pending <>
		coalesce((SELECT min(l.id) FROM change_log l WHERE l.record_id = c.id AND l.synced = 0), 0)`},
	{"last_edit is not its newest edit", `SELECT c.id FROM contacts c WHERE c.last_edit <>
		coalesce((SELECT max(l.id) FROM change_log l WHERE l.record_id = c.id AND l.origin IN ('local', 'undo')), 0)`},
	{"it has no log entry", `SELECT id FROM contacts c WHERE NOT EXISTS (SELECT 1 FROM change_log l WHERE l.record_id = c.id AND l.lost = 0)`},
	{"a log entry is of no contact", `SELECT record_id FROM change_log WHERE record_id NOT IN (SELECT id FROM contacts)`},
	{"it has a base, or lacks one, against its state", `SELECT c.id FROM contacts c
		WHERE CASE EXISTS (SELECT 1 FROM base b WHERE b.contact = c.row_id) WHEN 1 THEN c.pending = 0 ELSE c.pending <> 0 AND c.rev <> 0 END`},
	{"it is clean and not in the trash, yet the server never had it", `SELECT id FROM contacts WHERE pending = 0 AND rev = 0 AND deleted_at = 0`},
	{"it is in flight without an unsynced edit, or parked, or refused", `SELECT c.id FROM contacts c JOIN outbox o ON o.contact = c.row_id
		WHERE c.pending = 0 OR c.conflicts > 0 OR c.rejected <> ''`},
	{"conflicts is not the number of its conflicts", `SELECT c.id FROM contacts c
		WHERE c.conflicts <> (SELECT count(*) FROM conflicts w WHERE w.contact = c.row_id)`},
	{"fields wait, yet it has no base", `SELECT c.id FROM contacts c
		WHERE c.conflicts > 0 AND NOT EXISTS (SELECT 1 FROM base b WHERE b.contact = c.row_id)`},
	{"it was refused, yet nothing is unsynced", `SELECT id FROM contacts WHERE rejected <> '' AND pending = 0`},
	{"it is not in the search index", `SELECT id FROM contacts WHERE row_id NOT IN (SELECT rowid FROM search)`},
	{"it is in the trash, and has a label", `SELECT c.id FROM labels l JOIN contacts c ON c.row_id = l.contact WHERE c.deleted_at <> 0`},
	{"the list of labels and its card differ", `WITH listed AS (SELECT contact, label FROM labels),
		carried AS (SELECT c.row_id, k.key FROM contacts c, json_each(c.card, '$.keywords') k
			WHERE c.deleted_at = 0 AND k.type = 'true' AND k.key <> 'starred'),
		apart AS (SELECT * FROM (SELECT * FROM listed EXCEPT SELECT * FROM carried) UNION SELECT * FROM (SELECT * FROM carried EXCEPT SELECT * FROM listed))
		SELECT DISTINCT c.id FROM apart JOIN contacts c ON c.row_id = apart.contact`},
	{"the list of media and its card differ", `WITH listed AS (SELECT contact, blob FROM media),
		referred AS (SELECT c.row_id, m.value ->> 'blobId' AS blob FROM contacts c, json_each(c.card, '$.media') m
			WHERE m.type = 'object' AND length(m.value ->> 'blobId') = 64 AND m.value ->> 'blobId' NOT GLOB '*[^0-9a-f]*')
		SELECT id FROM contacts WHERE row_id IN (SELECT row_id FROM (SELECT * FROM referred EXCEPT SELECT * FROM listed))`},
	{"it is there, and noted as removed for good", `SELECT c.id FROM purged p CROSS JOIN contacts c ON c.book = p.book AND p.id = ` + uidColumn + ` WHERE c.deleted_at = 0`},
	{"the search for duplicates knows it, and there is none", `SELECT 'in row ' || contact FROM duplicate_cards WHERE contact NOT IN (SELECT row_id FROM contacts)
		AND (SELECT version FROM duplicate_state) <> 0`},
	{"the search index knows it, and there is none", `SELECT rowid FROM search WHERE rowid NOT IN (SELECT row_id FROM contacts)`},
}

func (c *checker) promises(ctx context.Context) error {
	for _, p := range promises {
		err := c.each(ctx, p.breach, func(row scanner) error {
			var id string
			err := row.Scan(&id)
			c.fault("contact %s: %s", id, p.fault)
			return err
		})
		if err != nil {
			return fmt.Errorf("look whether %s: %w", p.fault, err)
		}
	}
	return nil
}

// cards parses every card, and compares it with what the list shows of it.
func (c *checker) cards(ctx context.Context) error {
	var name string
	if err := c.tx.QueryRowContext(ctx, "SELECT collation FROM state").Scan(&name); err != nil {
		return err
	}
	order := locale.Collate(name)
	query := "SELECT c.id, c.card, b.card, " + projectedColumns + " FROM contacts c LEFT JOIN base b ON b.contact = c.row_id"
	return c.each(ctx, query, func(row scanner) error {
		var id string
		var text, base []byte
		var shown projection
		if err := row.Scan(append([]any{&id, &text, &base}, shown.dest()...)...); err != nil {
			return err
		}
		card, err := contact.Parse(text)
		if err != nil {
			c.fault("contact %s: card: %w", id, err)
			return nil
		}
		if base != nil {
			if _, err := contact.Parse(base); err != nil {
				c.fault("contact %s: base: %w", id, err)
			}
		}
		if want := project(card, order); !shown.equal(want) {
			c.fault("contact %s: the list shows it as %q, not as %q, or orders it so", id, shown.name, want.name)
		}
		return nil
	})
}
