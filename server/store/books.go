package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/uptrace/bun"
)

// Roles of a member, the stronger ones first.
const (
	Owner  = "owner"
	Writer = "writer"
	Reader = "reader"
)

// Book is a book as one member sees it.
type Book struct{ ID, Name, Role string }

// AddBook makes a book that userID owns.
func (s *Store) AddBook(ctx context.Context, userID, name string) (Book, error) {
	b := Book{newID(), name, Owner}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := s.insertBook(ctx, tx, userID, name, b.ID); err != nil {
			return err
		}
		var user string
		if err := tx.NewSelect().Model((*userRow)(nil)).Column("name").Where("id = ?", userID).Scan(ctx, &user); err != nil {
			return err
		}
		return s.audit(ctx, tx, Event{Event: EventBookAdded, UserID: userID, User: user, BookID: b.ID})
	})
	if err != nil {
		return Book{}, fmt.Errorf("add book: %w", err)
	}
	return b, nil
}

func (s *Store) insertBook(ctx context.Context, tx bun.Tx, userID, name, id string) error {
	now := s.nowMicro()
	if _, err := tx.NewInsert().Model(&bookRow{ID: id, Name: name, CreatedAt: now}).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewInsert().Model(&memberRow{BookID: id, UserID: userID, Role: Owner, CreatedAt: now}).Exec(ctx)
	return err
}

// Books returns the books that the account is a member of, its first one first.
func (s *Store) Books(ctx context.Context, userID string) ([]Book, error) {
	rows, err := s.reads.NewSelect().TableExpr("members AS m").Join("JOIN books AS b ON b.id = m.book_id").
		ColumnExpr("b.id, b.name, m.role").Where("m.user_id = ?", userID).Order("m.created_at", "b.created_at", "b.id").Rows(ctx)
	if err != nil {
		return nil, fmt.Errorf("read books: %w", err)
	}
	defer rows.Close()
	out := []Book{}
	for rows.Next() {
		var b Book
		if err := rows.Scan(&b.ID, &b.Name, &b.Role); err != nil {
			return nil, fmt.Errorf("read books: %w", err)
		}
		out = append(out, b)
	}
	return out, rows.Err()
}

// Role returns what the account may do with the book. ErrNotFound: nothing, whether the book exists or not.
func (s *Store) Role(ctx context.Context, userID, book string) (string, error) {
	var role string
	err := s.reads.NewSelect().Model((*memberRow)(nil)).Column("role").Where("book_id = ?", book).Where("user_id = ?", userID).Scan(ctx, &role)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("read role: %w", err)
	}
	return role, nil
}

// removeMember takes an account out of a book, and the book away when it was the last one.
func (s *Store) removeMember(ctx context.Context, tx bun.Tx, book, userID string) error {
	if _, err := tx.NewUpdate().Model((*bookRow)(nil)).Set("seq = seq + 0").Where("id = ?", book).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.NewDelete().Model((*memberRow)(nil)).Where("book_id = ?", book).Where("user_id = ?", userID).Exec(ctx); err != nil {
		return err
	}
	left, err := tx.NewSelect().Model((*memberRow)(nil)).Where("book_id = ?", book).Count(ctx)
	if err != nil || left > 0 {
		return err
	}
	for _, table := range []any{(*contactRow)(nil), (*commitRow)(nil), (*resultRow)(nil), (*blobRow)(nil), (*blobRefRow)(nil)} {
		if _, err := tx.NewDelete().Model(table).Where("book_id = ?", book).Exec(ctx); err != nil {
			return err
		}
	}
	_, err = tx.NewDelete().Model((*bookRow)(nil)).Where("id = ?", book).Exec(ctx)
	return err
}

// AddMember gives the account of that name a role in the book; it must not be a member yet. ErrNotFound, ErrExists.
func (s *Store) AddMember(ctx context.Context, book, userName, role string) error {
	u, err := s.User(ctx, userName)
	if err != nil {
		return err
	}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := takeSeqs(ctx, tx, book, 0); err != nil {
			return err
		}
		_, err := tx.NewInsert().Model(&memberRow{BookID: book, UserID: u.ID, Role: role, CreatedAt: s.nowMicro()}).Exec(ctx)
		if err != nil {
			return err
		}
		return s.audit(ctx, tx, Event{Event: EventMemberAdded, UserID: u.ID, User: u.Name, BookID: book, Detail: role})
	})
	if s.backend.duplicate(err) {
		return fmt.Errorf("member %q: %w", userName, ErrExists)
	}
	if err != nil {
		return fmt.Errorf("add member: %w", err)
	}
	return nil
}
