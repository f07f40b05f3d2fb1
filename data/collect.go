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
// table it stands in: cards, bases, the history and with it undo, what is in flight, drafts, and what a later version may add.
func (s *Store) CollectBlobs(ctx context.Context) (removed int, err error) {
	err = s.writer.transact(ctx, func(t *tx) error { // quietly: nothing that shows has changed
		loose := map[string]bool{}
		err := t.each("SELECT id FROM blobs WHERE added < ? AND NOT EXISTS (SELECT 1 FROM media WHERE blob = blobs.id)", func(row scanner) error {
			var id string
			err := row.Scan(&id)
			loose[id] = true
			return err
		}, s.now().Add(-blobGrace).UnixMicro())
		if err != nil || len(loose) == 0 {
			return err
		}
		columns, err := t.textColumns()
		if err != nil {
			return err
		}
		for _, c := range columns {
			// A reference is a member blobId, or in the history a path that ends so.
			err := t.each(fmt.Sprintf(`SELECT %q FROM %q WHERE %q LIKE '%%blobId%%'`, c.column, c.table, c.column), func(row scanner) error {
				if err := ctx.Err(); err != nil {
					return err
				}
				var text []byte
				err := row.Scan(&text)
				for _, id := range blobForm.FindAll(text, -1) {
					delete(loose, string(id))
				}
				return err
			})
			if err != nil {
				return fmt.Errorf("look for references in %s: %w", c.table, err)
			}
		}
		removed = len(loose)
		for id := range loose {
			if _, err := t.exec("DELETE FROM blobs WHERE id = ?", id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("collect blobs: %w", s.explain(err))
	}
	return removed, nil
}

type textColumn struct{ table, column string }

// textColumns are the columns that may hold a card, or a part of one.
func (t *tx) textColumns() ([]textColumn, error) {
	var all []textColumn
	err := t.each(`SELECT s.name, c.name FROM sqlite_schema s, pragma_table_info(s.name) c
		WHERE s.type = 'table' AND c.type IN ('TEXT', 'BLOB', '') AND s.name NOT LIKE 'search%' AND s.name NOT IN ('blobs', 'thumbnails', 'media')
		AND c.name NOT LIKE '%_key'`, func(row scanner) error {
		var c textColumn
		err := row.Scan(&c.table, &c.column)
		all = append(all, c)
		return err
	})
	return all, err
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
