package server

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kith/api"
	"kith/server/store"
)

const (
	smallBody = 64<<10 + 1      // bytes; huma refuses a body that reaches the limit
	bodyTime  = 2 * time.Minute // for a slow line to send a body
)

func (s *Server) registerDevices(h huma.API) {
	type list struct{ Body api.Devices }
	huma.Register(h, huma.Operation{
		OperationID: "list-devices", Method: http.MethodGet, Path: "/v1/devices", Security: signedIn, Summary: "The account's signed-in devices", Errors: []int{401},
	}, func(ctx context.Context, _ *struct{}) (*list, error) {
		me := callerOf(ctx)
		devices, err := s.store.Devices(ctx, me.UserID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		out := &list{api.Devices{Devices: make([]api.Device, len(devices))}}
		for i, d := range devices {
			out.Body.Devices[i] = api.Device{ID: d.ID, Name: d.Name, Created: d.CreatedAt, LastSeen: d.SeenAt, Current: d.ID == me.ID}
		}
		return out, nil
	})
	type one struct {
		ID string `path:"id" maxLength:"64"`
	}
	huma.Register(h, huma.Operation{
		OperationID: "revoke-device", Method: http.MethodDelete, Path: "/v1/devices/{id}", Security: signedIn,
		Summary: "Sign one of the account's devices out at once", Errors: []int{401, 404},
	}, func(ctx context.Context, in *one) (*struct{}, error) {
		if !printable(in.ID) {
			return nil, s.fail(ctx, store.ErrNotFound)
		}
		if err := s.store.Revoke(ctx, callerOf(ctx).UserID, in.ID); err != nil {
			return nil, s.fail(ctx, err)
		}
		return nil, nil
	})
}

func (s *Server) registerBooks(h huma.API) {
	type list struct{ Body api.Books }
	huma.Register(h, huma.Operation{
		OperationID: "list-books", Method: http.MethodGet, Path: "/v1/books", Security: signedIn, Summary: "The account's books, its first one first", Errors: []int{401},
	}, func(ctx context.Context, _ *struct{}) (*list, error) {
		books, err := s.store.Books(ctx, callerOf(ctx).UserID)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		out := &list{api.Books{Books: make([]api.Book, len(books)), Limits: s.limits, Time: s.now().UnixMicro()}}
		for i, b := range books {
			out.Body.Books[i] = api.Book(b)
		}
		return out, nil
	})
	type add struct{ Body api.BookRequest }
	type added struct{ Body api.Book }
	huma.Register(h, huma.Operation{
		OperationID: "add-book", Method: http.MethodPost, Path: "/v1/books", DefaultStatus: http.StatusCreated, Security: signedIn,
		MaxBodyBytes: smallBody, BodyReadTimeout: s.times.Body, Summary: "Make a book; a repeat with the same id is answered with the book", Errors: []int{400, 401, 409, 422},
	}, func(ctx context.Context, in *add) (*added, error) {
		if err := checkLabel("name", in.Body.Name); err != nil {
			return nil, err
		}
		b, err := s.store.AddBook(ctx, store.NewBook{ID: in.Body.ID, Name: in.Body.Name, Owner: callerOf(ctx).UserID, Limit: s.limits.AccountBooks})
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return &added{api.Book(b)}, nil
	})
	type change struct {
		Book string `path:"book" maxLength:"64"`
		Body api.BookChange
	}
	huma.Register(h, huma.Operation{
		OperationID: "rename-book", Method: http.MethodPatch, Path: "/v1/books/{book}", Security: signedIn, DefaultStatus: http.StatusNoContent,
		MaxBodyBytes: smallBody, BodyReadTimeout: s.times.Body, Summary: "Rename a book; its owners may", Errors: []int{400, 401, 403, 404, 422},
	}, func(ctx context.Context, in *change) (*struct{}, error) {
		if err := checkLabel("name", in.Body.Name); err != nil {
			return nil, err
		}
		return nil, s.ofBook(ctx, in.Book, func(me string) error { return s.store.RenameBook(ctx, me, in.Book, in.Body.Name) })
	})
	type one struct {
		Book string `path:"book" maxLength:"64"`
	}
	huma.Register(h, huma.Operation{
		OperationID: "remove-book", Method: http.MethodDelete, Path: "/v1/books/{book}", Security: signedIn,
		Summary: "Take a book from all of its members, with all that is in it; its owners may", Errors: []int{401, 403, 404, 409},
	}, func(ctx context.Context, in *one) (*struct{}, error) {
		return nil, s.ofBook(ctx, in.Book, func(me string) error { return s.store.RemoveBook(ctx, me, in.Book) })
	})
}

// ofBook does something of the caller's with a book, and turns what went wrong into the answer.
func (s *Server) ofBook(ctx context.Context, book string, do func(me string) error) error {
	if !printable(book) {
		return s.fail(ctx, store.ErrNotFound) // no column could hold it
	}
	if err := do(callerOf(ctx).UserID); err != nil {
		return s.fail(ctx, err)
	}
	return nil
}

// role is the caller's in a book; one of somebody else's is not found, as if it did not exist.
func (s *Server) role(ctx context.Context, book string) (string, error) {
	if !printable(book) {
		return "", store.ErrNotFound // no column could hold it
	}
	return s.store.Role(ctx, callerOf(ctx).UserID, book)
}

func (s *Server) mayRead(ctx context.Context, book string) error {
	_, err := s.role(ctx, book)
	return err
}

func (s *Server) mayWrite(ctx context.Context, book string) error {
	role, err := s.role(ctx, book)
	if err == nil && role == store.Reader {
		return store.ErrForbidden
	}
	return err
}

// checkLabel refuses a name that nobody could read.
func checkLabel(what, name string) error {
	if !printable(name) || strings.TrimSpace(name) == "" {
		return newProblem(http.StatusUnprocessableEntity, api.CodeBadRequest, what+" must be text without control characters, and not blank")
	}
	return nil
}
