package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

type invitationRow struct {
	bun.BaseModel `bun:"table:invitations"`
	ID            string `bun:"id,pk"`
	BookID        string `bun:"book_id"`
	CodeHash      string `bun:"code_hash"` // the code is nowhere
	Role          string `bun:"role"`
	MadeBy        string `bun:"made_by"` // an account; the invitation works while that owns the book
	CreatedAt     int64  `bun:"created_at"`
	ExpiresAt     int64  `bun:"expires_at"`
	UsedBy        string `bun:"used_by"` // an account; "" : open
}

// Invitation is an open invitation to a book.
type Invitation struct {
	ID, Role, By  string // By: the name of who made it
	Made, Expires int64
}

// NewInvitation says what Invite makes.
type NewInvitation struct {
	Book, By, Role string // By: the owner's id
	Code           string // at least 128 random bits
	For            time.Duration
	Limit          int // most open invitations to the book; 0: no limit
}

// Invite makes an invitation. It is an owner's. ErrNotFound, ErrForbidden, ErrLimit.
func (s *Store) Invite(ctx context.Context, n NewInvitation) (Invitation, error) {
	if err := checkRole(n.Role); err != nil {
		return Invitation{}, err
	}
	now := s.nowMicro()
	row := invitationRow{
		ID: newID(), BookID: n.Book, CodeHash: hashToken(n.Code), Role: n.Role, MadeBy: n.By, CreatedAt: now, ExpiresAt: now + n.For.Microseconds(),
	}
	var name string
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		if name, err = s.lockAs(ctx, tx, n.By, n.Book, Owner); err != nil {
			return err
		}
		open, err := tx.NewSelect().Model((*invitationRow)(nil)).Where("book_id = ?", n.Book).Where("used_by = ''").Where("expires_at > ?", now).Count(ctx)
		if err != nil {
			return err
		}
		if n.Limit > 0 && open >= int64(n.Limit) {
			return fmt.Errorf("%w: a book has at most %d open invitations; withdraw some", ErrLimit, n.Limit)
		}
		if _, err := tx.NewInsert().Model(&row).Exec(ctx); err != nil {
			return err
		}
		return s.audit(ctx, tx, Event{Event: EventInvitationMade, UserID: n.By, User: name, BookID: n.Book, Detail: row.ID + " " + n.Role})
	})
	if err != nil {
		return Invitation{}, fmt.Errorf("invite: %w", err)
	}
	return Invitation{row.ID, row.Role, name, row.CreatedAt, row.ExpiresAt}, nil
}

// Invitations returns the open ones of a book, the oldest first.
func (s *Store) Invitations(ctx context.Context, book string) ([]Invitation, error) {
	q := s.reads.NewSelect().TableExpr("invitations AS i").Join("JOIN users AS u ON u.id = i.made_by").
		ColumnExpr("i.id, i.role, u.name, i.created_at, i.expires_at").Where("i.book_id = ?", book).Where("i.used_by = ''").
		Where("i.expires_at > ?", s.nowMicro()).Order("i.created_at", "i.id")
	out := []Invitation{}
	err := each(ctx, q, func(scan func(...any) error) error {
		var in Invitation
		defer func() { out = append(out, in) }()
		return scan(&in.ID, &in.Role, &in.By, &in.Made, &in.Expires)
	})
	if err != nil {
		return nil, fmt.Errorf("read invitations: %w", err)
	}
	return out, nil
}

// Withdraw ends an open invitation. It is an owner's. ErrNotFound, ErrForbidden.
func (s *Store) Withdraw(ctx context.Context, by, book, id string) error {
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		name, err := s.lockAs(ctx, tx, by, book, Owner)
		if err != nil {
			return err
		}
		r, err := tx.NewDelete().Model((*invitationRow)(nil)).Where("id = ?", id).Where("book_id = ?", book).Where("used_by = ''").Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, ErrNotFound)
		}
		return s.audit(ctx, tx, Event{Event: EventInvitationWithdrawn, UserID: by, User: name, BookID: book, Detail: id})
	})
	if err != nil {
		return fmt.Errorf("withdraw invitation: %w", err)
	}
	return nil
}

// Offer is what an invitation would give.
type Offer struct {
	Book    Book // its id and name
	Role    string
	By      string
	Expires int64

	id, usedBy string
}

// LookAt returns what a code would give the account. ErrInvitation: nothing (any more).
func (s *Store) LookAt(ctx context.Context, userID, code string) (Offer, error) {
	o, err := s.offer(ctx, s.reads, code)
	if err == nil && o.usedBy != "" && o.usedBy != userID {
		err = ErrInvitation
	}
	if err != nil {
		return Offer{}, fmt.Errorf("look at invitation: %w", err)
	}
	return o, nil
}

