package data

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"kith/contact"
)

// blobGrace is how long a blob stays that nothing refers to: a card with it may be about to be saved.
const blobGrace = 24 * time.Hour

var blobForm = regexp.MustCompile(`[0-9a-f]{64}`)

// CollectBlobs removes blobs that nothing refers to, and returns how many. What any text of the database mentions stays, whatever
// table it stands in: cards, bases, the history and with it undo, what is in flight, drafts, and what a later version may add. The long
// look through the book goes beside the writer; before they go it is made sure that nothing has come to refer to them meanwhile.
func (s *Store) CollectBlobs(ctx context.Context) (removed int, err error) {
	loose, err := s.looseBlobs(ctx)
	if err == nil {
		removed, err = s.dropBlobs(ctx, loose)
	}
	if err != nil {
		return 0, fmt.Errorf("collect blobs: %w", s.explain(err))
	}
	return removed, nil
}

// looseBlobs are blobs that nothing referred to at one moment.
type looseBlobs struct {
	ids    map[string]bool
	before int64 // they were put here before that
	logged int64 // the newest log entry of that moment
}

func (s *Store) looseBlobs(ctx context.Context) (looseBlobs, error) {
	loose := looseBlobs{ids: map[string]bool{}, before: s.now().Add(-blobGrace).UnixMicro()}
	tx, err := s.readers.BeginTx(ctx, nil) // one view of all tables
	if err != nil {
		return loose, err
	}
	defer tx.Rollback()
	each := func(query string, scan func(scanner) error, args ...any) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		return drain(rows, scan)
	}
	err = each("SELECT id FROM blobs WHERE added < ? AND NOT EXISTS (SELECT 1 FROM media WHERE blob = blobs.id)", func(row scanner) error {
		var id string
		err := row.Scan(&id)
		loose.ids[id] = true
		return err
	}, loose.before)
	if err != nil || len(loose.ids) == 0 {
		return loose, err
	}
	err = each("SELECT coalesce(max(id), 0) FROM change_log", func(row scanner) error { return row.Scan(&loose.logged) })
	if err != nil {
		return loose, err
	}
	return loose, loose.strike(ctx, each, "1")
}

// dropBlobs removes those that nothing has come to refer to since.
func (s *Store) dropBlobs(ctx context.Context, loose looseBlobs) (removed int, err error) {
	if len(loose.ids) == 0 {
		return 0, nil
	}
	err = s.writer.transact(ctx, func(t *tx) error { // quietly: nothing that shows has changed
		each := func(query string, scan func(scanner) error, args ...any) error { return t.each(query, scan, args...) }
		// Contacts are asked by the table of media, and old log entries do not change.
		if err := loose.strike(ctx, each, "s.name NOT IN ('contacts', 'change_log')"); err != nil {
			return err
		}
		err := t.each("SELECT patch FROM change_log WHERE id > ? AND instr(patch, 'blobId')", loose.strikeIn, loose.logged)
		if err != nil {
			return err
		}
		for id := range loose.ids {
			result, err := t.exec("DELETE FROM blobs WHERE id = ?1 AND added < ?2 AND NOT EXISTS (SELECT 1 FROM media WHERE blob = ?1)", id, loose.before)
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return err
			}
			removed += int(n)
		}
		return nil
	})
	return removed, err
}

// strike takes out what a text of the tables of a condition mentions: those columns that may hold a card, or a part of one.
func (l *looseBlobs) strike(ctx context.Context, each func(string, func(scanner) error, ...any) error, tables string) error {
	type column struct{ table, name string }
	var columns []column
	err := each(`SELECT s.name, c.name FROM sqlite_schema s, pragma_table_info(s.name) c
		WHERE s.type = 'table' AND c.type IN ('TEXT', 'BLOB', '') AND s.name NOT LIKE 'search%' AND s.name NOT IN ('blobs', 'thumbnails', 'media')
		AND c.name NOT LIKE '%_key' AND `+tables, func(row scanner) error {
		var c column
		err := row.Scan(&c.table, &c.name)
		columns = append(columns, c)
		return err
	})
	if err != nil {
		return err
	}
	for _, c := range columns {
		if err := ctx.Err(); err != nil {
			return err
		}
		// A reference is a member blobId, or in the history a path that ends so.
		err := each(fmt.Sprintf(`SELECT %q FROM %q WHERE %q LIKE '%%blobId%%'`, c.name, c.table, c.name), l.strikeIn)
		if err != nil {
			return fmt.Errorf("look for references in %s: %w", c.table, err)
		}
	}
	return nil
}

// strikeIn takes out what one text mentions.
func (l *looseBlobs) strikeIn(row scanner) error {
	var text []byte
	err := row.Scan(&text)
	for _, id := range blobForm.FindAll(text, -1) {
		delete(l.ids, string(id))
	}
	return err
}

// blobsIn are the blobs that a card's JSON refers to; most have none, and are not parsed.
func blobsIn(card []byte) ([]string, error) {
	if !hasBlobID.Match(card) {
		return nil, nil
	}
	c, err := contact.Parse(card)
	if err != nil {
		return nil, err
	}
	return c.BlobIDs(), nil
}

var hasBlobID = regexp.MustCompile(`"blobId"`)
