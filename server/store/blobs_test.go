package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"kith/server/store"
	"kith/server/store/storetest"
)

// putBlob keeps a text as a blob.
func (f *fixture) putBlob(text string) string {
	f.t.Helper()
	sum := sha256.Sum256([]byte(text))
	hash := hex.EncodeToString(sum[:])
	if err := f.PutBlob(f.t.Context(), f.book, hash, []byte(text)); err != nil {
		f.t.Fatal(err)
	}
	return hash
}

// A blob stays as long as a contact needs it, live or in a tombstone, and for a time when none does.
func testUnneededBlobs(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	d := f.device("laptop")
	has := func(when string, want map[string]bool) {
		t.Helper()
		for hash, there := range want {
			_, err := f.BlobSize(t.Context(), f.book, hash)
			if there && err != nil || !there && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s: blob %.6s: %v, want it there: %v", when, hash, err, there)
			}
		}
	}
	with := func(id string, rev int64, hashes ...string) int64 {
		t.Helper()
		p := edit(id, rev, "with a photo")
		p.Blobs = hashes
		return d.must(p)
	}
	first, second, shared, deleted, loose := f.putBlob("first"), f.putBlob("second"), f.putBlob("shared"), f.putBlob("deleted"), f.putBlob("loose")
	rev := with("x", 0, first, shared, shared)
	with("y", 0, shared)
	gone := with("z", 0, deleted)
	f.compact()
	has("at once", map[string]bool{first: true, loose: true})

	f.clock.add(store.BlobGrace + time.Hour)
	rev = with("x", rev, first, second, shared)
	if c := f.compact(); c.Blobs != 1 {
		t.Errorf("a month later: %+v, want the loose one removed", c)
	}
	has("a month later", map[string]bool{first: true, second: true, shared: true, deleted: true, loose: false})

	with("x", rev, second) // y still needs the shared one
	d.must(remove("z", gone))
	if c := f.compact(); c.Blobs != 1 {
		t.Errorf("after the edit: %+v, want the first one removed", c)
	}
	has("after the edit", map[string]bool{first: false, second: true, shared: true, deleted: true})

	f.clock.add(store.TombstoneAge + time.Hour)
	again := f.putBlob("loose")
	if c := f.compact(); c.Blobs != 1 || c.Tombstones != 1 {
		t.Errorf("after the tombstone: %+v, want the deleted contact's removed", c)
	}
	has("after the tombstone", map[string]bool{second: true, shared: true, deleted: false, again: true})

	f.clock.add(store.BlobGrace - time.Hour)
	f.putBlob("loose") // a repeat: somebody is about to push
	f.clock.add(2 * time.Hour)
	f.compact()
	has("after a repeat", map[string]bool{again: true})
}
