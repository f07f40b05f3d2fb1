package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kith/api"
	"kith/server/store"
)

// problem is an RFC 9457 answer: an error that huma writes as it is.
type problem struct {
	api.Problem
	retryAfter time.Duration
}

func (p *problem) Error() string                { return p.Code + ": " + p.Detail }
func (p *problem) GetStatus() int               { return p.Status }
func (p *problem) ContentType(ct string) string { return "application/problem+json" }
func (p *problem) MarshalJSON() ([]byte, error) { return json.Marshal(p.Problem) }
func (p *problem) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(typeOf[api.Problem](), true, "Problem")
}

// GetHeaders is how huma learns of headers that belong to an error.
func (p *problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int((p.retryAfter+time.Second-1)/time.Second)))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	return h
}

func newProblem(status int, code, detail string) *problem {
	title := http.StatusText(status)
	return &problem{Problem: api.Problem{Type: "urn:kith:problem:" + code, Title: title, Status: status, Detail: detail, Code: code}}
}

// metadataTooLarge is the key of an operation's own words for a body over its limit.
const metadataTooLarge = "too large"

// huma makes its own errors (a body that is no JSON, a missing member) with this function; it is huma's only hook for that.
func init() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return humaProblem(status, message, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		if text, ok := ctx.Operation().Metadata[metadataTooLarge].(string); ok && status == http.StatusRequestEntityTooLarge {
			message = text
		}
		return humaProblem(status, message, errs)
	}
}

func humaProblem(status int, message string, errs []error) *problem {
	code := api.CodeBadRequest
	switch {
	case status == http.StatusRequestEntityTooLarge:
		code = api.CodeTooLarge
	case status == http.StatusInternalServerError && strings.HasPrefix(message, "cannot read request body"):
		status, message = http.StatusBadRequest, "the body can't be read: it ended early, or is not the gzip that its header says"
		errs = nil
	case status >= 500:
		return newProblem(status, api.CodeInternal, "the server has a fault; its log says more")
	}
	details := make([]string, 0, len(errs))
	for _, err := range errs {
		if d, ok := err.(huma.ErrorDetailer); ok {
			e := d.ErrorDetail()
			details = append(details, strings.TrimPrefix(e.Location+": "+e.Message, ": "))
		} else if err != nil {
			details = append(details, err.Error())
		}
	}
	if len(details) > 0 {
		message += ": " + strings.Join(details, "; ")
	}
	return newProblem(status, code, message)
}

// fail turns an error into the answer; one that is not the client's doing is logged here, and nowhere else.
func (s *Server) fail(ctx context.Context, err error) error {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		// An account that went while it was being answered has no books either; its devices must hear which of the two it is.
		if me := callerOf(ctx); me.authorization != "" {
			if _, gone := s.deviceOf(ctx, me.authorization); gone != nil {
				if p, ok := errors.AsType[*problem](gone); ok {
					return p
				}
			}
		}
		return newProblem(http.StatusNotFound, api.CodeNotFound, "this account has no such book, device or blob, and its books no such member or invitation")
	case errors.Is(err, store.ErrForbidden):
		return newProblem(http.StatusForbidden, api.CodeForbidden, "this account's role in the book does not allow it: a reader changes nothing, and only an owner says who the members are")
	case errors.Is(err, store.ErrInvitation):
		return newProblem(http.StatusNotFound, api.CodeNotFound, "this invitation does not work: it was used, withdrawn or has expired, or the link is not whole; ask for a new one")
	case errors.Is(err, store.ErrLastOwner):
		return newProblem(http.StatusConflict, api.CodeLastOwner, "the book has no other owner: make another member its owner first, or delete the book")
	case errors.Is(err, store.ErrOwnBook):
		return newProblem(http.StatusConflict, api.CodeOwnBook, "it is an account's first book, which that account owns and can't lose")
	case errors.Is(err, store.ErrLimit):
		return newProblem(http.StatusConflict, api.CodeLimitReached, fmt.Sprintf("the limit is reached: %d books an account, %d members and %d open invitations a book", s.limits.AccountBooks, s.limits.BookMembers, s.limits.BookInvitations))
	case errors.Is(err, store.ErrExists):
		return newProblem(http.StatusConflict, api.CodeExists, "there is another book with this id; choose a random one")
	case errors.Is(err, store.ErrCursorUnknown):
		s.metrics.resets.WithLabelValues(api.CodeCursorUnknown).Inc()
		return newProblem(http.StatusGone, api.CodeCursorUnknown, "the cursor belongs to another history of this book; begin again without one, and compare")
	case errors.Is(err, store.ErrCursorExpired):
		s.metrics.resets.WithLabelValues(api.CodeCursorExpired).Inc()
		return newProblem(http.StatusGone, api.CodeCursorExpired, fmt.Sprintf("the cursor is older than the %d days for which deletions are kept; begin again without one, and compare", store.TombstoneAge/(24*time.Hour)))
	case errors.Is(err, store.ErrHash):
		return newProblem(http.StatusBadRequest, api.CodeBadRequest, "the bytes have another SHA-256 than the address says")
	case ctx.Err() != nil:
		return newProblem(http.StatusServiceUnavailable, api.CodeUnavailable, "the request was given up")
	}
	s.log.ErrorContext(ctx, "request", "error", err, "request_id", requestID(ctx))
	p := newProblem(http.StatusInternalServerError, api.CodeInternal, "the server has a fault; its log says more under "+requestID(ctx))
	return p
}

// writeProblem is for answers outside huma's handlers.
func writeProblem(w http.ResponseWriter, p *problem) {
	for k, v := range p.GetHeaders() {
		w.Header()[k] = v
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	json.NewEncoder(w).Encode(p)
}
