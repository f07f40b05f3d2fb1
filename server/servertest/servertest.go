// Package servertest runs a real server for the tests of other packages: a real SQLite file, real HTTP, cheap password hashes.
package servertest

import (
	"cmp"
	"context"
	"database/sql"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"kith/api"
	"kith/server"
	"kith/server/store"
)

// Options have working defaults when zero.
type Options struct {
	Limits  api.Limits
	Now     func() time.Time
	SignIns server.SignInLimits
	DB      string // default: an SQLite file in the test's own folder
	// InMemory: no socket is opened, and URL is an address for the Handler alone; for tests inside a testing/synctest bubble.
	InMemory bool
	Connect  func(dsn string) (*sql.DB, error) // of the store
	// PollInterval is the store's; default 50 ms.
	PollInterval time.Duration
}

// Server is a running server. URL stays the same through Stop and Start.
type Server struct {
	URL string
	DB  string // what kith-server takes as --db

	t         testing.TB
	o         Options
	passwords *server.Passwords
	store     *store.Store
	node      *server.Server
	http      *httptest.Server
	address   string
	requests  atomic.Int64
	bytesIn   atomic.Int64
	bytesOut  atomic.Int64
}

// cheap makes a sign-in take a millisecond; it is the real algorithm.
var cheap = server.Hashing{MemoryKiB: 64, Passes: 1, Threads: 1}

// New starts a server, which ends with the test.
func New(t testing.TB, o Options) *Server {
	t.Helper()
	if o.DB == "" {
		o.DB = "sqlite:" + filepath.Join(t.TempDir(), "server.db")
	}
	s := &Server{t: t, o: o, DB: o.DB, URL: "http://kith.test", passwords: server.NewPasswords(cheap)}
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

// Start starts the server again after a Stop, at the same address with the same database.
func (s *Server) Start() {
	s.t.Helper()
	var err error
	if s.store, err = store.Open(context.Background(), s.DB, store.Options{Now: s.o.Now, PollInterval: cmp.Or(s.o.PollInterval, 50*time.Millisecond), Connect: s.o.Connect}); err != nil {
		s.t.Fatalf("open the server's database: %v", err)
	}
	s.node = server.New(server.Options{Store: s.store, Limits: s.o.Limits, Now: s.o.Now, Hashing: cheap, SignIns: s.o.SignIns})
	if s.o.InMemory {
		return
	}
	address := "127.0.0.1:0"
	if s.address != "" {
		address = s.address
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		s.t.Fatalf("listen again at %s: %v", address, err)
	}
	s.address = l.Addr().String()
	s.http = &httptest.Server{Listener: l, Config: &http.Server{Handler: s.counted(s.node.Handler())}}
	s.http.Start()
	s.URL = s.http.URL
}

// Stop ends the server as a graceful stop does: long polls are answered first. The database stays.
func (s *Server) Stop() {
	if s.store == nil {
		return
	}
	s.node.Drain()
	if s.http != nil {
		s.http.Close()
		s.http = nil
	}
	if err := s.store.Close(); err != nil {
		s.t.Errorf("close the server's database: %v", err)
	}
	s.store = nil
}

// Handler answers without a socket, for an in-memory transport.
func (s *Server) Handler() http.Handler { return s.counted(s.node.Handler()) }

// Store is the open database.
func (s *Server) Store() *store.Store { return s.store }

// AddUser makes an account with its first book.
func (s *Server) AddUser(name, password string) {
	s.t.Helper()
	hash, err := s.passwords.Hash(context.Background(), password)
	if err == nil {
		_, err = s.store.AddUser(context.Background(), name, hash, "Contacts")
	}
	if err != nil {
		s.t.Fatalf("add user %s: %v", name, err)
	}
}

// Traffic is what went over the wire since the last call: requests, and the bytes of their bodies as sent (compressed).
type Traffic struct{ Requests, BytesIn, BytesOut int64 }

// Traffic returns and resets the counters.
func (s *Server) Traffic() Traffic {
	return Traffic{s.requests.Swap(0), s.bytesIn.Swap(0), s.bytesOut.Swap(0)}
}

func (s *Server) counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		r.Body = &countedBody{r.Body, &s.bytesIn}
		next.ServeHTTP(&countedWriter{w, &s.bytesOut}, r)
	})
}

// Plain serves any handler on a socket until the test ends, and returns its address; for comparisons.
func Plain(t testing.TB, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}
