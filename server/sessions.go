package server

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kith/api"
	"kith/server/store"
)

// bearer is the name of the security scheme; an operation that lists it needs a token.
const bearer = "bearer"

var signedIn = []map[string][]string{{bearer: {}}}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }

// authenticate lets a request to an operation that needs a token in only with a valid one, and notes whose it is.
func (s *Server) authenticate(h huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if len(ctx.Operation().Security) == 0 {
			next(ctx)
			return
		}
		d, err := s.deviceOf(ctx.Context(), ctx.Header("Authorization"))
		if err != nil {
			answer(h, ctx, s.fail(ctx.Context(), err))
			return
		}
		next(huma.WithValue(ctx, keyDevice, d))
	}
}

// answer writes an error from within a middleware.
func answer(h huma.API, ctx huma.Context, err error) {
	p, ok := errors.AsType[*problem](err)
	if !ok {
		p = newProblem(http.StatusInternalServerError, api.CodeInternal, "")
	}
	for k, values := range p.GetHeaders() {
		for _, v := range values {
			ctx.AppendHeader(k, v)
		}
	}
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(p.Status)
	h.Marshal(ctx.BodyWriter(), "application/json", p)
}

// caller is a signed-in device, with the header that proved it.
type caller struct {
	store.Device
	authorization string
}

func (s *Server) deviceOf(ctx context.Context, authorization string) (caller, error) {
	unauthorized := newProblem(http.StatusUnauthorized, api.CodeUnauthorized, "this needs a valid token: sign in at POST /v1/sessions, and send Authorization: Bearer TOKEN")
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "bearer") || token == "" || len(token) > 256 {
		return caller{}, unauthorized
	}
	d, err := s.store.Authenticate(ctx, token)
	if errors.Is(err, store.ErrNotFound) {
		return caller{}, unauthorized
	}
	return caller{d, authorization}, err
}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(keyDevice).(caller)
	return c
}

func (s *Server) registerSessions(h huma.API) {
	type input struct{ Body api.SessionRequest }
	type output struct{ Body api.Session }
	huma.Register(h, huma.Operation{
		OperationID: "sign-in", Method: http.MethodPost, Path: "/v1/sessions", DefaultStatus: http.StatusOK, MaxBodyBytes: smallBody, BodyReadTimeout: s.times.Body,
		Summary: "Sign a device in", Errors: []int{400, 401, 422, 426, 429, 503},
	}, func(ctx context.Context, in *input) (*output, error) {
		session, err := s.signIn(ctx, in.Body)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		return &output{session}, nil
	})
	huma.Register(h, huma.Operation{
		OperationID: "sign-out", Method: http.MethodDelete, Path: "/v1/sessions/current", Security: signedIn,
		Summary: "Sign this device out", Errors: []int{401},
	}, func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		c := callerOf(ctx)
		if err := s.store.SignOut(ctx, c.Device); err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, s.fail(ctx, err)
		}
		return nil, nil
	})
}

func (s *Server) signIn(ctx context.Context, r api.SessionRequest) (api.Session, error) {
	if err := checkLabel("device", r.Device); err != nil {
		return api.Session{}, err
	}
	if !printable(r.DeviceID) {
		r.DeviceID = "" // not one of ours: a new entry
	}
	address, _ := ctx.Value(keyAddress).(string)
	undo, wait, err := s.attempts.begin(ctx, store.UserKey(r.User), address)
	if err != nil {
		return api.Session{}, err
	}
	if wait > 0 {
		s.metrics.signIns.WithLabelValues("limited").Inc()
		p := newProblem(http.StatusTooManyRequests, api.CodeRateLimited, fmt.Sprintf("too many wrong passwords; try again in %s", wait.Round(time.Second)))
		p.retryAfter = wait
		return api.Session{}, p
	}
	u, right, err := s.checkPassword(ctx, r)
	if err != nil {
		return api.Session{}, errors.Join(err, undo())
	}
	if !right {
		s.metrics.signIns.WithLabelValues("refused").Inc()
		s.log.WarnContext(ctx, "sign-in refused", "request_id", requestID(ctx), "address", address)
		// The name of no account may be a password in the wrong box, and is written nowhere.
		if err := s.store.Audit(ctx, store.Event{Event: store.EventSignInRefused, UserID: u.ID, User: u.Name, Device: r.Device}); err != nil {
			return api.Session{}, err
		}
		return api.Session{}, newProblem(http.StatusUnauthorized, api.CodeBadCredentials, "the user or the password is wrong")
	}
	if err := undo(); err != nil {
		return api.Session{}, err
	}
	var secret [32]byte
	rand.Read(secret[:])
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	d, err := s.store.SignIn(ctx, u, r.DeviceID, r.Device, token)
	if err != nil {
		return api.Session{}, err
	}
	s.metrics.signIns.WithLabelValues("ok").Inc()
	s.log.InfoContext(ctx, "signed in", "request_id", requestID(ctx), "user", u.ID, "device", d.ID, "address", address)
	return api.Session{Token: token, DeviceID: d.ID, User: u.Name, Limits: s.limits, Time: s.now().UnixMicro()}, nil
}

// checkPassword does the same work whether there is such an account or not: one look at the database, one hash.
func (s *Server) checkPassword(ctx context.Context, r api.SessionRequest) (u store.User, right bool, err error) {
	u, err = s.store.User(ctx, r.User)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return u, false, err
	}
	right, err = s.passwords.Check(ctx, u.Password, r.Password)
	if errors.Is(err, errBusy) {
		p := newProblem(http.StatusServiceUnavailable, api.CodeUnavailable, "too many sign-ins at once; try again in a moment")
		p.retryAfter = 2 * time.Second
		err = p
	}
	return u, right, err
}
