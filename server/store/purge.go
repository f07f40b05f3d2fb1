package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
)

// Rows of a removed book that go in one transaction: so few that nobody waits for long, whatever the book held.
const (
	purgeRows  = 4000
	purgeBlobs = 16
)

// purge removes a book that has no members any more, in many small transactions: other books are written to meanwhile. What a crash
// leaves over is the daily clean-up's.
func (s *Store) purge(ctx context.Context, book string) error {
	ctx = context.WithoutCancel(ctx) // whoever asked may have gone; it is decided
	for _, step := range []func() error{
		func() error { return purgeBy[blobRefRow, string](ctx, s, book, "contact_id", purgeRows) },
		func() error { return purgeBy[blobRow, string](ctx, s, book, "hash", purgeBlobs) },
		func() error { return purgeBy[contactRow, int64](ctx, s, book, "seq", purgeRows) },
		func() error { return purgeBy[commitRow, int64](ctx, s, book, "seq", purgeRows) },
		func() error { return purgeBy[resultRow, string](ctx, s, book, "change_id", purgeRows) },
	} {
		if err := step(); err != nil {
			return fmt.Errorf("remove what was in book %s: %w", book, err)
		}
	}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := takeSeqs(ctx, tx, book, 0); err != nil {
			return err
		}
		// A photo may have been on its way from somebody who was still a member when it began; behind this lock it finds no book.
		for _, table := range []any{(*invitationRow)(nil), (*contactRow)(nil), (*commitRow)(nil), (*resultRow)(nil), (*blobRow)(nil), (*blobRefRow)(nil)} {
			if _, err := tx.NewDelete().Model(table).Where("book_id = ?", book).Exec(ctx); err != nil {
				return err
			}
		}
		_, err := tx.NewDelete().Model((*bookRow)(nil)).Where("id = ?", book).Exec(ctx)
		return err
	})
	if err != nil && !errors.Is(err, ErrNotFound) { // another may do the same, and be first
		return fmt.Errorf("remove book %s: %w", book, err)
	}
	return nil
}

// purgeBy removes a book's rows of one table in the order of a column that an index has, some at once.
func purgeBy[Row any, Key int64 | string](ctx context.Context, s *Store, book, column string, some int64) error {
	for {
		var last Key
		err := s.reads.NewSelect().Model((*Row)(nil)).Column(column).Where("book_id = ?", book).Order(column).Offset(some-1).Limit(1).Scan(ctx, &last)
		rest := errors.Is(err, sql.ErrNoRows)
		if err != nil && !rest {
			return err
		}
		err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
			q := tx.NewDelete().Model((*Row)(nil)).Where("book_id = ?", book)
			if !rest {
				q = q.Where("? <= ?", bun.Ident(column), last)
			}
			_, err := q.Exec(ctx)
			return err
		})
		if err != nil || rest {
			return err
		}
	}
}

// abandoned : the book has no members, so it is on its way out.
func abandoned(ctx context.Context, db bun.IDB, book string) (bool, error) {
	n, err := db.NewSelect().Model((*memberRow)(nil)).Where("book_id = ?", book).Count(ctx)
	return n == 0, err
}
