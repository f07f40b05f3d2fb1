package memremote

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"kith/syncer"
)

// shared is what a book is besides its contacts.
type shared struct {
	name        string
	members     []member // the longest-standing first
	invitations []invitation
}

type member struct {
	user, role string
	since      time.Time
	serial     int64
}

type invitation struct {
	id, code, role, by string
	made, expires      time.Time
	usedBy             string // "" : open
}

// The limits of this server; a real one's are larger.
const (
	mostBooks       = 20
	mostMembers     = 20
	mostInvitations = 20
)

func (s shared) clone() shared {
	s.members, s.invitations = slices.Clone(s.members), slices.Clone(s.invitations)
	return s
}

// accountID is what stands for an account in the addresses of members.
func accountID(user string) string { return "account-" + user }

// member returns a member by the account's name; -1: it is none.
func (b *book) member(user string) int {
	return slices.IndexFunc(b.shared.members, func(m member) bool { return m.user == user })
}

// bookOf returns a book that the device's account is a member of, and its role. The caller holds the lock.
func (s *Server) bookOf(d device, id string) (*book, string, error) {
	b := s.books[id]
	if b == nil || b.member(d.user) < 0 {
		return nil, "", syncer.ErrNotFound
	}
	return b, b.shared.members[b.member(d.user)].role, nil
}

// bookAs is bookOf for what needs a role, or a stronger one.
func (s *Server) bookAs(d device, id, role string) (*book, error) {
	b, has, err := s.bookOf(d, id)
	if err == nil && strength(has) < strength(role) {
		return nil, syncer.ErrForbidden
	}
	return b, err
}

func strength(role string) int {
	return slices.Index([]string{syncer.Reader, syncer.Writer, syncer.Owner}, role)
}

func (b *book) view(user string) syncer.Book {
	v := syncer.Book{ID: b.id, Name: b.shared.name, Role: b.shared.members[b.member(user)].role, Members: len(b.shared.members)}
	if i := slices.IndexFunc(b.shared.members, func(m member) bool { return m.role == syncer.Owner }); i >= 0 {
		v.Owner = b.shared.members[i].user
	}
	return v
}

// booksOf lists an account's books in the order in which it became a member of them.
func (s *Server) booksOf(user string) []syncer.Book {
	var mine []*book
	for _, b := range s.books {
		if b.member(user) >= 0 {
			mine = append(mine, b)
		}
	}
	slices.SortFunc(mine, func(a, b *book) int {
		return cmp.Compare(a.shared.members[a.member(user)].serial, b.shared.members[b.member(user)].serial)
	})
	views := make([]syncer.Book, len(mine))
	for i, b := range mine {
		views[i] = b.view(user)
	}
	return views
}

// ask is call for what answers with one value, which a request that arrives late must not write where it is read.
func ask[T any](ctx context.Context, r *remote, req Request, do func(device) (T, error)) (T, error) {
	var out, none T
	err := r.call(ctx, req, func(d device) (err error) {
		out, err = do(d)
		return err
	})
	if err != nil {
		return none, err
	}
	return out, nil
}

func (r *remote) AddBook(ctx context.Context, id, name string) (syncer.Book, error) {
	return ask(ctx, r, Request{Op: "add-book", Book: id}, func(d device) (syncer.Book, error) {
		b := r.s.books[id]
		switch {
		case b == nil && len(r.s.booksOf(d.user)) >= mostBooks:
			return syncer.Book{}, syncer.ErrLimit
		case b == nil:
			b = r.s.addBook(id, name, d.user)
		case b.member(d.user) < 0:
			return syncer.Book{}, syncer.ErrBookExists
		}
		return b.view(d.user), nil
	})
}

func (r *remote) RenameBook(ctx context.Context, id, name string) error {
	return r.call(ctx, Request{Op: "rename-book", Book: id}, func(d device) error {
		b, err := r.s.bookAs(d, id, syncer.Owner)
		if err == nil {
			b.shared.name = name
		}
		return err
	})
}

func (r *remote) RemoveBook(ctx context.Context, id string) error {
	return r.call(ctx, Request{Op: "remove-book", Book: id}, func(d device) error {
		b, err := r.s.bookAs(d, id, syncer.Owner)
		if err != nil {
			return err
		}
		for _, a := range r.s.accounts {
			if a.home == id {
				return syncer.ErrOwnBook
			}
		}
		delete(r.s.books, id)
		b.wake()
		return nil
	})
}

func (r *remote) Members(ctx context.Context, id string) ([]syncer.Member, error) {
	return ask(ctx, r, Request{Op: "members", Book: id}, func(d device) ([]syncer.Member, error) {
		b, _, err := r.s.bookOf(d, id)
		if err != nil {
			return nil, err
		}
		var all []syncer.Member
		for _, m := range b.shared.members {
			all = append(all, syncer.Member{ID: accountID(m.user), User: m.user, Role: m.role, Since: m.since, You: m.user == d.user})
		}
		return all, nil
	})
}

func (r *remote) SetRole(ctx context.Context, id, who, role string) error {
	return r.call(ctx, Request{Op: "set-role", Book: id}, func(d device) error {
		b, err := r.s.bookAs(d, id, syncer.Owner)
		switch {
		case err != nil:
			return err
		case strength(role) < 0:
			return syncer.ErrRefused
		}
		return r.s.change(b, who, role)
	})
}

func (r *remote) RemoveMember(ctx context.Context, id, who string) error {
	return r.call(ctx, Request{Op: "remove-member", Book: id}, func(d device) error {
		need := syncer.Owner
		if who == accountID(d.user) {
			need = syncer.Reader
		}
		b, err := r.s.bookAs(d, id, need)
		if err != nil {
			return err
		}
		return r.s.change(b, who, "")
	})
}

