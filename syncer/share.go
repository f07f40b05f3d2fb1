package syncer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"kith/data"
)

// OtherServerError is an invitation to a book at another server than the one that this profile is signed in at.
type OtherServerError struct{ Server, Mine string }

func (e *OtherServerError) Error() string {
	return fmt.Sprintf("this invitation is from %s, and this profile is signed in at %s: sign in there, with a profile of its own, to accept it", e.Server, e.Mine)
}

// ErrUnsent is a book with edits that the server does not have.
var ErrUnsent = errors.New("the book has changes that are not at the server yet: sync first")

// The methods below are about books and who is in them. All but RenameBook need the network (ErrOffline, with nothing changed) and a
// sign-in (data.ErrNotSignedIn); books are named by their local ids (data.ErrNoBook). Further errors are a Sharer's.

// Members lists who shares a book.
func (e *Engine) Members(ctx context.Context, book string) ([]Member, error) {
	var members []Member
	err := e.withBook(ctx, book, func(r Remote, b data.Book) (err error) {
		members, err = r.Members(ctx, b.Remote)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the members: %w", err)
	}
	return members, nil
}

// SetRole changes the role of a member, given by its id.
func (e *Engine) SetRole(ctx context.Context, book, member, role string) error {
	err := e.withBook(ctx, book, func(r Remote, b data.Book) error { return r.SetRole(ctx, b.Remote, member, role) })
	if err != nil {
		return fmt.Errorf("set the role: %w", err)
	}
	e.SyncNow()
	return nil
}

// RemoveMember ends a member's access at once.
func (e *Engine) RemoveMember(ctx context.Context, book, member string) error {
	err := e.withBook(ctx, book, func(r Remote, b data.Book) error { return r.RemoveMember(ctx, b.Remote, member) })
	if err != nil {
		return fmt.Errorf("remove the member: %w", err)
	}
	e.SyncNow()
	return nil
}

// Invite makes a link that works once; days 0: the server's default.
func (e *Engine) Invite(ctx context.Context, book, role string, days int) (Invitation, error) {
	var made Invitation
	err := e.withBook(ctx, book, func(r Remote, b data.Book) (err error) {
		made, err = r.Invite(ctx, b.Remote, role, days)
		return err
	})
	if err != nil {
		return Invitation{}, fmt.Errorf("invite: %w", err)
	}
	return made, nil
}

// Invitations lists those that are open.
func (e *Engine) Invitations(ctx context.Context, book string) ([]Invitation, error) {
	var open []Invitation
	err := e.withBook(ctx, book, func(r Remote, b data.Book) (err error) {
		open, err = r.Invitations(ctx, b.Remote)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the invitations: %w", err)
	}
	return open, nil
}

// Withdraw ends an open invitation.
func (e *Engine) Withdraw(ctx context.Context, book, invitation string) error {
	err := e.withBook(ctx, book, func(r Remote, b data.Book) error { return r.Withdraw(ctx, b.Remote, invitation) })
	if err != nil {
		return fmt.Errorf("withdraw the invitation: %w", err)
	}
	return nil
}

// LookAt says what an invitation link would give. ErrLink, *OtherServerError.
func (e *Engine) LookAt(ctx context.Context, link string) (Offer, error) {
	s, code, err := e.invited(ctx, link)
	if err != nil {
		return Offer{}, fmt.Errorf("look at the invitation: %w", err)
	}
	offer, err := s.remote.LookAt(ctx, code)
	if err != nil {
		return Offer{}, fmt.Errorf("look at the invitation: %w", err)
	}
	return offer, nil
}

// Join accepts an invitation, and returns the book that it has brought; its contacts come with the next pass. ErrLink, *OtherServerError.
func (e *Engine) Join(ctx context.Context, link string) (data.Book, error) {
	s, code, err := e.invited(ctx, link)
	if err != nil {
		return data.Book{}, fmt.Errorf("join: %w", err)
	}
	joined, err := s.remote.Accept(ctx, code)
	if err != nil {
		return data.Book{}, fmt.Errorf("join: %w", err)
	}
	book, err := e.takeIn(ctx, s, joined)
	if err != nil {
		return data.Book{}, fmt.Errorf("join: %w", err)
	}
	e.SyncNow()
	return book, nil
}

// takeIn adds a book that the account has got just now.
func (e *Engine) takeIn(ctx context.Context, s *session, joined Book) (data.Book, error) {
	var book data.Book
	err := e.locked(ctx, func() error {
		now, err := e.store.Account(ctx)
		if err == nil && now != s.account {
			err = errAccountChanged
		}
		if err == nil {
			err = e.linkFirst(ctx, s) // it may be the account's own first book
		}
		if err != nil {
			return err
		}
		book, err = e.store.MeetBook(ctx, data.RemoteBook(joined))
		return err
	})
	return book, err
}

// linkFirst links the first book of a profile that was never synced. The caller holds the lock.
func (e *Engine) linkFirst(ctx context.Context, s *session) error {
	first, err := e.store.Book(ctx, data.DefaultBook)
	if err != nil || first.Remote != "" {
		return err
	}
	r := &round{store: e.store, session: s}
	if err := r.list(ctx); err != nil {
		return err
	}
	return r.linkFirst(ctx, first)
}

// Leave ends the account's own part in a book. Its contacts leave this device, but for what the server did not have.
func (e *Engine) Leave(ctx context.Context, book string) error {
	err := e.withBook(ctx, book, func(r Remote, b data.Book) error {
		return e.locked(ctx, func() error { // so that no pass takes it for a book that was lost
			err := r.Leave(ctx, b.Remote)
			if err != nil && !errors.Is(err, ErrNotFound) { // then it is over already
				return err
			}
			return gone(e.store.LeaveBook(ctx, b.ID))
		})
	})
	if err != nil {
		return fmt.Errorf("leave the book: %w", err)
	}
	return nil
}

// RemoveBook removes one of the account's own books for all its members; here its contacts go to the trash. One that was made offline,
// and that the server has not got yet, needs no network.
func (e *Engine) RemoveBook(ctx context.Context, book string) error {
	err := e.removeBook(ctx, book)
	if err != nil {
		return fmt.Errorf("remove the book: %w", err)
	}
	return nil
}

func (e *Engine) removeBook(ctx context.Context, book string) error {
	return e.locked(ctx, func() error { // so that no pass makes it at the server meanwhile
		b, err := e.store.Book(ctx, book)
		switch {
		case err != nil:
			return err
		case b.First():
			return data.ErrFirstBook
		case !b.Mine():
			return data.ErrNotOwner
		case b.Remote != "":
			s, err := e.open(ctx)
			if err != nil {
				return err
			}
			if err := s.remote.RemoveBook(ctx, b.Remote); err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
		}
		return gone(e.store.RemoveBook(ctx, book))
	})
}

// gone makes nothing of a book that is gone already.
func gone(err error) error {
	if errors.Is(err, data.ErrNoBook) {
		return nil
	}
	return err
}

// withBook calls fn with the account's remote and a book that is there. A book that was made here just now is brought there first.
func (e *Engine) withBook(ctx context.Context, book string, fn func(Remote, data.Book) error) error {
	b, err := e.store.Book(ctx, book)
	if err == nil && b.Remote == "" {
		if _, err := e.Sync(ctx); err != nil && !errors.As(err, new(*BooksError)) {
			return err
		}
		if b, err = e.store.Book(ctx, book); err == nil && b.Remote == "" {
			err = ErrUnsent
		}
	}
	if err != nil {
		return err
	}
	s, err := e.open(ctx)
	if err != nil {
		return err
	}
	return fn(s.remote, b)
}

// invited takes a link apart, for the account's server.
func (e *Engine) invited(ctx context.Context, link string) (*session, string, error) {
	server, code, err := ParseLink(link)
	if err != nil {
		return nil, "", err
	}
	s, err := e.open(ctx)
	if err != nil {
		return nil, "", err
	}
	if !sameServer(server, s.account.Server) {
		return nil, "", &OtherServerError{Server: server, Mine: s.account.Server}
	}
	return s, code, nil
}

// sameServer compares two addresses of servers, but for what is written in more than one way.
func sameServer(a, b string) bool {
	plain := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			return address
		}
		port := u.Port()
		if port == "" {
			port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
		}
		return strings.ToLower(u.Scheme+"://"+u.Hostname()) + ":" + port + strings.TrimRight(u.Path, "/")
	}
	return plain(a) == plain(b)
}

// locked runs fn while no pass of any process runs; it waits for the one under way.
func (e *Engine) locked(ctx context.Context, fn func() error) error {
	unlock, err := e.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return fn()
}
