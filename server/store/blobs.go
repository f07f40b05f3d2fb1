package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"
)

// ErrHash : the bytes are not those that the name promises.
var ErrHash = errors.New("the blob's SHA-256 is another one than its address says")

// BlobGrace is how long a blob stays that no contact needs: the push that needs it may be on its way.
const BlobGrace = 30 * 24 * time.Hour

// PutBlob keeps a blob under its SHA-256, in hex. A repeat is harmless, and begins its grace anew. ErrHash.
func (s *Store) PutBlob(ctx context.Context, book, hash string, data []byte) error {
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash {
		return ErrHash
	}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := takeSeqs(ctx, tx, book, 0); err != nil {
			return err
		}
		have, err := s.haveBlobs(ctx, tx, book, []string{hash})
		if err != nil {
			return err
		}
		if have[hash] {
			_, err := tx.NewUpdate().Model((*blobRow)(nil)).Set("created_at = ?", s.nowMicro()).Where("book_id = ?", book).Where("hash = ?", hash).Exec(ctx)
			return err
		}
		row := blobRow{BookID: book, Hash: hash, Size: int64(len(data)), Data: data, CreatedAt: s.nowMicro()}
		return s.insertBlob(ctx, tx, row)
	})
	if err != nil {
		return fmt.Errorf("put blob: %w", err)
	}
	return nil
}

// Blob returns a blob's bytes. ErrNotFound.
func (s *Store) Blob(ctx context.Context, book, hash string) ([]byte, error) {
	var data []byte
	err := s.reads.NewSelect().Model((*blobRow)(nil)).Column("data").Where("book_id = ?", book).Where("hash = ?", hash).Scan(ctx, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("blob %s: %w", hash, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("read blob: %w", err)
	}
	return data, nil
}

// BlobSize returns a blob's length without reading it. ErrNotFound.
func (s *Store) BlobSize(ctx context.Context, book, hash string) (int64, error) {
	var n int64
	err := s.reads.NewSelect().Model((*blobRow)(nil)).Column("size").Where("book_id = ?", book).Where("hash = ?", hash).Scan(ctx, &n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("blob %s: %w", hash, ErrNotFound)
	}
	if err != nil {
		return 0, fmt.Errorf("read blob: %w", err)
	}
	return n, nil
}

func (s *Store) haveBlobs(ctx context.Context, db bun.IDB, book string, hashes []string) (map[string]bool, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	var have []string
	err := db.NewSelect().Model((*blobRow)(nil)).Column("hash").Where("book_id = ?", book).Where("hash IN (?)", bun.List(hashes)).Scan(ctx, &have)
	if err != nil {
		return nil, fmt.Errorf("look for blobs: %w", err)
	}
	out := make(map[string]bool, len(have))
	for _, h := range have {
		out[h] = true
	}
	return out, nil
}

// writeBlobRefs replaces what the pushed contacts need.
func writeBlobRefs(ctx context.Context, tx bun.Tx, book string, p plan) error {
	var old []string // contacts that may have some
	var refs []blobRefRow
	for _, id := range slices.Sorted(maps.Keys(p.blobs)) {
		if slices.Contains(p.replace, id) {
			old = append(old, id)
		}
		hashes := slices.Clone(p.blobs[id])
		slices.Sort(hashes)
		for _, hash := range slices.Compact(hashes) {
			refs = append(refs, blobRefRow{BookID: book, ContactID: id, Hash: hash})
		}
	}
	if len(old) > 0 {
		_, err := tx.NewDelete().Model((*blobRefRow)(nil)).Where("book_id = ?", book).Where("contact_id IN (?)", bun.List(old)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return insertAll(ctx, tx, refs)
}

// unneededBlobs are a book's blobs that no contact has needed for longer than the grace.
func (s *Store) unneededBlobs(db bun.IDB, book string) *bun.SelectQuery {
	return db.NewSelect().Model((*blobRow)(nil)).Where("book_id = ?", book).Where("created_at < ?", s.now().Add(-BlobGrace).UnixMicro()).
		Where("hash NOT IN (SELECT r.hash FROM blob_refs AS r WHERE r.book_id = ?)", book)
}

// compactBlobs removes the references of tombstones that are gone, if some are, and the blobs that nobody needs.
func (s *Store) compactBlobs(ctx context.Context, tx bun.Tx, book string, tombstones bool) (removed int64, err error) {
	if tombstones {
		_, err = tx.NewDelete().Model((*blobRefRow)(nil)).Where("book_id = ?", book).
			Where("contact_id NOT IN (SELECT c.id FROM contacts AS c WHERE c.book_id = ?)", book).Exec(ctx)
		if err != nil {
			return 0, fmt.Errorf("remove references to photos: %w", err)
		}
	}
	var hashes []string
	if err := s.unneededBlobs(tx, book).Column("hash").Scan(ctx, &hashes); err != nil {
		return 0, fmt.Errorf("find photos that nobody needs: %w", err)
	}
	for some := range slices.Chunk(hashes, insertRows) {
		r, err := tx.NewDelete().Model((*blobRow)(nil)).Where("book_id = ?", book).Where("hash IN (?)", bun.List(some)).Exec(ctx)
		if err != nil {
			return removed, fmt.Errorf("remove photos: %w", err)
		}
		n, _ := r.RowsAffected()
		removed += n
	}
	return removed, nil
}
