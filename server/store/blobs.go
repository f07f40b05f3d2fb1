package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
)

// ErrHash : the bytes are not those that the name promises.
var ErrHash = errors.New("the blob's SHA-256 is another one than its address says")

// PutBlob keeps a blob under its SHA-256, in hex. A repeat is harmless. ErrHash.
func (s *Store) PutBlob(ctx context.Context, book, hash string, data []byte) error {
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash {
		return ErrHash
	}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := takeSeqs(ctx, tx, book, 0); err != nil {
			return err
		}
		have, err := s.haveBlobs(ctx, tx, book, []string{hash})
		if err != nil || have[hash] {
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
