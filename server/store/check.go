package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/uptrace/bun"
)

// Report is what a check found.
type Report struct {
	Users, Books, Contacts, Tombstones, Blobs int64
	Problems                                  []string // none: sound
}

// invariants are what every row must keep to: each query counts the rows that do not.
var invariants = []struct{ problem, query string }{
	{"books whose newest change belongs to no commit", `SELECT COUNT(*) FROM books AS b LEFT JOIN commits AS c ON c.book_id = b.id AND c.seq = b.seq WHERE b.seq > 0 AND c.seq IS NULL`},
	{"commits beyond their book's counter", `SELECT COUNT(*) FROM commits AS c JOIN books AS b ON b.id = c.book_id WHERE c.seq > b.seq`},
	{"contacts beyond their book's counter", `SELECT COUNT(*) FROM contacts AS c JOIN books AS b ON b.id = c.book_id WHERE c.seq > b.seq OR c.seq < 1`},
	{"places in a feed that are taken twice", `SELECT COUNT(*) FROM (SELECT 1 AS one FROM contacts GROUP BY book_id, seq HAVING COUNT(*) > 1) AS twice`},
	{"tombstones below their book's floor", `SELECT COUNT(*) FROM contacts AS c JOIN books AS b ON b.id = c.book_id WHERE c.operation = 'DELETE' AND c.seq <= b.tombstone_floor`},
	{"live contacts without a card", `SELECT COUNT(*) FROM contacts WHERE operation <> 'DELETE' AND card = ''`},
	{"contacts of no book", `SELECT COUNT(*) FROM contacts AS c LEFT JOIN books AS b ON b.id = c.book_id WHERE b.id IS NULL`},
	{"commits of no book", `SELECT COUNT(*) FROM commits AS c LEFT JOIN books AS b ON b.id = c.book_id WHERE b.id IS NULL`},
	{"answers of no book", `SELECT COUNT(*) FROM results AS c LEFT JOIN books AS b ON b.id = c.book_id WHERE b.id IS NULL`},
	{"photos of no book", `SELECT COUNT(*) FROM blobs AS c LEFT JOIN books AS b ON b.id = c.book_id WHERE b.id IS NULL`},
	{"photos that a contact needs and that are not there", `SELECT COUNT(*) FROM blob_refs AS r LEFT JOIN blobs AS b ON b.book_id = r.book_id AND b.hash = r.hash WHERE b.hash IS NULL`},
	{"references to photos by no contact", `SELECT COUNT(*) FROM blob_refs AS r LEFT JOIN contacts AS c ON c.book_id = r.book_id AND c.id = r.contact_id WHERE c.id IS NULL`},
	{"members of no book", `SELECT COUNT(*) FROM members AS m LEFT JOIN books AS b ON b.id = m.book_id WHERE b.id IS NULL`},
	{"members without an account", `SELECT COUNT(*) FROM members AS m LEFT JOIN users AS u ON u.id = m.user_id WHERE u.id IS NULL`},
	{"members of a book without an owner", `SELECT COUNT(*) FROM members AS m LEFT JOIN members AS o ON o.book_id = m.book_id AND o.role = 'owner' WHERE o.book_id IS NULL`},
	{"devices without an account", `SELECT COUNT(*) FROM devices AS d LEFT JOIN users AS u ON u.id = d.user_id WHERE u.id IS NULL`},
	{"books that nobody is a member of (the daily clean-up removes them)", `SELECT COUNT(*) FROM books AS b LEFT JOIN members AS m ON m.book_id = b.id WHERE m.book_id IS NULL`},
}

// Check reads everything, as it is at one moment, and says what is wrong. Servers may go on writing meanwhile.
func (s *Store) Check(ctx context.Context) (Report, error) {
	var r Report
	err := s.snapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, c := range []struct {
			n     *int64
			query string
		}{
			{&r.Users, "SELECT COUNT(*) FROM users"}, {&r.Books, "SELECT COUNT(*) FROM books"}, {&r.Blobs, "SELECT COUNT(*) FROM blobs"},
			{&r.Contacts, "SELECT COUNT(*) FROM contacts WHERE operation <> 'DELETE'"}, {&r.Tombstones, "SELECT COUNT(*) FROM contacts WHERE operation = 'DELETE'"},
		} {
			if err := tx.QueryRowContext(ctx, c.query).Scan(c.n); err != nil {
				return err
			}
		}
		for _, i := range invariants {
			var n int64
			if err := tx.QueryRowContext(ctx, i.query).Scan(&n); err != nil {
				return fmt.Errorf("look for %s: %w", i.problem, err)
			}
			if n > 0 {
				r.Problems = append(r.Problems, fmt.Sprintf("%d %s", n, i.problem))
			}
		}
		return s.checkBlobs(ctx, tx, &r)
	})
	if err != nil {
		return r, fmt.Errorf("check: %w", err)
	}
	if s.backend.name() == "sqlite" {
		err = s.checkFile(ctx, &r)
	}
	return r, err
}

func (s *Store) checkBlobs(ctx context.Context, tx bun.Tx, r *Report) error {
	rows, err := tx.NewSelect().Model((*blobRow)(nil)).Column("hash", "size", "data").Rows(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var hash string
		var size int64
		var data []byte
		if err := rows.Scan(&hash, &size, &data); err != nil {
			return err
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash || int64(len(data)) != size {
			r.Problems = append(r.Problems, "the photo "+hash+" is damaged")
		}
	}
	return rows.Err()
}

// checkFile lets SQLite look at every page of its file.
func (s *Store) checkFile(ctx context.Context, r *Report) error {
	rows, err := s.reads.QueryContext(ctx, "PRAGMA integrity_check(20)")
	if err != nil {
		return fmt.Errorf("check the file: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var found string
		if err := rows.Scan(&found); err != nil {
			return fmt.Errorf("check the file: %w", err)
		}
		if found != "ok" {
			r.Problems = append(r.Problems, "the file: "+found)
		}
	}
	return rows.Err()
}
