package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
)

func TestCheckFinds(t *testing.T) {
	ctx := t.Context()
	for _, c := range []struct{ damage, says string }{
		{"UPDATE books SET seq = 7", "belongs to no commit"},
		{"DELETE FROM commits", "belongs to no commit"},
		{"UPDATE books SET seq = 1", "beyond their book's counter"},
		{"UPDATE contacts SET seq = 1", "taken twice"},
		{"UPDATE contacts SET card = '' WHERE id = 'x'", "without a card"},
		{"DELETE FROM books", "of no book"},
		{"DELETE FROM users", "without an account"},
		{"DELETE FROM members", "nobody is a member of"},
		{"UPDATE blobs SET data = X'00'", "is damaged"},
	} {
		s, err := Open(ctx, "sqlite:"+t.TempDir()+"/server.db", Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		u, err := s.AddUser(ctx, "ada", "hash", "Contacts")
		if err != nil {
			t.Fatal(err)
		}
		books, err := s.Books(ctx, u.ID)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256([]byte("photo"))
		if err := s.PutBlob(ctx, books[0].ID, hex.EncodeToString(sum[:]), []byte("photo")); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"x", "y"} {
			push := Push{ChangeID: id, ID: id, Operation: Insert, Card: json.RawMessage(`{}`)}
			if _, err := s.Push(ctx, PushRequest{Book: books[0].ID, Device: "d", Changes: []Push{push}}); err != nil {
				t.Fatal(err)
			}
		}
		if r, err := s.Check(ctx); err != nil || len(r.Problems) > 0 || r.Contacts != 2 || r.Blobs != 1 {
			t.Fatalf("before the damage: %+v, %v", r, err)
		}
		if _, err := s.db.ExecContext(ctx, c.damage); err != nil {
			t.Fatal(err)
		}
		if r, err := s.Check(ctx); err != nil || !strings.Contains(strings.Join(r.Problems, "; "), c.says) {
			t.Errorf("after %s: %v, %v; want %q", c.damage, r.Problems, err, c.says)
		}
	}
}
