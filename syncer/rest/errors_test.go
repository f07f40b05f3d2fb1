package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"kith/api"
	"kith/syncer"
)

// ours answers as a Kith server does.
func ours(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(api.HeaderProtocol, "1")
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// without removes the header that makes an answer ours.
func without(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { h(&anonymous{ResponseWriter: w}, r) }
}

type anonymous struct{ http.ResponseWriter }

func (a *anonymous) WriteHeader(status int) {
	a.Header().Del(api.HeaderProtocol)
	a.ResponseWriter.WriteHeader(status)
}

func problem(status int, code string) string {
	return fmt.Sprintf(`{"type":"urn:kith:problem:%s","title":"a title","status":%d,"code":%q,"detail":"a detail"}`, code, status, code)
}

const emptyPage = `{"changes":[],"cursor":"c1","more":false,"total":0,"time":0}`

// hijack answers with raw bytes and cuts the connection.
func hijack(raw string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(conn, raw)
		_ = conn.(*net.TCPConn).SetLinger(0) // a reset, not an orderly end
		_ = conn.Close()
	}
}

func TestErrorTable(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = io.WriteString(z, emptyPage)
	_ = z.Close()
	bomb := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(api.HeaderProtocol, "1")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		blank := bytes.Repeat([]byte(" "), 1<<20)
		for range mostBytes>>20 + 2 {
			if _, err := z.Write(blank); err != nil {
				return
			}
		}
	}
	soon := time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat)

	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		want    error // nil: no error
		retry   time.Duration
	}{
		{"a good page", ours(200, emptyPage), nil, 0},
		{"a good page, gzip", ours(200, zipped.String(), "Content-Encoding", "gzip"), nil, 0},
		{"a portal's page", without(ours(200, "<html>Sign in to FreeWiFi</html>", "Content-Type", "text/html")), syncer.ErrOffline, 0},
		{"a portal that answers JSON", without(ours(200, emptyPage)), syncer.ErrOffline, 0},
		{"truncated JSON", ours(200, emptyPage[:20]), syncer.ErrOffline, 0},
		{"JSON without a cursor", ours(200, `{"changes":[]}`), syncer.ErrOffline, 0},
		{"not JSON", ours(200, "hello"), syncer.ErrOffline, 0},
		{"wrong gzip", ours(200, "this is not gzip", "Content-Encoding", "gzip"), syncer.ErrOffline, 0},
		{"torn gzip", ours(200, zipped.String()[:zipped.Len()-6], "Content-Encoding", "gzip"), syncer.ErrOffline, 0},
		{"nothing", ours(204, ""), syncer.ErrOffline, 0},
		{"a redirect to a login page", without(ours(302, "", "Location", "https://login.example.org/")), syncer.ErrOffline, 0},
		{"bad request", ours(400, problem(400, api.CodeBadRequest)), syncer.ErrRefused, 0},
		{"unauthorized", ours(401, problem(401, api.CodeUnauthorized)), syncer.ErrSignIn, 0},
		{"unauthorized without a document", ours(401, ""), syncer.ErrSignIn, 0},
		{"unauthorized by a proxy", without(ours(401, "")), syncer.ErrOffline, 0},
		{"forbidden", ours(403, problem(403, api.CodeForbidden)), syncer.ErrForbidden, 0},
		{"forbidden by a proxy", without(ours(403, "no")), syncer.ErrOffline, 0},
		{"not found", ours(404, problem(404, api.CodeNotFound)), syncer.ErrForbidden, 0},
		{"a proxy sign-in", without(ours(407, "")), syncer.ErrOffline, 0},
		{"time-out at the server", ours(408, ""), syncer.ErrOffline, 0},
		{"conflict", ours(409, ""), syncer.ErrConflict, 0},
		{"cursor unknown", ours(410, problem(410, api.CodeCursorUnknown)), syncer.ErrCursorUnknown, 0},
		{"cursor expired", ours(410, problem(410, api.CodeCursorExpired)), syncer.ErrCursorExpired, 0},
		{"precondition", ours(412, ""), syncer.ErrConflict, 0},
		{"too large", ours(413, problem(413, api.CodeTooLarge)), syncer.ErrTooLarge, 0},
		{"too large for a proxy", without(ours(413, "<html>")), syncer.ErrTooLarge, 0},
		{"unprocessable", ours(422, problem(422, api.CodeBadRequest)), syncer.ErrRefused, 0},
		{"update required", ours(426, problem(426, api.CodeUpdateRequired)), syncer.ErrUpdateNeeded, 0},
		{"pause, in seconds", ours(429, problem(429, api.CodeRateLimited), "Retry-After", "90"), syncer.ErrOffline, 90 * time.Second},
		{"pause, by date", ours(429, problem(429, api.CodeRateLimited), "Retry-After", soon), syncer.ErrOffline, 90 * time.Second},
		{"pause, not said", ours(429, problem(429, api.CodeRateLimited)), syncer.ErrOffline, 0},
		{"internal", ours(500, problem(500, api.CodeInternal)), syncer.ErrOffline, 0},
		{"bad gateway", without(ours(502, "<html>")), syncer.ErrOffline, 0},
		{"unavailable", ours(503, problem(503, api.CodeUnavailable), "Retry-After", "7"), syncer.ErrOffline, 7 * time.Second},
		{"a body without end", bomb, syncer.ErrOffline, 0},
		{"reset before the answer", hijack(""), syncer.ErrOffline, 0},
		{"reset in mid-body", hijack("HTTP/1.1 200 OK\r\nKith-Protocol: 1\r\nContent-Length: 100\r\n\r\n{\"changes\":"), syncer.ErrOffline, 0},
		{"not HTTP", hijack("SSH-2.0-OpenSSH_9.2\r\n"), syncer.ErrOffline, 0},
		{"silence", func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body); <-r.Context().Done() }, syncer.ErrOffline, 0},
		{"silence in mid-body", func(w http.ResponseWriter, r *http.Request) {
			ours(200, `{"changes":`)(w, r)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, syncer.ErrOffline, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := httptest.NewServer(c.handler)
			defer srv.Close()
			r := New(Options{Stall: 100 * time.Millisecond}).Open(syncer.Account{Server: srv.URL}, "secret")
			var err error
			if strings.HasPrefix(c.name, "too large") {
				_, err = r.Push(t.Context(), "b", "", []syncer.Outgoing{{ChangeID: "1", ID: "a", Operation: api.Delete}})
			} else {
				_, err = r.Changes(t.Context(), "b", "", 1, 0)
			}
			if c.want == nil && err != nil || c.want != nil && !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			for _, other := range []error{syncer.ErrOffline, syncer.ErrSignIn, syncer.ErrForbidden, syncer.ErrConflict, syncer.ErrCursorUnknown, syncer.ErrCursorExpired, syncer.ErrTooLarge, syncer.ErrRefused, syncer.ErrUpdateNeeded} {
				if other != c.want && errors.Is(err, other) {
					t.Errorf("%v is also %v", err, other)
				}
			}
			var offline *syncer.OfflineError
			if errors.As(err, &offline) {
				if d := (offline.RetryAfter - c.retry).Abs(); d > 5*time.Second {
					t.Errorf("retry after %v, want %v", offline.RetryAfter, c.retry)
				}
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := "http://" + ln.Addr().String()
	_ = ln.Close()
	secure := httptest.NewTLSServer(ours(200, emptyPage))
	defer secure.Close()
	secure.Config.ErrorLog = nil
	plain := httptest.NewServer(ours(200, emptyPage))
	defer plain.Close()

	for _, c := range []struct{ name, url, want string }{
		{"refused port", refused, "connection refused"},
		{"unknown host", "http://kith.invalid", "host named"},
		{"a certificate of nobody", secure.URL, "certificate"},
		{"TLS to a plain port", strings.Replace(plain.URL, "http:", "https:", 1), "TLS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := New(Options{}).Open(syncer.Account{Server: c.url}, "secret")
			_, err := r.Changes(t.Context(), "b", "", 1, 0)
			var offline *syncer.OfflineError
			if !errors.As(err, &offline) || !errors.Is(err, syncer.ErrOffline) {
				t.Fatalf("got %v, want an OfflineError", err)
			}
			if c.name == "unknown host" && strings.Contains(offline.Reason, "looked up") {
				return // no name server here: as good an answer
			}
			if !strings.Contains(offline.Reason, c.want) {
				t.Errorf("reason %q does not speak of %q", offline.Reason, c.want)
			}
		})
	}
}

// A caller who gives up gets its own error: that is not being offline.
func TestCancel(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer srv.Close()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := New(Options{}).Open(syncer.Account{Server: srv.URL}, "s").Changes(ctx, "b", "", 1, time.Minute)
	if !errors.Is(err, context.Canceled) || errors.Is(err, syncer.ErrOffline) {
		t.Fatalf("got %v, want only context.Canceled", err)
	}
}

// The token goes to the server of the account and to nobody that it names.
func TestRedirectGetsNoToken(t *testing.T) {
	var got string
	thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { got = "asked" }))
	defer thief.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		srv := httptest.NewServer(ours(status, "", "Location", thief.URL))
		_, err := New(Options{}).Open(syncer.Account{Server: srv.URL}, "secret").Changes(t.Context(), "b", "", 1, 0)
		srv.Close()
		if err == nil || got != "" {
			t.Errorf("%d: error %v, and the other host was %q", status, err, got)
		}
	}
}

