package sim

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	gosync "sync"
	"syscall"
	"testing"
	"time"

	"kith/api"
	"kith/server/servertest"
	"kith/server/store"
	"kith/syncer"
	"kith/syncer/memremote"
	"kith/syncer/rest"
)

// real is the backend that people run: the server's handlers on its store, with the rest client, over a wire in memory. Two
// nodes serve one database, and take turns.
type real struct {
	w       *world
	nodes   []*node
	file    string
	books   map[string]string // account -> its book
	backups int
	rest    *rest.Connector

	mu    gosync.Mutex // guards what follows
	turn  int
	fast  time.Duration // the servers' clock before the true one
	taken int64
	took  map[string]bool // changes that were applied, with their revs
}

// node is one process of the server.
type node struct {
	*servertest.Server
	disk *disk
	db   *sql.DB // a look into the file, past the server
}

func newReal(w *world) backend {
	r := &real{w: w, file: filepath.Join(w.dir, "server.db"), took: map[string]bool{}, books: map[string]string{}}
	w.must(os.WriteFile(r.file, emptyServer(w.t), 0o600), "make the server's database")
	for range 2 {
		n := &node{disk: &disk{mu: newTurn()}}
		n.Server = servertest.New(w.t, servertest.Options{
			DB: "sqlite:" + r.file, InMemory: true, PollInterval: time.Second,
			Now:     func() time.Time { return time.Now().Add(r.skew()) },
			Limits:  api.Limits{CardBytes: 256 << 10, PushChanges: 3, PushBytes: 4 << 20, BlobBytes: 1 << 20, PageChanges: 3, WaitSeconds: 30},
			Connect: func(dsn string) (*sql.DB, error) { return n.disk.connect(dsn) },
		})
		w.must(n.look(r.file), "look into the server's database")
		r.nodes = append(r.nodes, n)
	}
	w.t.Cleanup(func() {
		for _, n := range r.nodes {
			n.db.Close()
		}
	})
	for _, name := range []string{user, stranger} {
		u, err := r.store().User(ctx, name)
		w.must(err, "find the user")
		books, err := r.store().Books(ctx, u.ID)
		w.must(err, "list the books")
		r.books[name] = books[0].ID
	}
	r.rest = rest.New(rest.Options{Transport: r})
	return r
}

// emptyServer is the database of a server with its two accounts.
func emptyServer(t testing.TB) []byte {
	emptyServerOnce.Do(func() {
		file := filepath.Join(templates(), "server.db")
		s := servertest.New(t, servertest.Options{DB: "sqlite:" + file, InMemory: true})
		s.AddUser(user, password)
		s.AddUser(stranger, password)
		s.Stop()
		emptyServerFile, emptyServerErr = os.ReadFile(file)
	})
	if emptyServerErr != nil {
		t.Fatal(emptyServerErr)
	}
	return emptyServerFile
}

var (
	emptyServerOnce gosync.Once
	emptyServerFile []byte
	emptyServerErr  error
)

func (n *node) look(file string) (err error) {
	n.db, err = sql.Open("sqlite", "file:"+file+"?_pragma=query_only(1)")
	if err == nil {
		n.db.SetMaxOpenConns(1)
	}
	return err
}

// stop ends the process; start begins a new one.
func (n *node) stop() {
	n.db.Close()
	n.Stop()
}

func (n *node) start(file string) error {
	n.disk = &disk{mu: newTurn()}
	n.Start()
	return n.look(file)
}

func (r *real) connector() syncer.Connector { return r.rest }
func (r *real) address() string             { return r.nodes[0].URL }
func (r *real) store() *store.Store         { return r.nodes[0].Store() }

func (r *real) seq() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.taken
}

func (r *real) skew() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.fast
}

func (r *real) clock(fast time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fast = fast
}

func (r *real) rows(user string) map[string]memremote.Contact {
	all := map[string]memremote.Contact{}
	rows, err := r.nodes[0].db.Query("SELECT id, seq, operation, card FROM contacts WHERE book_id = ?", r.books[user])
	r.w.must(err, "look into the server's database")
	defer rows.Close()
	for rows.Next() {
		var id, operation, card string
		var c memremote.Contact
		r.w.must(rows.Scan(&id, &c.Rev, &operation, &card), "look into the server's database")
		c.Deleted, c.Card = operation == api.Delete, json.RawMessage(card)
		all[id] = c
	}
	r.w.must(rows.Err(), "look into the server's database")
	return all
}