func (r *remote) Leave(ctx context.Context, id string) error {
	return r.call(ctx, Request{Op: "leave", Book: id}, func(d device) error {
		b, _, err := r.s.bookOf(d, id)
		if err != nil {
			return err
		}
		return r.s.change(b, accountID(d.user), "")
	})
}

// change gives a member another role, or none. The caller holds the lock.
func (s *Server) change(b *book, who, role string) error {
	i := slices.IndexFunc(b.shared.members, func(m member) bool { return accountID(m.user) == who })
	if i < 0 {
		return syncer.ErrNotFound
	}
	m := &b.shared.members[i]
	if m.role == role {
		return nil
	}
	if m.role == syncer.Owner {
		if s.accounts[m.user].home == b.id {
			return syncer.ErrOwnBook
		}
		if !slices.ContainsFunc(b.shared.members, func(o member) bool { return o.role == syncer.Owner && o.user != m.user }) {
			return syncer.ErrLastOwner
		}
		// The invitations of who was an owner end with that.
		b.shared.invitations = slices.DeleteFunc(b.shared.invitations, func(in invitation) bool { return in.by == m.user && in.usedBy == "" })
	}
	if role == "" {
		b.shared.members = slices.Delete(b.shared.members, i, i+1)
	} else {
		m.role = role
	}
	b.wake()
	return nil
}

func (r *remote) Invite(ctx context.Context, id, role string, days int) (syncer.Invitation, error) {
	return ask(ctx, r, Request{Op: "invite", Book: id}, func(d device) (syncer.Invitation, error) {
		b, err := r.s.bookAs(d, id, syncer.Owner)
		switch {
		case err != nil:
			return syncer.Invitation{}, err
		case strength(role) < 0 || days < 0 || days > 90:
			return syncer.Invitation{}, syncer.ErrRefused
		case len(b.open(r.s.now())) >= mostInvitations:
			return syncer.Invitation{}, syncer.ErrLimit
		case days == 0:
			days = 7
		}
		now := r.s.now()
		in := invitation{
			id: fmt.Sprintf("invitation-%d", r.s.next()), code: rand.Text(), role: role, by: d.user, made: now, expires: now.AddDate(0, 0, days),
		}
		b.shared.invitations = append(b.shared.invitations, in)
		v := in.view()
		v.Link = syncer.Link(r.server, in.code)
		return v, nil
	})
}

func (in invitation) view() syncer.Invitation {
	return syncer.Invitation{ID: in.id, Role: in.role, By: in.by, Made: in.made, Expires: in.expires}
}

// open are the invitations that still work.
func (b *book) open(now time.Time) []syncer.Invitation {
	var all []syncer.Invitation
	for _, in := range b.shared.invitations {
		if in.usedBy == "" && now.Before(in.expires) {
			all = append(all, in.view())
		}
	}
	return all
}

func (r *remote) Invitations(ctx context.Context, id string) ([]syncer.Invitation, error) {
	return ask(ctx, r, Request{Op: "invitations", Book: id}, func(d device) ([]syncer.Invitation, error) {
		b, err := r.s.bookAs(d, id, syncer.Owner)
		if err != nil {
			return nil, err
		}
		return b.open(r.s.now()), nil
	})
}

func (r *remote) Withdraw(ctx context.Context, id, in string) error {
	return r.call(ctx, Request{Op: "withdraw", Book: id}, func(d device) error {
		b, err := r.s.bookAs(d, id, syncer.Owner)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(b.shared.invitations, func(i invitation) bool { return i.id == in && i.usedBy == "" })
		if i < 0 {
			return syncer.ErrNotFound
		}
		b.shared.invitations = slices.Delete(b.shared.invitations, i, i+1)
		return nil
	})
}

// invitation finds the book and the invitation of a code. The caller holds the lock.
func (s *Server) invitation(code string) (*book, *invitation, error) {
	for _, b := range s.books {
		for i := range b.shared.invitations {
			if in := &b.shared.invitations[i]; in.code == code && s.now().Before(in.expires) {
				return b, in, nil
			}
		}
	}
	return nil, nil, syncer.ErrInvitation
}

func (r *remote) LookAt(ctx context.Context, code string) (syncer.Offer, error) {
	return ask(ctx, r, Request{Op: "look"}, func(d device) (syncer.Offer, error) {
		b, in, err := r.s.invitation(code)
		if err != nil || in.usedBy != "" && in.usedBy != d.user {
			return syncer.Offer{}, syncer.ErrInvitation
		}
		return syncer.Offer{Book: b.shared.name, Role: in.role, By: in.by, Expires: in.expires}, nil
	})
}

func (r *remote) Accept(ctx context.Context, code string) (syncer.Book, error) {
	return ask(ctx, r, Request{Op: "accept"}, func(d device) (syncer.Book, error) {
		b, in, err := r.s.invitation(code)
		if err != nil {
			return syncer.Book{}, err
		}
		i := b.member(d.user)
		switch {
		case in.usedBy != "" && (in.usedBy != d.user || i < 0):
			return syncer.Book{}, syncer.ErrInvitation
		case in.usedBy != "", i >= 0 && strength(b.shared.members[i].role) >= strength(in.role):
			return b.view(d.user), nil
		case i >= 0:
			b.shared.members[i].role = in.role
		case len(b.shared.members) >= mostMembers, len(r.s.booksOf(d.user)) >= mostBooks:
			return syncer.Book{}, syncer.ErrLimit
		default:
			b.shared.members = append(b.shared.members, member{d.user, in.role, r.s.now(), r.s.next()})
		}
		in.usedBy = d.user
		return b.view(d.user), nil
	})
}
