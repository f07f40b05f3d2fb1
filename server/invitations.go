package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kith/api"
	"kith/server/store"
)

// invitationDays is how long an invitation lasts that does not say.
const invitationDays = 7

func (s *Server) registerInvitations(h huma.API) {
	type book struct {
		Book string `path:"book" maxLength:"64"`
	}
	type list struct{ Body api.Invitations }
	huma.Register(h, huma.Operation{
		OperationID: "list-invitations", Method: http.MethodGet, Path: "/v1/books/{book}/invitations", Security: signedIn,
		Summary: "The book's open invitations, without their codes; its owners may", Errors: []int{401, 403, 404},
	}, func(ctx context.Context, in *book) (*list, error) {
		if err := s.mayOwn(ctx, in.Book); err != nil {
			return nil, s.fail(ctx, err)
		}
		open, err := s.store.Invitations(ctx, in.Book)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		out := &list{api.Invitations{Invitations: make([]api.Invitation, len(open))}}
		for i, in := range open {
			out.Body.Invitations[i] = wireInvitation(in)
		}
		return out, nil
	})
	type invite struct {
		Book string `path:"book" maxLength:"64"`
		Body api.InvitationRequest
	}
	type invited struct{ Body api.Invitation }
	huma.Register(h, huma.Operation{
		OperationID: "invite", Method: http.MethodPost, Path: "/v1/books/{book}/invitations", DefaultStatus: http.StatusCreated, Security: signedIn,
		MaxBodyBytes: smallBody, BodyReadTimeout: s.times.Body, Summary: "Make an invitation that works once; the book's owners may", Errors: []int{400, 401, 403, 404, 409, 422},
	}, func(ctx context.Context, in *invite) (*invited, error) {
		out, err := s.invite(ctx, in.Book, in.Body)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return &invited{out}, nil
	})
	type one struct {
		Book string `path:"book" maxLength:"64"`
		ID   string `path:"invitation" maxLength:"64"`
	}
	huma.Register(h, huma.Operation{
		OperationID: "withdraw-invitation", Method: http.MethodDelete, Path: "/v1/books/{book}/invitations/{invitation}", Security: signedIn,
		Summary: "End an open invitation; the book's owners may", Errors: []int{401, 403, 404},
	}, func(ctx context.Context, in *one) (*struct{}, error) {
		return nil, s.ofMember(ctx, in.Book, in.ID, func(string, string) error {
			return s.store.Withdraw(ctx, callerOf(ctx).UserID, in.Book, in.ID)
		})
	})
	type code struct{ Body api.CodeRequest }
	type offer struct{ Body api.Offer }
	huma.Register(h, huma.Operation{
		OperationID: "look-at-invitation", Method: http.MethodPost, Path: "/v1/invitations/look", DefaultStatus: http.StatusOK, Security: signedIn,
		MaxBodyBytes: smallBody, BodyReadTimeout: s.times.Body, Summary: "What the code of an invitation would give", Errors: []int{400, 401, 404, 422, 429},
	}, func(ctx context.Context, in *code) (*offer, error) {
		o, err := withCode(ctx, s, func() (store.Offer, error) { return s.store.LookAt(ctx, callerOf(ctx).UserID, in.Body.Code) })
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return &offer{api.Offer{Book: o.Book.Name, Role: o.Role, By: o.By, Expires: o.Expires}}, nil
	})
	type joined struct{ Body api.Book }
	huma.Register(h, huma.Operation{
		OperationID: "accept-invitation", Method: http.MethodPost, Path: "/v1/invitations/accept", DefaultStatus: http.StatusOK, Security: signedIn,
		MaxBodyBytes: smallBody, BodyReadTimeout: s.times.Body, Summary: "Become a member by the code of an invitation", Errors: []int{400, 401, 404, 409, 422, 429},
	}, func(ctx context.Context, in *code) (*joined, error) {
		b, err := withCode(ctx, s, func() (store.Book, error) {
			return s.store.Accept(ctx, store.Acceptance{User: callerOf(ctx).UserID, Code: in.Body.Code, Members: s.limits.BookMembers, Books: s.limits.AccountBooks})
		})
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		s.metrics.codes.WithLabelValues("accepted").Inc()
		return &joined{api.Book(b)}, nil
	})
}

// mayOwn lets the book's owners pass.
func (s *Server) mayOwn(ctx context.Context, book string) error {
	role, err := s.role(ctx, book)
	if err == nil && role != store.Owner {
		return store.ErrForbidden
	}
	return err
}

func (s *Server) invite(ctx context.Context, book string, r api.InvitationRequest) (api.Invitation, error) {
	if err := s.mayOwn(ctx, book); err != nil {
		return api.Invitation{}, err
	}
	days := r.Days
	if days == 0 {
		days = invitationDays
	}
	code := rand.Text() // 130 bits
	in, err := s.store.Invite(ctx, store.NewInvitation{
		Book: book, By: callerOf(ctx).UserID, Role: r.Role, Code: code, For: time.Duration(days) * 24 * time.Hour, Limit: s.limits.BookInvitations,
	})
	if err != nil {
		return api.Invitation{}, err
	}
	s.metrics.codes.WithLabelValues("made").Inc()
	out := wireInvitation(in)
	out.Code, out.Path = code, joinPath+"#"+code
	return out, nil
}

func wireInvitation(in store.Invitation) api.Invitation {
	return api.Invitation{ID: in.ID, Role: in.Role, By: in.By, Made: in.Made, Expires: in.Expires}
}

// withCode does what needs the code of an invitation. Wrong ones are counted, and those who try too many have to wait.
func withCode[T any](ctx context.Context, s *Server, do func() (T, error)) (T, error) {
	var none T
	me := callerOf(ctx)
	address, _ := ctx.Value(keyAddress).(string)
	undo, wait, err := s.attempts.beginCode(ctx, me.UserID, address)
	if err != nil {
		return none, err
	}
	if wait > 0 {
		s.metrics.codes.WithLabelValues("limited").Inc()
		p := newProblem(http.StatusTooManyRequests, api.CodeRateLimited, fmt.Sprintf("too many invitations that do not work; try again in %s", wait.Round(time.Second)))
		p.retryAfter = wait
		return none, p
	}
	out, err := do()
	if errors.Is(err, store.ErrInvitation) {
		s.metrics.codes.WithLabelValues("refused").Inc()
		// The code may be right for somebody else, and is written nowhere.
		e := store.Event{Event: store.EventInvitationRefused, UserID: me.UserID, User: me.User, DeviceID: me.ID, Device: me.Name}
		return none, errors.Join(err, s.store.Audit(ctx, e))
	}
	return out, errors.Join(err, undo())
}
