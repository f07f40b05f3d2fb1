package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"kith/server/store"
	"kith/server/store/storetest"
)

func testAccounts(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	ctx := t.Context()
	for _, name := range []string{"Ada", "ada", "ADA"} {
		if _, err := f.AddUser(ctx, name, "x", "Contacts"); !errors.Is(err, store.ErrExists) {
			t.Errorf("add %q again: %v, want ErrExists", name, err)
		}
		if u, err := f.User(ctx, name); err != nil || u.ID != f.user.ID || u.Name != "Ada" {
			t.Errorf("user %q: %+v, %v", name, u, err)
		}
	}
	for _, name := range []string{"", " ", " x", "x\ny", "x\x00", strings.Repeat("x", 129), "\xff"} {
		if _, err := f.AddUser(ctx, name, "x", "Contacts"); err == nil {
			t.Errorf("added a user named %q", name)
		}
		if _, err := f.User(ctx, name); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("user %q: %v, want ErrNotFound", name, err)
		}
	}
	odd := `O'Brien \ "ünï" 💡`
	if _, err := f.AddUser(ctx, odd, "x", `it's \"`); err != nil {
		t.Fatalf("add %q: %v", odd, err)
	}
	u, err := f.User(ctx, odd)
	if err != nil || u.Name != odd {
		t.Fatalf("user %q: %+v, %v", odd, u, err)
	}
	if b, err := f.Books(ctx, u.ID); err != nil || b[0].Name != `it's \"` || b[0].Role != store.Owner {
		t.Errorf("books: %+v, %v", b, err)
	}
	if all, err := f.Users(ctx); err != nil || len(all) != 2 {
		t.Errorf("users: %+v, %v", all, err)
	}
	if err := f.SetPassword(ctx, "nobody", "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("set the password of nobody: %v", err)
	}
	if err := f.RemoveUser(ctx, "nobody"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("remove nobody: %v", err)
	}
}

func testDevices(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	ctx := t.Context()
	signIn := func(user store.User, device, token string) store.Device {
		t.Helper()
		d, err := f.SignIn(ctx, user, device, "laptop", token)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	valid := func(token string) bool {
		t.Helper()
		_, err := f.Authenticate(ctx, token)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Fatal(err)
		}
		return err == nil
	}
	a := signIn(f.user, "", "a")
	b := signIn(f.user, "", "b")
	if again := signIn(f.user, a.ID, "a2"); again.ID != a.ID {
		t.Errorf("signed in again as the same device: %s, want %s", again.ID, a.ID)
	}
	if valid("a") || !valid("a2") || !valid("b") || valid("") || valid("zz") {
		t.Errorf("tokens valid: a %t a2 %t b %t, want false true true", valid("a"), valid("a2"), valid("b"))
	}
	other, err := f.AddUser(ctx, "Eve", "x", "Contacts")
	if err != nil {
		t.Fatal(err)
	}
	if stolen := signIn(other, a.ID, "e"); stolen.ID == a.ID {
		t.Error("another account took over a device")
	}
	if !valid("a2") {
		t.Error("another account ended a session")
	}
	if err := f.Revoke(ctx, other.ID, a.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("revoke another account's device: %v", err)
	}
	if list, err := f.Devices(ctx, f.user.ID); err != nil || len(list) != 2 {
		t.Errorf("devices: %+v, %v", list, err)
	}
	f.clock.add(time.Hour)
	if d, err := f.Authenticate(ctx, "b"); err != nil || d.SeenAt != f.clock.Now().UnixMicro() || d.User != "Ada" {
		t.Errorf("device after use: %+v, %v", d, err)
	}
	if list, _ := f.Devices(ctx, f.user.ID); list[0].ID != b.ID {
		t.Errorf("the last used is not first: %+v", list)
	}
	if err := f.Revoke(ctx, f.user.ID, a.ID); err != nil {
		t.Fatal(err)
	}
	if err := f.Revoke(ctx, f.user.ID, a.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("revoke again: %v", err)
	}
	if valid("a2") || !valid("b") {
		t.Error("the wrong device was revoked")
	}
	if err := f.SetPassword(ctx, "Ada", "new"); err != nil {
		t.Fatal(err)
	}
	if valid("b") || !valid("e") {
		t.Error("a new password must end the account's sessions, and no others")
	}
	if back := signIn(f.user, a.ID, "a3"); back.ID != a.ID {
		t.Error("a revoked device that signs in again is another one")
	}
}

func testMembers(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	ctx := t.Context()
	eve, err := f.AddUser(ctx, "Eve", "x", "Contacts")
	if err != nil {
		t.Fatal(err)
	}
	if role, err := f.Role(ctx, f.user.ID, f.book); err != nil || role != store.Owner {
		t.Errorf("role in the own book: %q, %v", role, err)
	}
	for _, book := range []string{f.book, "nonsense", ""} {
		if _, err := f.Role(ctx, eve.ID, book); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("role in the book %q of another: %v, want ErrNotFound", book, err)
		}
	}
	f.clock.add(time.Second)
	second, err := f.AddBook(ctx, store.NewBook{Owner: f.user.ID, Name: "Team"})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := f.Books(ctx, f.user.ID); err != nil || len(b) != 2 || b[0].ID != f.book || b[1] != second {
		t.Errorf("books: %+v, %v; want the first one first", b, err)
	}
	d := f.device("laptop")
	d.must(edit("x", 0, "one"))
	if err := f.RemoveUser(ctx, "ada"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Changes(ctx, store.FeedQuery{Book: f.book, Limit: 1}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the book of a removed account: %v, want ErrNotFound", err)
	}
	if b, err := f.Books(ctx, eve.ID); err != nil || len(b) != 1 {
		t.Errorf("books of the other account: %+v, %v", b, err)
	}
}

func testBlobs(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	ctx := t.Context()
	d := f.device("laptop")
	data := bytes.Repeat([]byte{0, 1, '\'', '\\', 0xff, '?'}, 1<<20)
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:])
	p := edit("x", 0, "with a photo")
	p.Blobs = []string{hash}
	if r := d.push(p)[0]; r.Status != store.Rejected || r.Rejection.Code != store.CodeMissingBlob {
		t.Fatalf("push without the blob: %+v, want missing_blob", r)
	}
	if err := f.PutBlob(ctx, f.book, hash, data[1:]); !errors.Is(err, store.ErrHash) {
		t.Errorf("put other bytes: %v, want ErrHash", err)
	}
	if _, err := f.Blob(ctx, f.book, hash); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("blob before it was put: %v", err)
	}
	for range 2 {
		if err := f.PutBlob(ctx, f.book, hash, data); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := f.Blob(ctx, f.book, hash); err != nil || !bytes.Equal(got, data) {
		t.Errorf("blob: %d bytes, %v; want the %d that were put", len(got), err, len(data))
	}
	if n, err := f.BlobSize(ctx, f.book, hash); err != nil || n != int64(len(data)) {
		t.Errorf("size: %d, %v", n, err)
	}
	if r := d.push(p)[0]; r.Status != store.Applied {
		t.Errorf("the same push after the blob: %+v, want applied", r)
	}
	other, err := f.AddBook(ctx, store.NewBook{Owner: f.user.ID, Name: "Other"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Blob(ctx, other.ID, hash); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the blob in another book: %v, want ErrNotFound", err)
	}
	if err := f.PutBlob(ctx, "nonsense", hash, data); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("put into no book: %v", err)
	}
}
