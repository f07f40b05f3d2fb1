package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"

	"kith/api"
	"kith/server/servertest"
	"kith/server/store"
)

const password = "correct horse battery staple"

// client is a device that speaks the protocol over a real socket.
type client struct {
	t      testing.TB
	server *servertest.Server
	token  string
	id     string
	book   string
}

// reply is an answer, read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (r reply) problem(t testing.TB) api.Problem {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal(r.body, &p); err != nil || r.header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("status %d, %s: not a problem document: %s", r.status, r.header.Get("Content-Type"), r.body)
	}
	if p.Status != r.status || p.Type != "urn:kith:problem:"+p.Code || p.Title == "" || p.Detail == "" {
		t.Errorf("status %d with an incomplete problem: %+v", r.status, p)
	}
	return p
}

// request sends v as JSON, or bytes as they are; header holds pairs.
func (c *client) request(ctx context.Context, method, path string, v any, header ...string) (reply, error) {
	var body io.Reader
	contentType := ""
	switch v := v.(type) {
	case nil:
	case []byte:
		body, contentType = bytes.NewReader(v), "application/octet-stream"
	default:
		b, err := json.Marshal(v)
		if err != nil {
			return reply{}, err
		}
		body, contentType = bytes.NewReader(b), "application/json"
	}
	r, err := http.NewRequestWithContext(ctx, method, c.server.URL+path, body)
	if err != nil {
		return reply{}, err
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	r.Header.Set(api.HeaderProtocol, strconv.Itoa(api.Version))
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if answer.Header.Get(api.HeaderProtocol) != strconv.Itoa(api.Version) {
		c.t.Errorf("%s %s: status %d without the protocol's header", method, path, answer.StatusCode)
	}
	return reply{answer.StatusCode, answer.Header, b}, err
}

func (c *client) do(method, path string, v any, header ...string) reply {
	c.t.Helper()
	r, err := c.request(c.t.Context(), method, path, v, header...)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

// ok does a request that must succeed, and decodes the answer.
func (c *client) ok(into any, method, path string, v any) {
	c.t.Helper()
	r := c.do(method, path, v)
	if r.status < 200 || r.status > 299 {
		c.t.Fatalf("%s %s: status %d: %s", method, path, r.status, r.body)
	}
	if into != nil {
		if err := json.Unmarshal(r.body, into); err != nil {
			c.t.Fatalf("%s %s: %v in %s", method, path, err, r.body)
		}
	}
}

// refused does a request that must fail so.
func (c *client) refused(status int, code, method, path string, v any, header ...string) api.Problem {
	c.t.Helper()
	r := c.do(method, path, v, header...)
	if r.status != status {
		c.t.Errorf("%s %s: status %d, want %d: %s", method, path, r.status, status, r.body)
		return api.Problem{}
	}
	p := r.problem(c.t)
	if p.Code != code {
		c.t.Errorf("%s %s: code %s, want %s", method, path, p.Code, code)
	}
	return p
}

// signIn returns a device of the account.
func signIn(t testing.TB, s *servertest.Server, user, device string) *client {
	t.Helper()
	c := &client{t: t, server: s}
	var session api.Session
	c.ok(&session, "POST", "/v1/sessions", api.SessionRequest{User: user, Password: password, Device: device})
	c.token, c.id = session.Token, session.DeviceID
	var books api.Books
	c.ok(&books, "GET", "/v1/books", nil)
	c.book = books.Books[0].ID
	return c
}

func setUp(t testing.TB) (*servertest.Server, *client) {
	t.Helper()
	s := servertest.New(t, servertest.Options{})
	s.AddUser("ada", password)
	return s, signIn(t, s, "ada", "laptop")
}

func (c *client) changes(since string) api.Changes {
	c.t.Helper()
	var page api.Changes
	c.ok(&page, "GET", c.feed(since, 0), nil)
	return page
}

func (c *client) feed(since string, wait int) string {
	q := url.Values{"since": {since}}
	if wait > 0 {
		q.Set("wait", strconv.Itoa(wait))
	}
	return "/v1/books/" + c.book + "/changes?" + q.Encode()
}

func (c *client) sync(cursor string, changes ...api.Push) api.SyncResponse {
	c.t.Helper()
	var answer api.SyncResponse
	c.ok(&answer, "POST", "/v1/books/"+c.book+"/sync", api.SyncRequest{Cursor: cursor, Changes: changes})
	return answer
}

var serial atomic.Int64

func insert(id string) api.Push {
	return api.Push{ChangeID: fmt.Sprint("change", serial.Add(1)), ID: id, Operation: api.Insert, Card: json.RawMessage(`{"name":{"full":"` + id + `"}}`), EditedAt: 1}
}

func firstPage(book string) store.FeedQuery { return store.FeedQuery{Book: book, Limit: 100} }
