package sim

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kith/api"
	"kith/server/servertest"
	"kith/server/store"
	"kith/syncer"
	"kith/syncer/rest"
)

// real is the backend that people run: the server's handlers on its store, with the rest client, over a wire in memory. Two
// nodes serve one database, and take turns.
type real struct {
	w       *world
	nodes   []*servertest.Server
	turn    int
	file    string
	ahead   time.Duration // the servers' clock before the true one
	taken   int64
	took    map[string]bool // changes that were applied, with their revs
	backups int
	late    []func() // requests that were given up and are still on their way
	rest    *rest.Connector
}

func newReal(w *world) backend {
	r := &real{w: w, file: filepath.Join(w.dir, "server.db"), took: map[string]bool{}}
	t := w.t
	options := servertest.Options{
		DB: "sqlite:" + r.file, InMemory: true,
		Now:    func() time.Time { return time.Now().Add(r.ahead) },
		Limits: api.Limits{CardBytes: 256 << 10, PushChanges: 3, PushBytes: 4 << 20, BlobBytes: 1 << 20, PageChanges: 3, WaitSeconds: 30},
	}
	r.nodes = []*servertest.Server{servertest.New(t, options), servertest.New(t, options)}
	r.nodes[0].AddUser(user, password)
	r.rest = rest.New(rest.Options{Transport: r})
	return r
}

func (r *real) connector() syncer.Connector { return r.rest }
func (r *real) address() string             { return r.nodes[0].URL }
func (r *real) seq() int64                  { return r.taken }

func (r *real) store() *store.Store { return r.nodes[0].Store() }

func (r *real) account() (store.User, store.Book) {
	u, err := r.store().User(ctx, user)
	r.w.must(err, "find the user")
	books, err := r.store().Books(ctx, u.ID)
	r.w.must(err, "list the books")
	return u, books[0]
}

func (r *real) live() map[string]string {
	all := map[string]string{}
	_, book := r.account()
	page, err := r.store().Changes(ctx, store.FeedQuery{Book: book.ID, Limit: 100_000})
	r.w.must(err, "read the server's contacts")
	for _, c := range page.Changes {
		all[c.ID] = string(c.Card)
	}
	return all
}

func (r *real) compact() {
	r.ahead = 400 * 24 * time.Hour
	defer func() { r.ahead = 0 }()
	_, err := r.store().Compact(ctx)
	r.w.must(err, "compact")
}

func (r *real) revoke() {
	u, _ := r.account()
	devices, err := r.store().Devices(ctx, u.ID)
	r.w.must(err, "list the devices")
	for _, d := range devices {
		r.w.must(r.store().Revoke(ctx, u.ID, d.ID), "revoke")
	}
}

// backup backs up, and later restores, by the server's commands or by copying files, in turns.
func (r *real) backup() func() {
	r.backups++
	file := filepath.Join(r.w.dir, fmt.Sprint("backup", r.backups))
	byCommand := r.backups%2 == 0
	if byCommand {
		r.w.must(r.store().Backup(ctx, file), "back up")
	} else {
		r.whileStopped(func() error { return copyFile(r.file, file) })
	}
	return func() {
		r.late = nil
		r.whileStopped(func() error {
			if byCommand {
				_, err := store.Restore(ctx, "sqlite:"+r.file, file)
				return err
			}
			return copyFile(file, r.file)
		})
	}
}

func (r *real) whileStopped(f func() error) {
	for _, n := range r.nodes {
		n.Stop()
	}
	err := f()
	for _, n := range r.nodes {
		n.Start()
	}
	r.w.must(err, "copy the server's database")
}

func copyFile(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o600)
}

// RoundTrip is the wire.
func (r *real) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	for _, f := range r.late {
		f()
	}
	r.late = nil
	arrive := func() *http.Response { return r.serve(req, body) }
	switch f := r.w.wire.next(); f {
	case lost:
		return nil, syscall.ECONNREFUSED
	case noReply, crash, cancel:
		arrive()
		return nil, io.ErrUnexpectedEOF
	case late:
		r.late = append(r.late, func() { arrive() })
		return nil, os.ErrDeadlineExceeded
	case twice:
		arrive()
	case torn:
		resp := arrive()
		b, _ := io.ReadAll(resp.Body)
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(b[:len(b)/2]), errorReader{}))
		return resp, nil
	case portal:
		return answer(req, 200, "<html>Sign in to FreeWiFi</html>", "Content-Type", "text/html"), nil
	case busy:
		return answer(req, 503, "", api.HeaderProtocol, "1", "Retry-After", "3"), nil
	case broken:
		arrive()
		return answer(req, 500, "", api.HeaderProtocol, "1"), nil
	case slow:
		return answer(req, 429, "", api.HeaderProtocol, "1", "Retry-After", "30"), nil
	case large:
		if req.Method == http.MethodPost {
			return answer(req, 413, "", "Content-Type", "text/html"), nil
		}
	case elsewhere:
		return answer(req, 302, "", "Location", "https://login.example.org/"), nil
	}
	return arrive(), nil
}

type errorReader struct{}

func (errorReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func answer(req *http.Request, status int, body string, headers ...string) *http.Response {
	w := httptest.NewRecorder()
	for i := 0; i < len(headers); i += 2 {
		w.Header().Set(headers[i], headers[i+1])
	}
	w.WriteHeader(status)
	_, _ = w.WriteString(body)
	resp := w.Result()
	resp.Request = req
	return resp
}

// serve is a request that arrives at the next node.
func (r *real) serve(req *http.Request, body []byte) *http.Response {
	r.turn++
	in := httptest.NewRequest(req.Method, req.URL.String(), bytes.NewReader(body))
	in.Header = req.Header.Clone()
	w := httptest.NewRecorder()
	r.nodes[r.turn%len(r.nodes)].Handler().ServeHTTP(w, in)
	resp := w.Result()
	resp.Request = req
	if req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, "/sync") && resp.StatusCode == 200 {
		r.w.must(r.note(req, body, resp, w.Body.Bytes()), "read an answer")
	}
	return resp
}

// note tells the model what the server has taken.
func (r *real) note(req *http.Request, body []byte, resp *http.Response, answer []byte) error {
	var in api.SyncRequest
	var out api.SyncResponse
	err := errors.Join(decode(req.Header, body, &in), decode(resp.Header, answer, &out))
	if err != nil {
		return err
	}
	for i, res := range out.Results {
		if res.Status == api.Applied {
			c := in.Changes[i]
			r.w.model.committed(c.ID, res.Rev, c.Operation == api.Delete, c.Card)
			if took := fmt.Sprint(res.ChangeID, " ", res.Rev); !r.took[took] {
				r.took[took] = true
				r.taken++
			}
		}
	}
	return nil
}

func decode(h http.Header, body []byte, v any) error {
	in := io.Reader(bytes.NewReader(body))
	if h.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(in)
		if err != nil {
			return err
		}
		in = z
	}
	return json.NewDecoder(in).Decode(v)
}

func TestRealServer(t *testing.T) {
	simulate(t, newReal, max(1, *seeds/3))
}
