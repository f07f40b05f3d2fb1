package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/uptrace/bun"
)

// Book is a book as one member sees it.
type Book struct {
	ID, Name string
	Role     string // "" : seen by the administrator
	Owner    string // the name of its longest-standing owner; "" : it has none
	Members  int
}

// NewBook says what AddBook makes.
type NewBook struct {
	ID    string // "" : one is made
	Name  string
	Owner string // the account's id
	Limit int    // most books that the account may be a member of; 0: no limit
}

// AddBook makes a book. One that the account is a member of already, under this id, is returned as it is: a repeat makes no second
// one. ErrExists: the id is another's book. ErrLimit.
func (s *Store) AddBook(ctx context.Context, n NewBook) (Book, error) {
	if err := checkTitle(n.Name); err != nil {
		return Book{}, err
	}
	if n.ID == "" {
		n.ID = newID()
	}
	if b, err := s.book(ctx, n.Owner, n.ID); !errors.Is(err, ErrNotFound) {
		return b, err
	}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		user, err := nameOf(ctx, tx, n.Owner)
		if err != nil {
			return err
		}
		if err := s.roomForBook(ctx, tx, n.Owner, n.Limit); err != nil {
			return err
		}
		if err := s.insertBook(ctx, tx, n.Owner, n.Name, n.ID); err != nil {
			return err
		}
		return s.audit(ctx, tx, Event{Event: EventBookAdded, UserID: n.Owner, User: user, BookID: n.ID})
	})
	if s.backend.duplicate(err) {
		b, err := s.book(ctx, n.Owner, n.ID) // the same request twice at once
		if errors.Is(err, ErrNotFound) {
			return Book{}, fmt.Errorf("book %q: %w", n.ID, ErrExists)
		}
		return b, err
	}
	if err != nil {
		return Book{}, fmt.Errorf("add book: %w", err)
	}
	return s.book(ctx, n.Owner, n.ID)
}

func (s *Store) insertBook(ctx context.Context, tx bun.Tx, userID, name, id string) error {
	now := s.nowMicro()
	if _, err := tx.NewInsert().Model(&bookRow{ID: id, Name: name, CreatedAt: now}).Exec(ctx); err != nil {
		return err
	}
	return s.insertMember(ctx, tx, id, userID, Owner)
}

// nameOf is an account's name. ErrNotFound: it was removed meanwhile.
func nameOf(ctx context.Context, db bun.IDB, userID string) (name string, err error) {
	err = db.NewSelect().Model((*userRow)(nil)).Column("name").Where("id = ?", userID).Scan(ctx, &name)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrNotFound
	}
	return name, err
}

// checkTitle refuses a book's name that nobody could read.
func checkTitle(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("the book's name is empty")
	case utf8.RuneCountInString(name) > 200:
		return errors.New("the book's name is longer than 200 characters")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return errors.New("the book's name has a character that can't be typed")
	}
	return nil
}

// roomForBook refuses a member the book that would be one too many. Two requests at once may both be let in: it is no account's quota.
func (s *Store) roomForBook(ctx context.Context, tx bun.Tx, userID string, limit int) error {
	if limit == 0 {
		return nil
	}
	n, err := tx.NewSelect().Model((*memberRow)(nil)).Where("user_id = ?", userID).Count(ctx)
	if err == nil && n >= int64(limit) {
		err = fmt.Errorf("%w: an account is a member of at most %d books", ErrLimit, limit)
	}
	return err
}

// Books returns the books that the account is a member of, its first one first.
func (s *Store) Books(ctx context.Context, userID string) ([]Book, error) {
	books, err := s.books(ctx, s.reads.NewSelect().TableExpr("members AS m").Join("JOIN books AS b ON b.id = m.book_id").
		ColumnExpr("b.id, b.name, m.role").Where("m.user_id = ?", userID).Order("m.created_at", "b.created_at", "b.id"))
	if err != nil {
		return nil, fmt.Errorf("read books: %w", err)
	}
	return books, nil
}

// AllBooks returns every book as the administrator sees it, by name.
func (s *Store) AllBooks(ctx context.Context) ([]Book, error) {
	books, err := s.books(ctx, s.reads.NewSelect().TableExpr("books AS b").ColumnExpr("b.id, b.name, ''").Order("b.name", "b.id"))
	if err != nil {
		return nil, fmt.Errorf("read books: %w", err)
	}
	return books, nil
}

