package memremote

import (
	"context"
	"slices"

	"kith/contact"
	"kith/syncer"
)

func (r *remote) HasBlob(ctx context.Context, book, id string) (bool, error) {
	has := false
	err := r.call(ctx, Request{Op: "has-blob", Book: book, IDs: []string{id}}, func(d device) error {
		if b, _, err := r.s.bookOf(d, book); err == nil {
			_, has = b.blobs[id]
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	return has, nil
}

func (r *remote) Blob(ctx context.Context, book, id string) ([]byte, error) {
	var bytes []byte
	err := r.call(ctx, Request{Op: "blob", Book: book, IDs: []string{id}}, func(d device) error {
		b, _, err := r.s.bookOf(d, book)
		if err != nil {
			return contact.ErrNoBlob
		}
		held, ok := b.blobs[id]
		if !ok {
			return contact.ErrNoBlob
		}
		bytes = slices.Clone(held)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return bytes, nil
}

func (r *remote) PutBlob(ctx context.Context, book string, b contact.Blob) error {
	return r.call(ctx, Request{Op: "put-blob", Book: book, IDs: []string{b.ID}}, func(d device) error {
		into, err := r.s.bookAs(d, book, syncer.Writer)
		switch {
		case err != nil:
			return err
		case len(b.Bytes) > r.s.limits.BlobBytes:
			return syncer.ErrTooLarge
		case contact.NewBlob("", b.Bytes).ID != b.ID:
			return syncer.ErrRefused
		}
		into.blobs[b.ID] = slices.Clone(b.Bytes)
		return nil
	})
}

// lacks names the first of the blobs that the book has not; "" : it has all.
func (b *book) lacks(ids []string) string {
	for _, id := range ids {
		if _, ok := b.blobs[id]; !ok {
			return id
		}
	}
	return ""
}

// DropBlobs forgets every blob of an account, as a server does whose administrator lost them.
func (s *Server) DropBlobs(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.home(user).blobs)
}

// Blobs are the ids of the blobs that an account's book holds, sorted.
func (s *Server) Blobs(user string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for id := range s.home(user).blobs {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