func (r *real) ahead(user, cursor string) (map[string]bool, bool) {
	page, err := r.store().Changes(ctx, store.FeedQuery{Book: r.books[user], Since: cursor, Limit: 100_000})
	if errors.Is(err, store.ErrCursorUnknown) || errors.Is(err, store.ErrCursorExpired) {
		return nil, false
	}
	r.w.must(err, "read the feed")
	ids := map[string]bool{}
	for _, c := range page.Changes {
		ids[c.ID] = true
	}
	return ids, true
}

func (r *real) compact() {
	now := r.skew()
	r.clock(now + 400*24*time.Hour)
	defer r.clock(now)
	_, err := r.store().Compact(ctx)
	r.w.must(err, "compact")
}

func (r *real) revoke() {
	for _, name := range []string{user, stranger} {
		u, err := r.store().User(ctx, name)
		r.w.must(err, "find the user")
		devices, err := r.store().Devices(ctx, u.ID)
		r.w.must(err, "list the devices")
		for _, d := range devices {
			r.w.must(r.store().Revoke(ctx, u.ID, d.ID), "revoke")
		}
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
		n.stop()
	}
	err := f()
	for _, n := range r.nodes {
		err = errors.Join(err, n.start(r.file))
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
	arrive := func() *http.Response { return r.serve(r.next(), req, body) }
	lists := req.Method == http.MethodGet && strings.HasSuffix(req.URL.Path, "/v1/books")
	switch f, n := r.w.wire.next(req.Header.Get("Authorization"), lists); f {
	case lost:
		return nil, syscall.ECONNREFUSED
	case noReply, crash, cancel:
		arrive()
		return nil, io.ErrUnexpectedEOF
	case late:
		r.w.wire.hold(0, func() { arrive() })
		return nil, os.ErrDeadlineExceeded
	case overtaken:
		r.w.wire.hold(1+n%7, func() { arrive() })
		return nil, os.ErrDeadlineExceeded
	case restart:
		return r.killed(req, body, n)
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

// next is the node whose turn it is.
func (r *real) next() *node {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn++
	return r.nodes[r.turn%len(r.nodes)]
}

// serve is a request that arrives at a node.
func (r *real) serve(n *node, req *http.Request, body []byte) *http.Response {
	in := httptest.NewRequest(req.Method, req.URL.String(), bytes.NewReader(body))
	if req.URL.Query().Has("wait") {
		in = in.WithContext(req.Context()) // a poll ends when nobody waits for it; what else has arrived is carried out
	}
	in.Header = req.Header.Clone()
	w := httptest.NewRecorder()
	n.Handler().ServeHTTP(w, in)
	resp := w.Result()
	resp.Request = req
	if req.Method == http.MethodPost && strings.HasSuffix(req.URL.Path, "/sync") && resp.StatusCode == 200 {
		r.w.must(r.note(req, body, resp, w.Body.Bytes()), "read an answer")
	}
	return resp
}

// killed is a request in the middle of which its node is killed, at any SQL statement, and started again. The other node lives on.
func (r *real) killed(req *http.Request, body []byte, n int) (*http.Response, error) {
	if r.w.wire.looping {
		return nil, io.ErrUnexpectedEOF // others are at work on the node
	}
	node := r.next()
	fault := killedBefore
	if n%2 == 0 {
		fault = killedAfter
	}
	node.disk.arm(fault, n/2%25)
	resp := r.serve(node, req, body)
	met := node.disk.disarm()
	node.stop()
	r.w.must(node.start(r.file), "start the node again")
	if !met {
		return resp, nil // it was killed just after it had answered
	}
	for _, name := range []string{user, stranger} { // nobody was told what it committed
		for id, c := range r.rows(name) {
			r.w.model.committed(memremote.Commit{ID: id, Rev: c.Rev, Deleted: c.Deleted, Card: c.Card})
		}
	}
	return nil, io.ErrUnexpectedEOF
}

// note tells the model what the server has taken.
func (r *real) note(req *http.Request, body []byte, resp *http.Response, answer []byte) error {
	var in api.SyncRequest
	var out api.SyncResponse
	err := errors.Join(decode(req.Header, body, &in), decode(resp.Header, answer, &out))
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, res := range out.Results {
		if res.Status == api.Applied {
			c := in.Changes[i]
			r.w.model.committed(memremote.Commit{ChangeID: c.ChangeID, ID: c.ID, Rev: res.Rev, Deleted: c.Operation == api.Delete, Card: c.Card})
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
