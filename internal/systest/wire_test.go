package systest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"sync"
	"testing"
)

// moment is when in a request's life something happens to it.
type moment int

const (
	never    moment = iota
	arriving        // the server has not seen the request
	halfway         // the server has seen the first half of the request's body
	answered        // the server has answered, and the client never hears it
	torn            // the client hears half of the answer
	late            // the client has given up; the request arrives all the same, before the next one
	moments
)

func (m moment) String() string {
	return [...]string{"never", "arriving", "halfway", "answered", "torn", "late"}[m]
}

// wire is the network between the devices and the server: a proxy that can fail one request at a chosen moment.
type wire struct {
	*httptest.Server
	mu    sync.Mutex
	fault func(r *http.Request) (moment, func()) // what to do in the request's life, and when; the request is lost then
	slow  []func()                               // requests that are on their way though nobody waits for the answer
	large func(body []byte) bool                 // answers 413 for the server, as a proxy with a limit of its own; nil: to none
}

func newWire(t *testing.T, s *server) *wire {
	t.Helper()
	target, err := url.Parse(s.url())
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) {
			panic(http.ErrAbortHandler) // a dead server: the client's connection breaks
		},
		ErrorLog: nil,
	}
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.deliver()
		if w.isLarge(r) {
			rw.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		when, do := w.verdict(r)
		switch when {
		case arriving:
			do()
			panic(http.ErrAbortHandler)
		case halfway:
			r.Body = &halfBody{ReadCloser: r.Body, left: max(r.ContentLength, 512) / 2, do: do} // -1: it was not said
		case answered:
			proxy.ServeHTTP(httptest.NewRecorder(), r)
			do()
			panic(http.ErrAbortHandler)
		case torn:
			answer := httptest.NewRecorder()
			proxy.ServeHTTP(answer, r)
			do()
			tear(rw, answer.Result(), answer.Body.Bytes())
		case late:
			body, err := io.ReadAll(r.Body)
			if err == nil {
				again := r.Clone(context.Background())
				again.Body = io.NopCloser(bytes.NewReader(body))
				w.later(func() { proxy.ServeHTTP(httptest.NewRecorder(), again) })
			}
			do()
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(rw, r)
	}))
	t.Cleanup(w.Close)
	return w
}

// refuse makes the wire answer 413 to the pushes whose body, decompressed, is large.
func (w *wire) refuse(large func(body []byte) bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.large = large
}

func (w *wire) isLarge(r *http.Request) bool {
	w.mu.Lock()
	large := w.large
	w.mu.Unlock()
	if large == nil || !isPush(r) {
		return false
	}
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return false // the proxy meets the same
	}
	r.Body = io.NopCloser(bytes.NewReader(raw))
	body := raw
	if z, err := gzip.NewReader(bytes.NewReader(raw)); err == nil {
		body, _ = io.ReadAll(z)
	}
	return large(body)
}

// tear sends an answer's head and half of its body.
func tear(rw http.ResponseWriter, answer *http.Response, body []byte) {
	maps.Copy(rw.Header(), answer.Header)
	rw.Header().Set("Content-Length", strconv.Itoa(len(body)))
	rw.WriteHeader(answer.StatusCode)
	_, _ = rw.Write(body[:len(body)/2])
	_ = http.NewResponseController(rw).Flush()
	panic(http.ErrAbortHandler)
}

func (w *wire) later(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.slow = append(w.slow, f)
}

// deliver lets the requests arrive that were late. The server may be dead by now.
func (w *wire) deliver() {
	w.mu.Lock()
	slow := w.slow
	w.slow = nil
	w.mu.Unlock()
	for _, f := range slow {
		func() {
			defer func() {
				if r := recover(); r != nil && r != http.ErrAbortHandler {
					panic(r)
				}
			}()
			f()
		}()
	}
}

// failing makes verdict decide about each request that comes; the requests of one moment are asked about one by one.
func (w *wire) failing(verdict func(*http.Request) (moment, func())) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = verdict
}

func (w *wire) verdict(r *http.Request) (moment, func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fault == nil {
		return never, nil
	}
	return w.fault(r)
}

// failOnce makes the nth request (1 is the next) that match accepts fail at the moment. It returns whether that has happened.
func (w *wire) failOnce(n int, match func(*http.Request) bool, at moment, do func()) (happened func() bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	hit := false
	w.fault = func(r *http.Request) (moment, func()) {
		if hit || !match(r) {
			return never, nil
		}
		if n--; n > 0 {
			return never, nil
		}
		hit = true
		return at, do
	}
	return func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return hit
	}
}

func (w *wire) heal() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fault = nil
}

// halfBody is a request's body that breaks off.
type halfBody struct {
	io.ReadCloser
	left int64
	do   func()
}

var errCut = errors.New("the wire was cut")

func (b *halfBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		b.do()
		return 0, errCut
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	return n, err
}