// book is one book as a member sees it. ErrNotFound.
func (s *Store) book(ctx context.Context, userID, id string) (Book, error) {
	books, err := s.books(ctx, s.reads.NewSelect().TableExpr("members AS m").Join("JOIN books AS b ON b.id = m.book_id").
		ColumnExpr("b.id, b.name, m.role").Where("m.book_id = ?", id).Where("m.user_id = ?", userID))
	if err != nil {
		return Book{}, fmt.Errorf("read book: %w", err)
	}
	if len(books) == 0 {
		return Book{}, fmt.Errorf("book %q: %w", id, ErrNotFound)
	}
	return books[0], nil
}

// books reads what the query selects (id, name, role), and who the members are.
func (s *Store) books(ctx context.Context, q *bun.SelectQuery) ([]Book, error) {
	out := []Book{}
	err := each(ctx, q, func(scan func(...any) error) error {
		var b Book
		defer func() { out = append(out, b) }()
		return scan(&b.ID, &b.Name, &b.Role)
	})
	if err != nil {
		return nil, err
	}
	const some = 500 // in one statement
	for from := 0; from < len(out); from += some {
		if err := s.countMembers(ctx, out[from:min(from+some, len(out))]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Store) countMembers(ctx context.Context, books []Book) error {
	ids, at := make([]string, len(books)), map[string]*Book{}
	for i := range books {
		ids[i], at[books[i].ID] = books[i].ID, &books[i]
	}
	err := each(ctx, s.reads.NewSelect().Model((*memberRow)(nil)).ColumnExpr("book_id, COUNT(*)").Where("book_id IN (?)", bun.List(ids)).Group("book_id"), func(scan func(...any) error) error {
		var id string
		var n int
		if err := scan(&id, &n); err != nil {
			return err
		}
		at[id].Members = n
		return nil
	})
	if err != nil {
		return err
	}
	owners := s.reads.NewSelect().TableExpr("members AS m").Join("JOIN users AS u ON u.id = m.user_id").ColumnExpr("m.book_id, u.name").
		Where("m.book_id IN (?)", bun.List(ids)).Where("m.role = ?", Owner).Order("m.created_at", "m.user_id")
	return each(ctx, owners, func(scan func(...any) error) error {
		var id, name string
		if err := scan(&id, &name); err != nil {
			return err
		}
		if at[id].Owner == "" {
			at[id].Owner = name
		}
		return nil
	})
}

// each hands the rows of a query on, one by one.
func each(ctx context.Context, q *bun.SelectQuery, row func(scan func(...any) error) error) error {
	rows, err := q.Rows(ctx)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// RenameBook is an owner's. by: the account that does it; "" : the administrator. ErrNotFound, ErrForbidden.
func (s *Store) RenameBook(ctx context.Context, by, book, name string) error {
	if err := checkTitle(name); err != nil {
		return err
	}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		actor, err := s.lockAs(ctx, tx, by, book, Owner)
		if err != nil {
			return err
		}
		if _, err := tx.NewUpdate().Model((*bookRow)(nil)).Set("name = ?", name).Where("id = ?", book).Exec(ctx); err != nil {
			return err
		}
		return s.audit(ctx, tx, Event{Event: EventBookRenamed, UserID: by, User: actor, BookID: book})
	})
	if err != nil {
		return fmt.Errorf("rename book: %w", err)
	}
	return nil
}

// RemoveBook takes a book from all of its members, with all that is in it. It is an owner's. by "" : the administrator. ErrNotFound,
// ErrForbidden; ErrOwnBook: it is a member's first book.
func (s *Store) RemoveBook(ctx context.Context, by, book string) error {
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		actor, err := s.lockAs(ctx, tx, by, book, Owner)
		if err != nil {
			return err
		}
		var owners []string
		if err := tx.NewSelect().Model((*memberRow)(nil)).Column("user_id").Where("book_id = ?", book).Where("role = ?", Owner).Scan(ctx, &owners); err != nil {
			return err
		}
		for _, owner := range owners {
			if err := notFirst(ctx, tx, book, owner); err != nil {
				return err
			}
		}
		if _, err := tx.NewDelete().Model((*memberRow)(nil)).Where("book_id = ?", book).Exec(ctx); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, Event{Event: EventBookRemoved, UserID: by, User: actor, BookID: book}); err != nil {
			return err
		}
		return s.noteMembers(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("remove book: %w", err)
	}
	s.left(ctx, book)
	return s.purge(ctx, book)
}

// notFirst refuses what would take an account's first book away: every account has one.
func notFirst(ctx context.Context, tx bun.Tx, book, userID string) error {
	var first string
	err := tx.NewSelect().TableExpr("members AS m").Join("JOIN books AS b ON b.id = m.book_id").ColumnExpr("b.id").
		Where("m.user_id = ?", userID).Order("m.created_at", "b.created_at", "b.id").Limit(1).Scan(ctx, &first)
	if err == nil && first == book {
		err = ErrOwnBook
	}
	return err
}
