package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"kith/server/store/storetest"
)

// TestPurge: a removed book goes with all that was in it, more than goes at once, and the one beside it stays. What a crash has left
// of another is removed by the daily clean-up, and until then nobody gets in.
func TestPurge(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.New) {
		ctx := t.Context()
		s, err := Open(ctx, db(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		u, err := s.AddUser(ctx, "ada", "hash", "Contacts")
		if err != nil {
			t.Fatal(err)
		}
		rows := func(table, book string) (n int) {
			t.Helper()
			if err := s.db.NewSelect().TableExpr(table).ColumnExpr("COUNT(*)").Where("book_id = ?", book).Scan(ctx, &n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		tables := []string{"contacts", "commits", "results", "blobs", "blob_refs", "invitations", "members"}
		books := map[string]string{}
		for _, name := range []string{"removed", "beside", "left over"} {
			b, err := s.AddBook(ctx, NewBook{Owner: u.ID, Name: name})
			if err != nil {
				t.Fatal(err)
			}
			books[name] = b.ID
			for round := range (purgeRows + 500) / 1000 {
				var changes []Push
				for i := range 1000 {
					id := fmt.Sprintf("c%d-%d", round, i)
					changes = append(changes, Push{ChangeID: id, ID: id, Operation: Insert, Card: json.RawMessage(`{}`)})
				}
				if _, err := s.Push(ctx, PushRequest{Book: b.ID, Device: "d", Changes: changes}); err != nil {
					t.Fatal(err)
				}
			}
			for i := range purgeBlobs + 2 {
				photo := fmt.Append(nil, "photo", i)
				sum := sha256.Sum256(photo)
				hash := hex.EncodeToString(sum[:])
				if err := s.PutBlob(ctx, b.ID, hash, photo); err != nil {
					t.Fatal(err)
				}
				p := Push{ChangeID: hash, ID: hash, Operation: Insert, Card: json.RawMessage(`{}`), Blobs: []string{hash}}
				if _, err := s.Push(ctx, PushRequest{Book: b.ID, Device: "d", Changes: []Push{p}}); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := s.Invite(ctx, NewInvitation{Book: b.ID, By: u.ID, Role: Reader, Code: name, For: 1 << 40}); err != nil {
				t.Fatal(err)
			}
			for _, table := range tables {
				if rows(table, b.ID) == 0 {
					t.Fatalf("%s: no %s to remove", name, table)
				}
			}
		}
		beside := map[string]int{}
		for _, table := range tables {
			beside[table] = rows(table, books["beside"])
		}
		if err := s.RemoveBook(ctx, u.ID, books["removed"]); err != nil {
			t.Fatal(err)
		}
		if _, err := s.db.ExecContext(ctx, "DELETE FROM members WHERE book_id = '"+books["left over"]+"'"); err != nil {
			t.Fatal(err)
		}
		if err := s.AddMember(ctx, books["left over"], "ada", Owner); !errors.Is(err, ErrNotFound) {
			t.Errorf("a member of a book that is on its way out: %v", err)
		}
		if _, err := s.Compact(ctx); err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			if a, b := rows(table, books["removed"]), rows(table, books["left over"]); a+b > 0 {
				t.Errorf("%s: %d rows of the removed book, and %d of what a crash left, are there", table, a, b)
			}
			if n := rows(table, books["beside"]); n != beside[table] {
				t.Errorf("%s of the book beside: %d rows, were %d", table, n, beside[table])
			}
		}
		if r, err := s.Check(ctx); err != nil || len(r.Problems) > 0 || r.Books != 2 {
			t.Errorf("after it: %+v, %v", r, err)
		}
	})
}