func TestSignIn(t *testing.T) {
	session := `{"token":"t","device_id":"d","user":"ada","limits":{},"time":0}`
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		want    error
		text    string
	}{
		{"good", ours(201, session), nil, ""},
		{"wrong password", ours(401, problem(401, api.CodeBadCredentials)), syncer.ErrCredentials, "wrong user or password"},
		{"a web page", without(ours(200, "<html>")), syncer.ErrNotKith, "no Kith server"},
		{"another service", without(ours(404, "nope")), syncer.ErrNotKith, "404"},
		{"a redirect", without(ours(301, "", "Location", "https://kith.example.org/")), syncer.ErrNotKith, "https://kith.example.org/"},
		{"a proxy before a server that is down", without(ours(502, "")), syncer.ErrOffline, "502"},
		{"an older client", ours(426, problem(426, api.CodeUpdateRequired)), syncer.ErrUpdateNeeded, "too old"},
		{"too many tries", ours(429, problem(429, api.CodeRateLimited), "Retry-After", "60"), syncer.ErrOffline, "pause"},
		{"ours, without a token", ours(200, "{}"), syncer.ErrNotKith, "token"},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := httptest.NewServer(c.handler)
			defer srv.Close()
			a, token, err := New(Options{}).SignIn(t.Context(), syncer.SignInRequest{Server: srv.URL + "/", User: "ada", Password: "pw", Device: "laptop"}, "")
			if c.want == nil {
				if want := (syncer.Account{Server: srv.URL, User: "ada", Device: "laptop", DeviceID: "d"}); err != nil || a != want || token != "t" {
					t.Fatalf("got %v, %q, %v", a, token, err)
				}
				return
			}
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
				t.Fatalf("got %v, want %v with %q", err, c.want, c.text)
			}
		})
	}
}

