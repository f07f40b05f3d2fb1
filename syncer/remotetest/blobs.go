package remotetest

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"kith/contact"
	"kith/syncer"
)

func testBlobs(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	blob := contact.NewBlob("image/jpeg", bytes.Repeat([]byte{0, 0xff, '"', '\n'}, 5000))
	if has, err := a.remote.HasBlob(t.Context(), a.book, blob.ID); has || err != nil {
		t.Errorf("before it was sent: %v, %v", has, err)
	}
	if got, err := a.remote.Blob(t.Context(), a.book, blob.ID); !errors.Is(err, contact.ErrNoBlob) {
		t.Errorf("before it was sent: %d bytes, %v, want ErrNoBlob", len(got), err)
	}
	for range 2 {
		if err := a.remote.PutBlob(t.Context(), a.book, blob); err != nil {
			t.Fatalf("put: %v", err)
		}
	}
	if has, err := b.remote.HasBlob(t.Context(), b.book, blob.ID); !has || err != nil {
		t.Errorf("after it was sent: %v, %v", has, err)
	}
	if got, err := b.remote.Blob(t.Context(), b.book, blob.ID); err != nil || !bytes.Equal(got, blob.Bytes) {
		t.Errorf("on the other device: %d bytes, %v, want %d", len(got), err, len(blob.Bytes))
	}
	other := contact.Blob{ID: strings.Repeat("0", 64), Bytes: []byte("not what the name says")}
	if err := a.remote.PutBlob(t.Context(), a.book, other); !errors.Is(err, syncer.ErrRefused) {
		t.Errorf("other bytes than the name says: %v, want ErrRefused", err)
	}
	if err := a.remote.PutBlob(t.Context(), a.book, contact.NewBlob("", make([]byte, Limits.BlobBytes+1))); !errors.Is(err, syncer.ErrTooLarge) {
		t.Errorf("too large: %v, want ErrTooLarge", err)
	}
	if err := a.remote.PutBlob(t.Context(), "nobody's", blob); !errors.Is(err, syncer.ErrForbidden) {
		t.Errorf("into nobody's book: %v, want ErrForbidden", err)
	}
	if err := a.remote.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"has": func() error { _, err := a.remote.HasBlob(t.Context(), a.book, blob.ID); return err }(),
		"get": func() error { _, err := a.remote.Blob(t.Context(), a.book, blob.ID); return err }(),
		"put": a.remote.PutBlob(t.Context(), a.book, blob),
	} {
		if !errors.Is(err, syncer.ErrSignIn) {
			t.Errorf("%s when signed out: %v, want ErrSignIn", name, err)
		}
	}
}

// A change that needs a blob is refused without it, alone; the same change is taken once the blob is there.
func testMissingBlob(t *testing.T, r Rig) {
	d := r.device(t, "a")
	blob := contact.NewBlob("", []byte("a photo"))
	with := insert("x", "Ada")
	with.Blobs = []string{blob.ID}
	got := d.push(with, insert("y", "Grace"))
	if got[0].Status != syncer.Rejected || !got[0].MissingBlob || got[0].Reason == "" || got[1].Status != syncer.Applied {
		t.Fatalf("without the blob: %+v", got)
	}
	if err := d.remote.PutBlob(t.Context(), d.book, blob); err != nil {
		t.Fatal(err)
	}
	if got := d.push(with); got[0].Status != syncer.Applied {
		t.Errorf("with the blob: %+v", got)
	}
	tooLarge := insert("z", strings.Repeat("x", Limits.CardBytes))
	if got := d.push(tooLarge); got[0].Status != syncer.Rejected || got[0].MissingBlob {
		t.Errorf("refused for another reason: %+v", got)
	}
}
