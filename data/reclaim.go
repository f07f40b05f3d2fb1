package data

import (
	"context"
	"fmt"
)

const (
	reclaimPages = 256     // moved in one transaction: a few milliseconds
	reclaimFrom  = 4 << 20 // bytes of free space from which it is worth the trouble: SQLite fills it again before it asks the disk for more
)

// reclaim gives space that nothing uses back to the disk, in steps between which edits come through.
func (s *Store) reclaim(ctx context.Context) error {
	var free, size int
	err := s.read(ctx, "SELECT freelist_count, page_size FROM pragma_freelist_count, pragma_page_size", func(row scanner) error { return row.Scan(&free, &size) })
	if err != nil || free*size < reclaimFrom {
		return err
	}
	for ; free > 0; free -= reclaimPages {
		err := s.writer.transact(ctx, func(t *tx) error { // quietly: nothing that shows has changed
			_, err := t.exec(fmt.Sprintf("PRAGMA incremental_vacuum(%d)", reclaimPages))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// makeShrinkable lets the file give space back without being written anew (PRAGMA auto_vacuum). In a new file that costs nothing. An older
// one is written anew for it, once, before its first migration to a version that can.
func (w *writer) makeShrinkable(ctx context.Context, version int) error {
	if version >= shrinkableSince {
		return nil
	}
	if _, err := w.conn.ExecContext(ctx, "PRAGMA auto_vacuum = INCREMENTAL"); err != nil || version == 0 {
		return err
	}
	// It needs as much room on the disk again. If there is none, or another program is at work, the file stays as it is: its free space is
	// used again all the same.
	_, _ = w.conn.ExecContext(ctx, "VACUUM")
	return nil
}

// shrinkableSince is the number of the migration that brought the trash's end.
const shrinkableSince = 10
