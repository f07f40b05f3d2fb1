package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kith/contact"
	"kith/contact/picture"
)

// MaxBlobBytes is the largest blob that the store keeps.
const MaxBlobBytes = 32 << 20

// ErrBlobTooLarge is what a blob above MaxBlobBytes is refused with.
var ErrBlobTooLarge = fmt.Errorf("it is larger than %d MB", MaxBlobBytes>>20)

// largeInline is from how many bytes of data: URIs on they leave a card that is saved here: a card that stays small costs nothing to
// move, and no other device need know of blobs to see its photo.
const largeInline = 8 << 10

// PutBlob keeps a blob; a repeat is harmless. One that no card refers to is kept for a day at least, so it may be put before the card
// is saved. Errors: ErrBlobTooLarge.
func (s *Store) PutBlob(ctx context.Context, b contact.Blob) error {
	if b.ID != contact.NewBlob(b.Type, b.Bytes).ID {
		return fmt.Errorf("keep blob %s: its bytes have another SHA-256", b.ID)
	}
	if err := s.write(ctx, func(t *tx) error { return t.putBlob(b) }); err != nil {
		return fmt.Errorf("keep blob %s: %w", b.ID, err)
	}
	return nil
}

func (t *tx) putBlob(b contact.Blob) error {
	if len(b.Bytes) > MaxBlobBytes {
		return ErrBlobTooLarge
	}
	bytes := b.Bytes
	if bytes == nil {
		bytes = []byte{} // nil would be NULL
	}
	_, err := t.exec(`INSERT INTO blobs (id, type, size, added, bytes) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET added = excluded.added`, b.ID, b.Type, len(bytes), t.wall(), bytes)
	return err
}

// Blob returns a blob. contact.ErrNoBlob: it is not here (yet).
func (s *Store) Blob(ctx context.Context, id string) (contact.Blob, error) {
	b := contact.Blob{ID: id}
	if err := s.readBlob(ctx, id, "type, bytes", &b.Type, &b.Bytes); err != nil {
		return contact.Blob{}, err
	}
	return b, nil
}

// BlobBytes is Blob in the form that contact.AttachBlobs and vcard.GiveBlobs ask with.
func (s *Store) BlobBytes(ctx context.Context) func(id string) ([]byte, error) {
	return func(id string) ([]byte, error) {
		b, err := s.Blob(ctx, id)
		return b.Bytes, err
	}
}

// BlobSize returns a blob's length without reading it. contact.ErrNoBlob: it is not here.
func (s *Store) BlobSize(ctx context.Context, id string) (n int64, err error) {
	return n, s.readBlob(ctx, id, "size", &n)
}

func (s *Store) readBlob(ctx context.Context, id, columns string, dest ...any) error {
	err := s.readers.QueryRowContext(ctx, "SELECT "+columns+" FROM blobs WHERE id = ?", id).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		err = contact.ErrNoBlob
	}
	if err != nil {
		return fmt.Errorf("read blob %s: %w", id, s.explain(err))
	}
	return nil
}

// MissingBlobs returns ids of blobs that a book's contacts refer to and that are not here, in their order after the id given, at most
// limit of them.
func (s *Store) MissingBlobs(ctx context.Context, book, after string, limit int) ([]string, error) {
	var ids []string
	err := s.read(ctx, `SELECT DISTINCT m.blob FROM media m JOIN contacts c ON c.row_id = m.contact
		WHERE m.blob > ? AND c.book = ? AND NOT EXISTS (SELECT 1 FROM blobs b WHERE b.id = m.blob) ORDER BY m.blob LIMIT ?`, func(row scanner) error {
		ids = append(ids, "")
		return row.Scan(&ids[len(ids)-1])
	}, after, book, limit)
	if err != nil {
		return nil, fmt.Errorf("look for missing photos: %w", err)
	}
	return ids, nil
}

// OversizedBlobs returns ids of blobs above a size that unsent contacts refer to.
func (s *Store) OversizedBlobs(ctx context.Context, book string, bytes int) ([]string, error) {
	var ids []string
	err := s.read(ctx, `SELECT DISTINCT b.id FROM contacts c JOIN media m ON m.contact = c.row_id JOIN blobs b ON b.id = m.blob
		WHERE c.pending <> 0 AND c.rejected = '' AND c.deleted_at = 0 AND c.book = ? AND b.size > ?`, func(row scanner) error {
		ids = append(ids, "")
		return row.Scan(&ids[len(ids)-1])
	}, book, bytes)
	if err != nil {
		return nil, fmt.Errorf("look for large photos: %w", err)
	}
	return ids, nil
}

