package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/api"
	"kith/server"
	"kith/server/servertest"
	"kith/server/store"
)

// polled is the answer of a long poll that a goroutine waits for.
type polled struct {
	reply
	err error
}

// poll begins a long poll, and returns when the server has it waiting.
func (c *client) poll(since string) <-chan polled {
	c.t.Helper()
	open := c.openPolls()
	out := make(chan polled, 1)
	path := c.feed(since, 50)
	go func() {
		r, err := c.request(context.Background(), "GET", path, nil)
		out <- polled{r, err}
	}()
	for c.openPolls() == open {
		select {
		case p := <-out:
			c.t.Fatalf("the poll did not wait: %d %s, %v", p.status, p.body, p.err)
		case <-time.After(time.Millisecond):
		}
	}
	return out
}

func (c *client) openPolls() (n float64) {
	c.t.Helper()
	for line := range strings.Lines(string(c.do("GET", "/metrics", nil).body)) {
		if rest, ok := strings.CutPrefix(line, "kith_open_polls "); ok {
			fmt.Sscan(rest, &n)
			return n
		}
	}
	c.t.Fatal("no metric of open polls")
	return 0
}

func (c *client) answered(p <-chan polled) polled {
	c.t.Helper()
	select {
	case r := <-p:
		if r.err != nil {
			c.t.Fatalf("poll: %v", r.err)
		}
		return r
	case <-time.After(30 * time.Second):
		c.t.Fatal("the poll was not answered")
		return polled{}
	}
}

func (p polled) page(t testing.TB) api.Changes {
	t.Helper()
	var page api.Changes
	if err := json.Unmarshal(p.body, &page); err != nil || p.status != 200 {
		t.Fatalf("poll: %d %s", p.status, p.body)
	}
	return page
}

func TestLongPoll(t *testing.T) {
	s, a := setUp(t)
	b := signIn(t, s, "ada", "phone")
	start := b.changes("")
	poll := b.poll(start.Cursor)
	a.sync("", insert("x"))
	page := b.answered(poll).page(t)
	if len(page.Changes) != 1 || page.Changes[0].ID != "x" || page.Total != 1 {
		t.Fatalf("page %+v", page)
	}
	// A poll for what is there already does not wait.
	if r := b.do("GET", b.feed(start.Cursor, 50), nil); r.status != 200 || !strings.Contains(string(r.body), `"x"`) {
		t.Errorf("poll behind the end: %d %s", r.status, r.body)
	}
	// A poll tells of its own device's push, too: the one that polls may be another machine with a copy of the profile.
	poll = b.poll(page.Cursor)
	b.sync(page.Cursor, insert("own"))
	if page = b.answered(poll).page(t); len(page.Changes) != 1 || page.Changes[0].ID != "own" {
		t.Errorf("page %+v, want own", page)
	}
	// It ends without a change, too.
	if p := b.answered(func() <-chan polled {
		out := make(chan polled, 1)
		r, err := b.request(t.Context(), "GET", b.feed(page.Cursor, 1), nil)
		out <- polled{r, err}
		return out
	}()).page(t); len(p.Changes) != 0 || p.Cursor == "" {
		t.Errorf("a poll without news: %+v", p)
	}
}

func TestPollEndsWithItsRights(t *testing.T) {
	s, a := setUp(t)
	b := signIn(t, s, "ada", "phone")
	poll := b.poll(b.changes("").Cursor)
	a.ok(nil, "DELETE", "/v1/devices/"+b.id, nil)
	if r := b.answered(poll); r.status != 401 || r.problem(t).Code != api.CodeUnauthorized {
		t.Errorf("revoked: %d %s", r.status, r.body)
	}
	// By another process: kith-server's commands have the database open beside the server.
	other, err := store.Open(t.Context(), s.DB, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	poll = a.poll(a.changes("").Cursor)
	if err := other.RemoveUser(t.Context(), "ada"); err != nil {
		t.Fatal(err)
	}
	if r := a.answered(poll); r.status != 401 {
		t.Errorf("removed by another process: %d %s", r.status, r.body)
	}
}

func TestPollIsWokenByAnotherNode(t *testing.T) {
	s, a := setUp(t)
	second := servertest.New(t, servertest.Options{DB: s.DB})
	b := signIn(t, second, "ada", "phone")
	poll := b.poll(b.changes("").Cursor)
	a.sync("", insert("x"))
	if page := b.answered(poll).page(t); len(page.Changes) != 1 {
		t.Errorf("page %+v", page)
	}
}

func TestStopAnswersPolls(t *testing.T) {
	s, a := setUp(t)
	since := a.changes("").Cursor
	poll := a.poll(since)
	begin := time.Now()
	s.Stop()
	if page := a.answered(poll).page(t); len(page.Changes) != 0 || page.Cursor == "" {
		t.Errorf("page %+v", page)
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("the stop took %v", took)
	}
	// The same server again: tokens, books and cursors go on.
	s.Start()
	if p := a.changes(since); len(p.Changes) != 0 {
		t.Errorf("after the restart: %+v", p)
	}
}

// TestServe runs the listener as kith-server does, to a graceful stop; the log and the metrics tell what happened, and no secrets.
func TestServe(t *testing.T) {
	st, err := store.Open(t.Context(), "sqlite:"+t.TempDir()+"/s.db", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var mu sync.Mutex
	var logged bytes.Buffer
	log := slog.New(slog.NewJSONHandler(writer(func(b []byte) (int, error) { mu.Lock(); defer mu.Unlock(); return logged.Write(b) }), nil))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- server.New(server.Options{Store: st, Log: log}).Serve(ctx, l, nil) }()
	get := func(path string) (int, string) {
		t.Helper()
		r, err := http.Get("http://" + l.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		b, _ := io.ReadAll(r.Body)
		return r.StatusCode, string(b)
	}
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if status, body := get(path); status != 200 || body != want {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	secret := "topsecretpassword"
	r, err := http.Post("http://"+l.Addr().String()+"/v1/sessions", "application/json", strings.NewReader(`{"user":"ada","password":"`+secret+`","device":"d"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	id := r.Header.Get("X-Request-Id")
	if _, body := get("/metrics"); !strings.Contains(body, `kith_sign_ins_total{outcome="refused"} 1`) || !strings.Contains(body, `kith_requests_total{route="/v1/sessions",status="401"} 1`) {
		t.Errorf("metrics: %s", body)
	}
	stop()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("serve: %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("it did not stop")
	}
	mu.Lock()
	defer mu.Unlock()
	if text := logged.String(); id == "" || !strings.Contains(text, id) || strings.Contains(text, secret) {
		t.Errorf("the log lacks request %q, or tells the password: %s", id, text)
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }
