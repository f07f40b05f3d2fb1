package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"
)

// Roles of a member: an owner also says who the others are, a reader changes nothing.
const (
	Owner  = "owner"
	Writer = "writer"
	Reader = "reader"
)

// Member is one account's part in a book.
type Member struct {
	UserID, User, Role string
	Since              int64
}

// atLeast : a role, or a stronger one.
func atLeast(role, need string) bool {
	strength := []string{Reader, Writer, Owner}
	return slices.Index(strength, role) >= slices.Index(strength, need)
}

func checkRole(role string) error {
	if role != Owner && role != Writer && role != Reader {
		return fmt.Errorf("%q is no role; there are owner, writer and reader", role)
	}
	return nil
}

// Role returns what the account may do with the book. ErrNotFound: nothing, whether the book exists or not.
func (s *Store) Role(ctx context.Context, userID, book string) (string, error) {
	return roleOf(ctx, s.reads, userID, book)
}

func roleOf(ctx context.Context, db bun.IDB, userID, book string) (role string, err error) {
	err = db.NewSelect().Model((*memberRow)(nil)).Column("role").Where("book_id = ?", book).Where("user_id = ?", userID).Scan(ctx, &role)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("read role: %w", err)
	}
	return role, nil
}

// lockAs locks the book until the transaction ends and checks, under that lock, that the account has the role: whatever takes a role
// away locks the book too, so a right that is gone lets nothing more through. It returns the account's name. by "" : the
// administrator, who may. ErrNotFound: no such book, or no member of it. ErrForbidden.
func (s *Store) lockAs(ctx context.Context, tx bun.Tx, by, book, need string) (name string, err error) {
	if err := takeSeqs(ctx, tx, book, 0); err != nil || by == "" {
		return "", err
	}
	role, err := roleOf(ctx, tx, by, book)
	if err != nil {
		return "", err
	}
	if !atLeast(role, need) {
		return "", ErrForbidden
	}
	return nameOf(ctx, tx, by)
}

// insertMember makes an account a member. Its time is later than that of its other books and of the book's other members, so that
// its first book stays the first one, and the longest-standing owner that, even if the clock was set back.
func (s *Store) insertMember(ctx context.Context, tx bun.Tx, book, userID, role string) error {
	var newest sql.NullInt64
	if err := tx.NewSelect().Model((*memberRow)(nil)).ColumnExpr("MAX(created_at)").Where("user_id = ? OR book_id = ?", userID, book).Scan(ctx, &newest); err != nil {
		return err
	}
	_, err := tx.NewInsert().Model(&memberRow{BookID: book, UserID: userID, Role: role, CreatedAt: max(s.nowMicro(), newest.Int64+1)}).Exec(ctx)
	return err
}

// Members returns who shares the book, the longest-standing first.
func (s *Store) Members(ctx context.Context, book string) ([]Member, error) {
	q := s.reads.NewSelect().TableExpr("members AS m").Join("JOIN users AS u ON u.id = m.user_id").ColumnExpr("m.user_id, u.name, m.role, m.created_at").
		Where("m.book_id = ?", book).Order("m.created_at", "m.user_id")
	out := []Member{}
	err := each(ctx, q, func(scan func(...any) error) error {
		var m Member
		defer func() { out = append(out, m) }()
		return scan(&m.UserID, &m.User, &m.Role, &m.Since)
	})
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	return out, nil
}

// AddMember gives the account of that name a role in the book; it must not be a member yet. It is the administrator's: others
// invite. ErrNotFound, ErrExists.
func (s *Store) AddMember(ctx context.Context, book, userName, role string) error {
	if err := checkRole(role); err != nil {
		return err
	}
	u, err := s.User(ctx, userName)
	if err != nil {
		return err
	}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := takeSeqs(ctx, tx, book, 0); err != nil {
			return err
		}
		if gone, err := abandoned(ctx, tx, book); err != nil || gone {
			return errors.Join(err, ErrNotFound)
		}
		if err := s.insertMember(ctx, tx, book, u.ID, role); err != nil {
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

// SetRole gives a member another role. It is an owner's. by "" : the administrator. ErrNotFound, ErrForbidden; ErrLastOwner: the book
// would be without an owner; ErrOwnBook: it is the member's first book.
func (s *Store) SetRole(ctx context.Context, by, book, member, role string) error {
	if err := checkRole(role); err != nil {
		return err
	}
	err := s.changeMember(ctx, by, book, member, role)
	if err != nil {
		return fmt.Errorf("set role: %w", err)
	}
	return nil
}

// RemoveMember takes a member out of the book, at once, also where it waits in a long poll. It is an owner's; but everyone may leave.
// Errors: those of SetRole.
func (s *Store) RemoveMember(ctx context.Context, by, book, member string) error {
	if err := s.changeMember(ctx, by, book, member, ""); err != nil {
		return fmt.Errorf("remove member: %w", err)
	}
	return nil
}

// changeMember gives a member another role; "" : none.
func (s *Store) changeMember(ctx context.Context, by, book, member, role string) error {
	need := Owner
	if role == "" && by == member {
		need = Reader
	}
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := s.lockAs(ctx, tx, by, book, need); err != nil {
			return err
		}
		was, err := roleOf(ctx, tx, member, book)
		if err != nil || was == role {
			return err
		}
		if was == Owner {
			if err := s.endOwnership(ctx, tx, book, member); err != nil {
				return err
			}
		}
		if role == "" {
			_, err = tx.NewDelete().Model((*memberRow)(nil)).Where("book_id = ?", book).Where("user_id = ?", member).Exec(ctx)
		} else {
			_, err = tx.NewUpdate().Model((*memberRow)(nil)).Set("role = ?", role).Where("book_id = ?", book).Where("user_id = ?", member).Exec(ctx)
		}
		if err != nil {
			return err
		}
		if err := s.auditMember(ctx, tx, by, book, member, was, role); err != nil {
			return err
		}
		return s.noteMembers(ctx, tx)
	})
	if err == nil {
		s.left(ctx, book)
	}
	return err
}

// endOwnership refuses to leave a book without an owner, or an account without its first book. The invitations that the owner made
// end with its right to make them.
func (s *Store) endOwnership(ctx context.Context, tx bun.Tx, book, owner string) error {
	if err := notFirst(ctx, tx, book, owner); err != nil {
		return err
	}
	if err := otherOwner(ctx, tx, book, owner); err != nil {
		return err
	}
	_, err := tx.NewDelete().Model((*invitationRow)(nil)).Where("book_id = ?", book).Where("made_by = ?", owner).Where("used_by = ''").Exec(ctx)
	return err
}

// otherOwner : ErrLastOwner if the book has none.
func otherOwner(ctx context.Context, tx bun.Tx, book, owner string) error {
	n, err := tx.NewSelect().Model((*memberRow)(nil)).Where("book_id = ?", book).Where("role = ?", Owner).Where("user_id <> ?", owner).Count(ctx)
	if err == nil && n == 0 {
		err = ErrLastOwner
	}
	return err
}

// auditMember notes whose rights changed, and who did it when it was another member.
func (s *Store) auditMember(ctx context.Context, tx bun.Tx, by, book, member, was, role string) error {
	name, err := nameOf(ctx, tx, member)
	if err != nil {
		return err
	}
	e := Event{Event: EventRoleChanged, UserID: member, User: name, BookID: book, Detail: was + " to " + role}
	switch {
	case role != "":
	case by == member:
		e.Event, e.Detail = EventMemberLeft, was
	default:
		e.Event, e.Detail = EventMemberRemoved, was
	}
	if by != "" && by != member {
		actor, err := nameOf(ctx, tx, by)
		if err != nil {
			return err
		}
		e.Detail += ", by " + actor
	}
	return s.audit(ctx, tx, e)
}

// leaveAll takes an account that is removed out of all its books, and returns those that it was the last member of. ErrLastOwner:
// others share a book that would have no owner.
func (s *Store) leaveAll(ctx context.Context, tx bun.Tx, userID string) (empty []string, err error) {
	var books []string
	if err := tx.NewSelect().Model((*memberRow)(nil)).Column("book_id").Where("user_id = ?", userID).Order("book_id").Scan(ctx, &books); err != nil {
		return nil, err
	}
	for _, book := range books {
		if err := takeSeqs(ctx, tx, book, 0); err != nil {
			return nil, err
		}
		if _, err := tx.NewDelete().Model((*memberRow)(nil)).Where("book_id = ?", book).Where("user_id = ?", userID).Exec(ctx); err != nil {
			return nil, err
		}
		gone, err := abandoned(ctx, tx, book)
		if err == nil && !gone {
			err = otherOwner(ctx, tx, book, userID)
		}
		if err != nil {
			return nil, fmt.Errorf("book %s: %w", book, err)
		}
		if gone {
			empty = append(empty, book)
		}
	}
	_, err = tx.NewDelete().Model((*invitationRow)(nil)).Where("made_by = ?", userID).Exec(ctx)
	return empty, err
}
