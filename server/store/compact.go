package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Compacted counts what a compaction removed.
type Compacted struct{ Tombstones, Commits, Results, Audit, Blobs int64 }

// Compact removes, book by book, what is older than any device may be away. Cursors that would have needed it expire.
func (s *Store) Compact(ctx context.Context) (Compacted, error) {
	var all Compacted
	for after := ""; ; {
		var books []string
		err := s.reads.NewSelect().Model((*bookRow)(nil)).Column("id").Where("id > ?", after).Order("id").Limit(500).Scan(ctx, &books)
		if err != nil {
			return all, fmt.Errorf("compact: %w", err)
		}
		if len(books) == 0 {
			if err := s.forgetInvitations(ctx); err != nil {
				return all, err
			}
			all.Audit, err = s.forgetAudit(ctx)
			return all, err
		}
		for _, book := range books {
			var one Compacted
			if gone, err := abandoned(ctx, s.reads, book); err != nil {
				return all, fmt.Errorf("compact book %s: %w", book, err)
			} else if gone {
				if err := s.purge(ctx, book); err != nil {
					return all, fmt.Errorf("compact: %w", err)
				}
				continue
			}
			due, err := s.due(ctx, book)
			if err != nil {
				return all, fmt.Errorf("compact book %s: %w", book, err)
			}
			if !due {
				continue
			}
			err = s.write(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
				one, err = s.compactBook(ctx, tx, book)
				return err
			})
			if err != nil && !errors.Is(err, ErrNotFound) {
				return all, fmt.Errorf("compact book %s: %w", book, err)
			}
			all.Tombstones += one.Tombstones
			all.Commits += one.Commits
			all.Results += one.Results
			all.Blobs += one.Blobs
		}
		after = books[len(books)-1]
	}
}

// due looks without a lock whether there is anything to remove: in most books, on most days, there is not.
func (s *Store) due(ctx context.Context, book string) (bool, error) {
	now := s.now()
	old := func(age time.Duration) int64 { return now.Add(-age).UnixMicro() }
	for _, q := range []*bun.SelectQuery{
		s.reads.NewSelect().Model((*contactRow)(nil)).Where("book_id = ?", book).Where("operation = ?", Delete).Where("changed_at < ?", old(TombstoneAge)),
		s.reads.NewSelect().Model((*commitRow)(nil)).Where("book_id = ?", book).Where("created_at < ?", old(CommitAge)).
			Where("seq < (SELECT seq FROM books WHERE id = ?)", book),
		s.reads.NewSelect().Model((*resultRow)(nil)).Where("book_id = ?", book).Where("created_at < ?", old(ResultAge)),
		s.unneededBlobs(s.reads, book),
	} {
		var one int
		switch err := q.ColumnExpr("1").Limit(1).Scan(ctx, &one); {
		case err == nil:
			return true, nil
		case !errors.Is(err, sql.ErrNoRows):
			return false, err
		}
	}
	return false, nil
}

func (s *Store) compactBook(ctx context.Context, tx bun.Tx, book string) (c Compacted, err error) {
	if err := takeSeqs(ctx, tx, book, 0); err != nil {
		return c, err
	}
	now := s.now()
	var floor, forgotten sql.NullInt64
	old := now.Add(-TombstoneAge).UnixMicro()
	err = tx.NewSelect().Model((*contactRow)(nil)).ColumnExpr("MAX(seq)").Where("book_id = ?", book).Where("operation = ?", Delete).Where("changed_at < ?", old).Scan(ctx, &floor)
	if err != nil {
		return c, fmt.Errorf("find tombstones: %w", err)
	}
	if floor.Valid {
		r, err := tx.NewDelete().Model((*contactRow)(nil)).Where("book_id = ?", book).Where("operation = ?", Delete).Where("changed_at < ?", old).Exec(ctx)
		if err != nil {
			return c, fmt.Errorf("remove tombstones: %w", err)
		}
		c.Tombstones, _ = r.RowsAffected()
		_, err = tx.NewUpdate().Model((*bookRow)(nil)).Set("tombstone_floor = ?", floor.Int64).Where("id = ?", book).Where("tombstone_floor < ?", floor.Int64).Exec(ctx)
		if err != nil {
			return c, fmt.Errorf("set tombstone floor: %w", err)
		}
	}
	// The newest commit stays: it is the one that a device which is up to date shows.
	err = tx.NewSelect().Model((*commitRow)(nil)).ColumnExpr("MAX(seq)").Where("book_id = ?", book).Where("created_at < ?", now.Add(-CommitAge).UnixMicro()).
		Where("seq < (SELECT seq FROM books WHERE id = ?)", book).Scan(ctx, &forgotten)
	if err != nil {
		return c, fmt.Errorf("find commits: %w", err)
	}
	if forgotten.Valid {
		r, err := tx.NewDelete().Model((*commitRow)(nil)).Where("book_id = ?", book).Where("seq <= ?", forgotten.Int64).Exec(ctx)
		if err != nil {
			return c, fmt.Errorf("remove commits: %w", err)
		}
		c.Commits, _ = r.RowsAffected()
		_, err = tx.NewUpdate().Model((*bookRow)(nil)).Set("commit_floor = ?", forgotten.Int64).Where("id = ?", book).Exec(ctx)
		if err != nil {
			return c, fmt.Errorf("set commit floor: %w", err)
		}
	}
	r, err := tx.NewDelete().Model((*resultRow)(nil)).Where("book_id = ?", book).Where("created_at < ?", now.Add(-ResultAge).UnixMicro()).Exec(ctx)
	if err != nil {
		return c, fmt.Errorf("remove answers: %w", err)
	}
	c.Results, _ = r.RowsAffected()
	c.Blobs, err = s.compactBlobs(ctx, tx, book, c.Tombstones > 0)
	return c, err
}