func TestRequest(t *testing.T) {
	var seen *http.Request
	var body []byte
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r
		in := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Error(err)
				return
			}
			in = z
		}
		body, _ = io.ReadAll(in)
		ours(200, `{"results":[],"cursor":"c2","time":1}`)(w, r)
	}))
	defer srv.Close()
	r := New(Options{}).Open(syncer.Account{Server: srv.URL + "/prefix"}, "secret")
	for _, c := range []struct {
		name, encoding string
		card           string
	}{{"small", "", `{}`}, {"large", "gzip", `{"x":"` + strings.Repeat("a", 4000) + `"}`}} {
		a, err := r.Push(t.Context(), "a/b", "c1", []syncer.Outgoing{{ChangeID: "1", ID: "a", Operation: api.Insert, Card: []byte(c.card)}})
		if err != nil || a.Cursor != "c2" {
			t.Fatalf("%s: %v, %v", c.name, a, err)
		}
		if got := seen.Header.Get("Content-Encoding"); got != c.encoding {
			t.Errorf("%s: encoding %q, want %q", c.name, got, c.encoding)
		}
		if !strings.Contains(string(body), c.card) {
			t.Errorf("%s: the card is not in %.100q", c.name, body)
		}
	}
	for header, want := range map[string]string{"Authorization": "Bearer secret", api.HeaderProtocol: "1", "Accept-Encoding": "gzip"} {
		if got := seen.Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if got := seen.Header.Get("User-Agent"); !strings.HasPrefix(got, "Kith") {
		t.Errorf("User-Agent: %q", got)
	}
	if got := seen.URL.EscapedPath(); got != "/prefix/v1/books/a%2Fb/sync" {
		t.Errorf("path %q", got)
	}
}