// ReplaceBlob puts another blob in the place of one in every contact that refers to it, as one action.
func (s *Store) ReplaceBlob(ctx context.Context, old string, b contact.Blob) error {
	err := s.write(ctx, func(t *tx) error {
		if err := t.putBlob(b); err != nil {
			return err
		}
		var rows []int64
		err := t.each("SELECT contact FROM media WHERE blob = ?", func(row scanner) error {
			rows = append(rows, 0)
			return row.Scan(&rows[len(rows)-1])
		}, old)
		if err != nil {
			return err
		}
		for _, row := range rows {
			current, err := t.loadRow(row)
			if err != nil {
				return err
			}
			if _, err := t.edit(current, current.Card.WithBlob(old, b), current.Deleted, fromUser); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("replace blob %s: %w", old, err)
	}
	return nil
}

// detach takes large media out of a card that is to be saved.
func (t *tx) detach(c contact.Card) (contact.Card, error) {
	if c.InlineBytes() < largeInline {
		return c, nil
	}
	return c.DetachBlobs(t.putBlob)
}

// putMedia brings the table of media to what after refers to. A photo that the card holds itself is kept as a blob beside, so that
// whoever draws photos finds all of them in one place.
func (t *tx) putMedia(before, after *record) error {
	var old map[string]bool // blob: it is the photo
	if before != nil {
		if before.Card.Equal(after.Card) {
			return nil
		}
		old, _ = mediaOf(before.Card)
	}
	now, inline := mediaOf(after.Card)
	if inline != nil && !old[inline.ID] && len(inline.Bytes) <= MaxBlobBytes {
		if err := t.putBlob(*inline); err != nil {
			return err
		}
	}
	for blob, photo := range old {
		if is, there := now[blob]; !there || is != photo {
			if _, err := t.exec("DELETE FROM media WHERE contact = ? AND blob = ?", after.row, blob); err != nil {
				return err
			}
		}
	}
	for blob, photo := range now {
		if was, there := old[blob]; !there || was != photo {
			if _, err := t.exec("INSERT INTO media (contact, blob, photo) VALUES (?, ?, ?)", after.row, blob, photo); err != nil {
				return err
			}
		}
	}
	return nil
}

func mediaOf(c contact.Card) (refs map[string]bool, inline *contact.Blob) {
	refs = map[string]bool{}
	for _, id := range c.BlobIDs() {
		refs[id] = false
	}
	p, _ := c.Photo()
	if p.BlobID != "" {
		refs[p.BlobID] = true
	} else if b, ok := p.Inline(); ok {
		inline, refs[b.ID] = &b, true
	}
	return refs, inline
}

// Thumbnail returns a square picture of a blob as PNG or JPEG, made on the first asking and kept then. Errors: contact.ErrNoBlob;
// picture.ErrNotAPicture, picture.ErrTooLarge: it can't be shown.
func (s *Store) Thumbnail(ctx context.Context, id string, size int) ([]byte, error) {
	var made []byte
	err := s.readers.QueryRowContext(ctx, "SELECT bytes FROM thumbnails WHERE blob = ? AND size = ?", id, size).Scan(&made)
	switch {
	case err == nil && len(made) == 0:
		return nil, fmt.Errorf("draw blob %s small: %w", id, picture.ErrNotAPicture)
	case err == nil:
		return made, nil
	case !errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("read a thumbnail of blob %s: %w", id, s.explain(err))
	}
	b, err := s.Blob(ctx, id)
	if err != nil {
		return nil, err
	}
	made, drawErr := picture.Thumbnail(b.Bytes, size)
	if drawErr != nil {
		made = []byte{} // so that it is not tried again and again
	}
	err = s.writer.transact(ctx, func(t *tx) error { // quietly: nobody need look at the book again
		_, err := t.exec("INSERT INTO thumbnails (blob, size, bytes) SELECT id, ?, ? FROM blobs WHERE id = ? ON CONFLICT DO NOTHING", size, made, id)
		return err
	})
	if drawErr != nil {
		return nil, fmt.Errorf("draw blob %s small: %w", id, drawErr)
	}
	if err != nil {
		return nil, fmt.Errorf("keep a thumbnail of blob %s: %w", id, s.explain(err))
	}
	return made, nil
}
