package memremote

import (
	"context"
	"slices"

	"kith/contact"
	"kith/syncer"
)

func (r *remote) HasBlob(ctx context.Context, book, id string) (bool, error) {
	has := false
	err := r.call(ctx, Request{Op: "has-blob", IDs: []string{id}}, func(a *account, d device) error {
		_, has = a.book.blobs[id]
		has = has && a.book.id == book
		return nil
	})
	if err != nil {
		return false, err
	}
	return has, nil
}

func (r *remote) Blob(ctx context.Context, book, id string) ([]byte, error) {
	var bytes []byte
	err := r.call(ctx, Request{Op: "blob", IDs: []string{id}}, func(a *account, d device) error {
		held, ok := a.book.blobs[id]
		if !ok || a.book.id != book {
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
	return r.call(ctx, Request{Op: "put-blob", IDs: []string{b.ID}}, func(a *account, d device) error {
		switch {
		case a.book.id != book:
			return syncer.ErrForbidden
		case len(b.Bytes) > r.s.limits.BlobBytes:
			return syncer.ErrTooLarge
		case contact.NewBlob("", b.Bytes).ID != b.ID:
			return syncer.ErrRefused
		}
		a.book.blobs[b.ID] = slices.Clone(b.Bytes)
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
	clear(s.accounts[user].book.blobs)
}

// Blobs are the ids of the blobs that an account's book holds, sorted.
func (s *Server) Blobs(user string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for id := range s.accounts[user].book.blobs {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
