package rest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"kith/api"
	"kith/syncer"
)

// ofSharing are the refusals (409) that only requests about books and members get, by their codes.
var ofSharing = map[string]error{
	api.CodeLastOwner:    syncer.ErrLastOwner,
	api.CodeOwnBook:      syncer.ErrOwnBook,
	api.CodeLimitReached: syncer.ErrLimit,
	api.CodeExists:       syncer.ErrBookExists,
}

// me stands for the caller's own id in the address of a member.
const me = "me"

// at is the address of a book, and of what is below it.
func at(book string, below ...string) string {
	path := "/v1/books/" + url.PathEscape(book)
	for _, p := range below {
		path += "/" + url.PathEscape(p)
	}
	return path
}

func (r *remote) AddBook(ctx context.Context, id, name string) (syncer.Book, error) {
	var out api.Book
	if _, err := r.do(ctx, call{method: http.MethodPost, path: "/v1/books", in: api.BookRequest{ID: id, Name: name}, out: &out}); err != nil {
		return syncer.Book{}, err
	}
	if out.ID != id {
		return syncer.Book{}, fmt.Errorf("%w: it chose another id for the book", syncer.ErrRefused)
	}
	return syncer.Book(out), nil
}

func (r *remote) RenameBook(ctx context.Context, book, name string) error {
	_, err := r.do(ctx, call{method: http.MethodPatch, path: at(book), in: api.BookChange{Name: name}})
	return err
}

func (r *remote) RemoveBook(ctx context.Context, book string) error {
	_, err := r.do(ctx, call{method: http.MethodDelete, path: at(book)})
	return err
}

func (r *remote) Members(ctx context.Context, book string) ([]syncer.Member, error) {
	var out api.Members
	if _, err := r.do(ctx, call{method: http.MethodGet, path: at(book, "members"), out: &out}); err != nil {
		return nil, err
	}
	members := make([]syncer.Member, len(out.Members))
	for i, m := range out.Members {
		members[i] = syncer.Member{ID: m.ID, User: m.User, Role: m.Role, Since: time.UnixMicro(m.Since), You: m.You}
	}
	return members, nil
}

func (r *remote) SetRole(ctx context.Context, book, member, role string) error {
	_, err := r.do(ctx, call{method: http.MethodPut, path: at(book, "members", member), in: api.RoleRequest{Role: role}})
	return err
}

func (r *remote) RemoveMember(ctx context.Context, book, member string) error {
	_, err := r.do(ctx, call{method: http.MethodDelete, path: at(book, "members", member)})
	return err
}

func (r *remote) Leave(ctx context.Context, book string) error { return r.RemoveMember(ctx, book, me) }

func (r *remote) Invite(ctx context.Context, book, role string, days int) (syncer.Invitation, error) {
	var out api.Invitation
	_, err := r.do(ctx, call{method: http.MethodPost, path: at(book, "invitations"), in: api.InvitationRequest{Role: role, Days: days}, out: &out})
	if err != nil {
		return syncer.Invitation{}, err
	}
	if out.Code == "" {
		return syncer.Invitation{}, notOurs(fmt.Errorf("an invitation without a code"))
	}
	i := invitation(out)
	i.Link = syncer.Link(r.base, out.Code) // the server may not know by which address its users reach it
	return i, nil
}

func invitation(i api.Invitation) syncer.Invitation {
	return syncer.Invitation{ID: i.ID, Role: i.Role, By: i.By, Made: time.UnixMicro(i.Made), Expires: time.UnixMicro(i.Expires)}
}

func (r *remote) Invitations(ctx context.Context, book string) ([]syncer.Invitation, error) {
	var out api.Invitations
	if _, err := r.do(ctx, call{method: http.MethodGet, path: at(book, "invitations"), out: &out}); err != nil {
		return nil, err
	}
	open := make([]syncer.Invitation, len(out.Invitations))
	for i, in := range out.Invitations {
		open[i] = invitation(in)
	}
	return open, nil
}

func (r *remote) Withdraw(ctx context.Context, book, id string) error {
	_, err := r.do(ctx, call{method: http.MethodDelete, path: at(book, "invitations", id)})
	return err
}

func (r *remote) LookAt(ctx context.Context, code string) (syncer.Offer, error) {
	var out api.Offer
	if _, err := r.do(ctx, call{method: http.MethodPost, path: "/v1/invitations/look", in: api.CodeRequest{Code: code}, out: &out, code: true}); err != nil {
		return syncer.Offer{}, err
	}
	return syncer.Offer{Book: out.Book, Role: out.Role, By: out.By, Expires: time.UnixMicro(out.Expires)}, nil
}

func (r *remote) Accept(ctx context.Context, code string) (syncer.Book, error) {
	var out api.Book
	if _, err := r.do(ctx, call{method: http.MethodPost, path: "/v1/invitations/accept", in: api.CodeRequest{Code: code}, out: &out, code: true}); err != nil {
		return syncer.Book{}, err
	}
	return syncer.Book(out), nil
}
