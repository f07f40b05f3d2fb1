package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"kith/api"
	"kith/server/store"
)

// me stands for the caller's own id in the address of a member.
const me = "me"

// memberID is the account that the address of a member means.
func memberID(ctx context.Context, id string) string {
	if id == me {
		return callerOf(ctx).UserID
	}
	return id
}

func (s *Server) registerMembers(h huma.API) {
	type book struct {
		Book string `path:"book" maxLength:"64"`
	}
	type list struct{ Body api.Members }
	huma.Register(h, huma.Operation{
		OperationID: "list-members", Method: http.MethodGet, Path: "/v1/books/{book}/members", Security: signedIn,
		Summary: "Who shares the book, the longest-standing first", Errors: []int{401, 404},
	}, func(ctx context.Context, in *book) (*list, error) {
		if err := s.mayRead(ctx, in.Book); err != nil {
			return nil, s.fail(ctx, err)
		}
		members, err := s.store.Members(ctx, in.Book)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		out := &list{api.Members{Members: make([]api.Member, len(members))}}
		for i, m := range members {
			out.Body.Members[i] = api.Member{ID: m.UserID, User: m.User, Role: m.Role, Since: m.Since, You: m.UserID == callerOf(ctx).UserID}
		}
		return out, nil
	})
	type role struct {
		Book   string `path:"book" maxLength:"64"`
		Member string `path:"member" maxLength:"64" doc:"an account's id, as the list of members gives it; me: the caller's own"`
		Body   api.RoleRequest
	}
	huma.Register(h, huma.Operation{
		OperationID: "set-role", Method: http.MethodPut, Path: "/v1/books/{book}/members/{member}", Security: signedIn, DefaultStatus: http.StatusNoContent,
		MaxBodyBytes: smallBody, BodyReadTimeout: s.times.Body, Summary: "Give a member another role; the book's owners may", Errors: []int{400, 401, 403, 404, 409, 422},
	}, func(ctx context.Context, in *role) (*struct{}, error) {
		return nil, s.ofMember(ctx, in.Book, in.Member, func(me, member string) error {
			return s.store.SetRole(ctx, me, in.Book, member, in.Body.Role)
		})
	})
	type member struct {
		Book   string `path:"book" maxLength:"64"`
		Member string `path:"member" maxLength:"64" doc:"an account's id, as the list of members gives it; me: the caller's own, to leave"`
	}
	huma.Register(h, huma.Operation{
		OperationID: "remove-member", Method: http.MethodDelete, Path: "/v1/books/{book}/members/{member}", Security: signedIn,
		Summary: "Take a member out of the book at once; its owners may, and everyone may leave", Errors: []int{401, 403, 404, 409},
	}, func(ctx context.Context, in *member) (*struct{}, error) {
		return nil, s.ofMember(ctx, in.Book, in.Member, func(me, member string) error {
			return s.store.RemoveMember(ctx, me, in.Book, member)
		})
	})
}

func (s *Server) ofMember(ctx context.Context, book, member string, do func(me, member string) error) error {
	if !printable(member) {
		return s.fail(ctx, store.ErrNotFound) // no column could hold it
	}
	return s.ofBook(ctx, book, func(me string) error { return do(me, memberID(ctx, member)) })
}
