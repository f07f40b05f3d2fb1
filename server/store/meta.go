package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
)

// The epoch names one history of this database. It is random, secret, and new after each restore; cursors are signed with it, so
// those of another epoch, and those that someone changed, are told at once.
const metaEpoch = "epoch"

// metaRevoked grows with each sign-out, revocation and removal, so that other processes look at their open polls again.
const metaRevoked = "revoked"

// metaMembers changes with each member that a book has lost, so that other processes look who waits for a book that is not theirs.
const metaMembers = "members"

func (s *Store) initEpoch(ctx context.Context, db bun.IDB) error {
	for name, value := range map[string]string{metaEpoch: rand.Text(), metaRevoked: "0", metaMembers: "0"} {
		var have string
		err := db.QueryRowContext(ctx, "SELECT value FROM meta WHERE name = '"+name+"'").Scan(&have)
		if errors.Is(err, sql.ErrNoRows) {
			_, err = db.ExecContext(ctx, "INSERT INTO meta (name, value) VALUES (?, ?)", name, value)
			if s.backend.duplicate(err) {
				err = nil // another process was first
			}
		}
		if err != nil {
			return fmt.Errorf("set %s: %w", name, err)
		}
	}
	return nil
}

// noteRevocation is part of each transaction that takes a right away.
func (s *Store) noteRevocation(ctx context.Context, tx bun.Tx) error {
	return setMeta(ctx, tx, metaRevoked, rand.Text())
}

// noteMembers is part of each transaction that takes members out of a book, or gives them another role.
func (s *Store) noteMembers(ctx context.Context, tx bun.Tx) error {
	return setMeta(ctx, tx, metaMembers, rand.Text())
}

func (s *Store) meta(ctx context.Context, name string) (string, error) {
	var value string
	err := s.reads.NewSelect().TableExpr("meta").Column("value").Where("name = ?", name).Scan(ctx, &value)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	return value, nil
}
