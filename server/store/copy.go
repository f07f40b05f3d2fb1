package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/uptrace/bun"
)

// ErrNotEmpty : a copy goes only into a database that holds no accounts.
var ErrNotEmpty = errors.New("the database holds accounts already")

// Copied counts the rows that were copied, by table.
type Copied map[string]int64

// CopyTo copies everything, as it is at one moment, into another database, in one transaction there. ErrNotEmpty.
func (s *Store) CopyTo(ctx context.Context, to *Store) (Copied, error) {
	return s.copyTo(ctx, to, false)
}

func (s *Store) copyTo(ctx context.Context, to *Store, replace bool) (Copied, error) {
	copied := Copied{}
	err := s.snapshot(ctx, func(ctx context.Context, from bun.Tx) error {
		return to.write(ctx, func(ctx context.Context, tx bun.Tx) error {
			clear(copied)
			if err := emptyAll(ctx, tx, replace); err != nil {
				return err
			}
			return s.copyAll(ctx, from, to, tx, copied)
		})
	})
	if err != nil {
		return nil, fmt.Errorf("copy: %w", err)
	}
	return copied, nil
}

func (s *Store) snapshot(ctx context.Context, f func(ctx context.Context, tx bun.Tx) error) error {
	return s.reads.RunInTx(ctx, s.backend.snapshotOptions(), f)
}

// emptyAll makes room; without replace there must be nothing to lose.
func emptyAll(ctx context.Context, tx bun.Tx, replace bool) error {
	if !replace {
		n, err := tx.NewSelect().Model((*userRow)(nil)).Count(ctx)
		if err != nil {
			return err
		}
		if n > 0 {
			return ErrNotEmpty
		}
	}
	for _, table := range []string{"users", "devices", "books", "members", "contacts", "commits", "results", "blobs", "blob_refs", "invitations", "audit"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return fmt.Errorf("empty %s: %w", table, err)
		}
	}
	return nil
}

// copyBytes is about how much goes into one statement; every database's default packet holds it.
const copyBytes = 2 << 20

func (s *Store) copyAll(ctx context.Context, from bun.Tx, to *Store, tx bun.Tx, copied Copied) error {
	for _, step := range []struct {
		table string
		copy  func() (int64, error)
	}{
		{"users", func() (int64, error) { return copyTable(ctx, s, from, tx, func(*userRow) int { return 256 }) }},
		{"devices", func() (int64, error) { return copyTable(ctx, s, from, tx, func(*deviceRow) int { return 256 }) }},
		{"books", func() (int64, error) { return copyTable(ctx, s, from, tx, func(*bookRow) int { return 256 }) }},
		{"members", func() (int64, error) { return copyTable(ctx, s, from, tx, func(*memberRow) int { return 128 }) }},
		{"invitations", func() (int64, error) { return copyTable(ctx, s, from, tx, func(*invitationRow) int { return 512 }) }},
		{"contacts", func() (int64, error) {
			return copyTable(ctx, s, from, tx, func(r *contactRow) int { return 256 + 2*len(r.Card) })
		}},
		{"commits", func() (int64, error) { return copyTable(ctx, s, from, tx, func(*commitRow) int { return 128 }) }},
		{"results", func() (int64, error) { return copyTable(ctx, s, from, tx, func(*resultRow) int { return 512 }) }},
		{"audit", func() (int64, error) { return copyTable(ctx, s, from, tx, func(*auditRow) int { return 1024 }) }},
		{"blobs", func() (int64, error) { return s.copyBlobs(ctx, from, to, tx) }},
		{"blob_refs", func() (int64, error) { return copyTable(ctx, s, from, tx, func(*blobRefRow) int { return 256 }) }},
	} {
		n, err := step.copy()
		if err != nil {
			return fmt.Errorf("%s: %w", step.table, err)
		}
		copied[step.table] = n
	}
	var epoch string
	if err := from.NewSelect().TableExpr("meta").Column("value").Where("name = ?", metaEpoch).Scan(ctx, &epoch); err != nil {
		return fmt.Errorf("read epoch: %w", err)
	}
	return setMeta(ctx, tx, metaEpoch, epoch)
}

func setMeta(ctx context.Context, tx bun.IDB, name, value string) error {
	_, err := tx.NewUpdate().TableExpr("meta").Set("value = ?", value).Where("name = ?", name).Exec(ctx)
	return err
}

// renewEpoch makes every cursor that was ever given out one of another history.
func renewEpoch(ctx context.Context, tx bun.IDB) error {
	return setMeta(ctx, tx, metaEpoch, rand.Text())
}

func copyTable[T any](ctx context.Context, s *Store, from, to bun.Tx, size func(*T) int) (n int64, err error) {
	rows, err := from.NewSelect().Model((*T)(nil)).Rows(ctx)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var batch []T
	bytes := 0
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		_, err := to.NewInsert().Model(&batch).Exec(ctx)
		n += int64(len(batch))
		batch, bytes = nil, 0
		return err
	}
	for rows.Next() {
		var row T
		if err := s.reads.ScanRow(ctx, rows, &row); err != nil {
			return n, err
		}
		batch = append(batch, row)
		if bytes += size(&row); bytes >= copyBytes || len(batch) == 1000 {
			if err := flush(); err != nil {
				return n, err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return n, err
	}
	return n, flush()
}

func (s *Store) copyBlobs(ctx context.Context, from bun.Tx, to *Store, tx bun.Tx) (n int64, err error) {
	rows, err := from.NewSelect().Model((*blobRow)(nil)).Rows(ctx)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var row blobRow
		if err := s.reads.ScanRow(ctx, rows, &row); err != nil {
			return n, err
		}
		if err := to.insertBlob(ctx, tx, row); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}

// insertBlob hands the bytes to the driver: written into the statement they would double, and outgrow a database's packet.
func (s *Store) insertBlob(ctx context.Context, tx bun.Tx, r blobRow) error {
	places := "?, ?, ?, ?, ?"
	if s.backend.name() == "postgres" {
		places = "$1, $2, $3, $4, $5"
	}
	_, err := tx.Tx.ExecContext(ctx, "INSERT INTO blobs (book_id, hash, size, data, created_at) VALUES ("+places+")", r.BookID, r.Hash, r.Size, r.Data, r.CreatedAt)
	return err
}

// String lists what was copied, for a person.
func (c Copied) String() string {
	var parts []string
	for _, table := range []string{"users", "devices", "books", "contacts", "blobs"} {
		parts = append(parts, fmt.Sprintf("%d %s", c[table], table))
	}
	return strings.Join(parts, ", ")
}
