package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"time"

	"github.com/go-resty/resty/v2"

	"kith/api"
	"kith/syncer"
)

// Options have working defaults when zero.
type Options struct {
	Transport http.RoundTripper // default: one of its own, with keep-alive
	UserAgent string            // default: "Kith (linux)"
	Stall     time.Duration     // a request is given up when nothing moves for so long; default: 30 s
}

// Connector signs in at, and opens, Kith servers. Safe for concurrent use.
type Connector struct {
	resty *resty.Client
	stall time.Duration
}

// New returns a connector; all that it opens shares its connections.
func New(o Options) *Connector {
	if o.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DisableCompression = true // we read gzip ourselves, with a limit on what comes out of it
		t.MaxIdleConnsPerHost = 4   // a pass, a page ahead, and a poll
		t.ForceAttemptHTTP2 = true
		o.Transport = t
	}
	if o.UserAgent == "" {
		o.UserAgent = "Kith (" + runtime.GOOS + ")"
	}
	if o.Stall == 0 {
		o.Stall = 30 * time.Second
	}
	c := resty.NewWithClient(&http.Client{Transport: o.Transport}).
		SetHeader("User-Agent", o.UserAgent).
		SetHeader("Accept", "application/json, application/problem+json").
		SetHeader("Accept-Encoding", "gzip").
		SetHeader(api.HeaderProtocol, fmt.Sprint(api.Version)).
		SetDoNotParseResponse(true).
		SetDisableWarn(true).
		SetAllowGetMethodPayload(false).
		// A redirect is never followed: our server sends none, and the token must not go to whoever asks for it.
		SetRedirectPolicy(resty.RedirectPolicyFunc(func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }))
	return &Connector{resty: c, stall: o.Stall}
}

// Open returns the remote of an account. It does no I/O.
func (c *Connector) Open(a syncer.Account, token string) syncer.Remote {
	return &remote{client{c.resty, c.stall, a.Server, token}}
}

// SignIn checks address, protocol, user and password, and opens a session for this device. What it returns as an error is meant for
// the person who typed the request: a clear text, and one of the syncer's errors inside where it is one.
func (c *Connector) SignIn(ctx context.Context, r syncer.SignInRequest, deviceID string) (syncer.Account, string, error) {
	base, err := Normalize(r.Server)
	if err != nil {
		return syncer.Account{}, "", err
	}
	cl := client{c.resty, c.stall, base, ""}
	var s api.Session
	_, err = cl.do(ctx, call{
		method: http.MethodPost, path: "/v1/sessions", signIn: true, out: &s,
		in: api.SessionRequest{User: r.User, Password: r.Password, Device: r.Device, DeviceID: deviceID},
	})
	if err != nil {
		return syncer.Account{}, "", err
	}
	if s.Token == "" || s.DeviceID == "" {
		return syncer.Account{}, "", fmt.Errorf("%w: it answered the sign-in without a token", syncer.ErrNotKith)
	}
	user := s.User
	if user == "" {
		user = r.User
	}
	return syncer.Account{Server: base, User: user, Device: r.Device, DeviceID: s.DeviceID}, s.Token, nil
}

// remote is one account at one server.
type remote struct{ client }

func (r *remote) Books(ctx context.Context) ([]syncer.Book, syncer.Limits, error) {
	var out api.Books
	if _, err := r.do(ctx, call{method: http.MethodGet, path: "/v1/books", out: &out}); err != nil {
		return nil, syncer.Limits{}, err
	}
	books := make([]syncer.Book, len(out.Books))
	for i, b := range out.Books {
		books[i] = syncer.Book(b)
	}
	l := out.Limits
	return books, syncer.Limits{CardBytes: l.CardBytes, PushChanges: l.PushChanges, PushBytes: l.PushBytes, PageChanges: l.PageChanges, BlobBytes: l.BlobBytes}, nil
}

func (r *remote) Changes(ctx context.Context, book, since string, limit int, wait time.Duration) (syncer.Page, error) {
	for {
		page, err := r.changes(ctx, book, since, limit, wait)
		if !errors.Is(err, errHuge) || limit <= 1 {
			return page, err
		}
		limit = max(1, limit/8) // large cards: a page of fewer
	}
}

func (r *remote) changes(ctx context.Context, book, since string, limit int, wait time.Duration) (syncer.Page, error) {
	q := url.Values{}
	q.Set("limit", fmt.Sprint(limit))
	if since != "" {
		q.Set("since", since)
	}
	seconds := int(wait / time.Second)
	if seconds > 0 {
		q.Set("wait", fmt.Sprint(seconds))
	}
	var out api.Changes
	t, err := r.do(ctx, call{
		method: http.MethodGet, path: "/v1/books/" + url.PathEscape(book) + "/changes?" + q.Encode(), out: &out,
		wait: time.Duration(seconds) * time.Second,
	})
	if err != nil {
		return syncer.Page{}, err
	}
	if out.Cursor == "" {
		return syncer.Page{}, notOurs(fmt.Errorf("a page without a cursor"))
	}
	page := syncer.Page{Cursor: out.Cursor, More: out.More, Total: out.Total, Clock: t.clock(out.Time), Changes: make([]syncer.Change, len(out.Changes))}
	for i, c := range out.Changes {
		page.Changes[i] = change(c)
	}
	return page, nil
}

func (r *remote) Push(ctx context.Context, book, cursor string, changes []syncer.Outgoing) (syncer.Answer, error) {
	in := api.SyncRequest{Cursor: cursor, Changes: make([]api.Push, len(changes))}
	for i, c := range changes {
		in.Changes[i] = api.Push{
			ChangeID: c.ChangeID, ID: c.ID, Operation: c.Operation, BaseRev: c.BaseRev, Card: c.Card, Blobs: c.Blobs, EditedAt: c.EditedAt,
		}
	}
	var out api.SyncResponse
	t, err := r.do(ctx, call{method: http.MethodPost, path: "/v1/books/" + url.PathEscape(book) + "/sync", in: in, out: &out})
	if err != nil {
		return syncer.Answer{}, err
	}
	answer := syncer.Answer{Cursor: out.Cursor, Clock: t.clock(out.Time), Results: make([]syncer.PushResult, len(out.Results))}
	for i, res := range out.Results {
		answer.Results[i] = result(res)
	}
	return answer, nil
}

func (r *remote) SignOut(ctx context.Context) error {
	_, err := r.do(ctx, call{method: http.MethodDelete, path: "/v1/sessions/current"})
	return err
}