// offer finds what a code stands for, by its hash: so the time that it takes says nothing about the codes that there are.
func (s *Store) offer(ctx context.Context, db bun.IDB, code string) (Offer, error) {
	var o Offer
	var madeBy string
	err := db.NewSelect().TableExpr("invitations AS i").Join("JOIN users AS u ON u.id = i.made_by").
		ColumnExpr("i.id, i.book_id, i.role, i.made_by, u.name, i.expires_at, i.used_by").
		Where("i.code_hash = ?", hashToken(code)).Where("i.expires_at > ?", s.nowMicro()).
		Scan(ctx, &o.id, &o.Book.ID, &o.Role, &madeBy, &o.By, &o.Expires, &o.usedBy)
	if errors.Is(err, sql.ErrNoRows) {
		return o, ErrInvitation
	}
	if err != nil {
		return o, err
	}
	err = db.NewSelect().Model((*bookRow)(nil)).Column("name").Where("id = ?", o.Book.ID).Scan(ctx, &o.Book.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return o, ErrInvitation
	}
	if err != nil {
		return o, err
	}
	// Nobody can make anyone a member who could not do so now.
	if role, err := roleOf(ctx, db, madeBy, o.Book.ID); err != nil || role != Owner {
		if err == nil || errors.Is(err, ErrNotFound) {
			err = ErrInvitation
		}
		return o, err
	}
	return o, nil
}

// Acceptance is who accepts what.
type Acceptance struct {
	User, Code     string // User: the account's id
	Members, Books int    // most members of the book, most books of the account; 0: no limit
}

// Accept makes the account a member, or gives it the invitation's stronger role, and uses the invitation up. Whoever has used it
// may repeat that; a member whose role is as strong keeps it, and the invitation stays open. ErrInvitation, ErrLimit.
func (s *Store) Accept(ctx context.Context, a Acceptance) (Book, error) {
	found, err := s.offer(ctx, s.reads, a.Code)
	if err != nil {
		return Book{}, fmt.Errorf("accept invitation: %w", err)
	}
	err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		if err := takeSeqs(ctx, tx, found.Book.ID, 0); err != nil {
			return err
		}
		o, err := s.offer(ctx, tx, a.Code) // as it is under the book's lock
		if err != nil {
			return err
		}
		has, err := roleOf(ctx, tx, a.User, o.Book.ID)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		switch {
		case o.usedBy != "":
			if o.usedBy != a.User || has == "" {
				return ErrInvitation
			}
			return nil
		case has != "" && atLeast(has, o.Role):
			return nil
		}
		return s.take(ctx, tx, a, o, has)
	})
	if errors.Is(err, ErrNotFound) {
		err = ErrInvitation // the book was removed, or the account, meanwhile
	}
	if err != nil {
		return Book{}, fmt.Errorf("accept invitation: %w", err)
	}
	return s.book(ctx, a.User, found.Book.ID)
}

// take uses an open invitation up. The caller holds the book's lock.
func (s *Store) take(ctx context.Context, tx bun.Tx, a Acceptance, o Offer, has string) error {
	name, err := nameOf(ctx, tx, a.User)
	if err != nil {
		return err
	}
	r, err := tx.NewUpdate().Model((*invitationRow)(nil)).Set("used_by = ?", a.User).Where("id = ?", o.id).Where("used_by = ''").Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, ErrInvitation)
	}
	e := Event{Event: EventInvitationAccepted, UserID: a.User, User: name, BookID: o.Book.ID, Detail: o.id + " " + o.Role + ", invited by " + o.By}
	if has != "" {
		_, err = tx.NewUpdate().Model((*memberRow)(nil)).Set("role = ?", o.Role).Where("book_id = ?", o.Book.ID).Where("user_id = ?", a.User).Exec(ctx)
	} else {
		err = s.join(ctx, tx, a, o)
	}
	if err != nil {
		return err
	}
	return s.audit(ctx, tx, e)
}

func (s *Store) join(ctx context.Context, tx bun.Tx, a Acceptance, o Offer) error {
	n, err := tx.NewSelect().Model((*memberRow)(nil)).Where("book_id = ?", o.Book.ID).Count(ctx)
	if err != nil {
		return err
	}
	if a.Members > 0 && n >= int64(a.Members) {
		return fmt.Errorf("%w: a book has at most %d members", ErrLimit, a.Members)
	}
	if err := s.roomForBook(ctx, tx, a.User, a.Books); err != nil {
		return err
	}
	return s.insertMember(ctx, tx, o.Book.ID, a.User, o.Role)
}

// usedInvitationAge is how long a used or expired invitation is kept: whoever lost the answer may ask again.
const usedInvitationAge = 24 * time.Hour

// forgetInvitations removes those that can't be used any more.
func (s *Store) forgetInvitations(ctx context.Context) error {
	_, err := s.db.NewDelete().Model((*invitationRow)(nil)).Where("expires_at < ?", s.now().Add(-usedInvitationAge).UnixMicro()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("remove old invitations: %w", err)
	}
	return nil
}
