package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"kith/contact"
	"kith/syncer"
)

func blobPath(book, id string) string {
	return "/v1/books/" + url.PathEscape(book) + "/blobs/" + url.PathEscape(id)
}

// noBlob tells the answer of a book without the blob (or of no book: its feed will say that) from other errors.
func noBlob(err error) bool {
	var r *refused
	return errors.As(err, &r) && r.ours && r.status == http.StatusNotFound
}

func (r *remote) HasBlob(ctx context.Context, book, id string) (bool, error) {
	_, err := r.do(ctx, call{method: http.MethodHead, path: blobPath(book, id)})
	if noBlob(err) {
		return false, nil
	}
	return err == nil, err
}

func (r *remote) Blob(ctx context.Context, book, id string) ([]byte, error) {
	var body bytes.Buffer
	_, err := r.do(ctx, call{method: http.MethodGet, path: blobPath(book, id), take: &body})
	if noBlob(err) {
		return nil, contact.ErrNoBlob
	}
	if err != nil {
		return nil, err
	}
	if got := contact.NewBlob("", body.Bytes()).ID; got != id {
		return nil, notOurs(fmt.Errorf("the bytes of blob %s have the SHA-256 %s", id, got))
	}
	return body.Bytes(), nil
}

func (r *remote) PutBlob(ctx context.Context, book string, b contact.Blob) error {
	_, err := r.do(ctx, call{method: http.MethodPut, path: blobPath(book, b.ID), bytes: b.Bytes})
	return err
}

var _ syncer.Remote = (*remote)(nil)
