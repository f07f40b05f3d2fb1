package server

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"kith/api"
	"kith/server/store"
)

// Options have working defaults when zero; Store has none.
type Options struct {
	Store      *store.Store
	Limits     api.Limits
	Log        *slog.Logger
	Now        func() time.Time
	Hashing    Hashing
	TrustProxy bool // take the client's address from X-Forwarded-For, which a reverse proxy sets
	SignIns    SignInLimits
	Times      Times
}

// Server is one node. It may share its database with others.
type Server struct {
	store      *store.Store
	limits     api.Limits
	log        *slog.Logger
	now        func() time.Time
	passwords  *Passwords
	attempts   *attempts
	trustProxy bool
	times      Times
	metrics    *metrics
	handler    http.Handler
	drain      chan struct{}
	drainOnce  sync.Once
}

// New returns a server over an open store, which it does not close.
func New(o Options) *Server {
	if o.Limits == (api.Limits{}) {
		o.Limits = api.DefaultLimits
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.SignIns == (SignInLimits{}) {
		o.SignIns = DefaultSignInLimits
	}
	if o.Times == (Times{}) {
		o.Times = DefaultTimes
	}
	s := &Server{
		store: o.Store, times: o.Times, limits: o.Limits, log: o.Log, now: o.Now, trustProxy: o.TrustProxy,
		passwords: NewPasswords(o.Hashing), attempts: &attempts{limits: o.SignIns, store: o.Store},
		metrics: newMetrics(), drain: make(chan struct{}),
	}
	s.metrics.watch(o.Store)
	s.passwords.took = func(d time.Duration) { s.metrics.hashes.Observe(d.Seconds()) }
	s.handler = s.routes()
	return s
}

// Handler answers every request; it is what Serve serves.
func (s *Server) Handler() http.Handler { return s.handler }

// Drain answers all long polls at once and lets no new one wait, so that a stop takes no longer than the requests under way.
func (s *Server) Drain() { s.drainOnce.Do(func() { close(s.drain) }) }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	config := huma.DefaultConfig("Kith", "1")
	config.Info.Description = "Contacts, offline first: a feed of changes for each book, and conditional, exactly-once pushes."
	config.CreateHooks = nil                         // no $schema member in answers
	config.AllowAdditionalPropertiesByDefault = true // a newer client may say more
	config.DocsPath, config.SchemasPath = "", ""
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		bearer: {Type: "http", Scheme: "bearer", Description: "the token of POST /v1/sessions"},
	}
	h := humago.New(mux, config)
	h.UseMiddleware(s.authenticate(h))
	s.registerSessions(h)
	s.registerDevices(h)
	s.registerBooks(h)
	s.registerMembers(h)
	s.registerInvitations(h)
	s.registerFeed(h)
	s.registerBlobs(h)
	mux.HandleFunc("GET "+joinPath, showJoin)
	mux.HandleFunc("GET "+joinPath+"/{$}", showJoin) // as some programs write an address
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { writeText(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, newProblem(http.StatusNotFound, api.CodeNotFound, "there is nothing at this address; the protocol's addresses begin with /v1"))
	})
	return s.middleware(mux)
}

func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	select {
	case <-s.drain:
		writeText(w, http.StatusServiceUnavailable, "stopping\n")
		return
	default:
	}
	if err := s.store.Ping(ctx); err != nil {
		s.log.ErrorContext(ctx, "not ready", "error", err)
		writeText(w, http.StatusServiceUnavailable, "the database does not answer\n")
		return
	}
	writeText(w, http.StatusOK, "ready\n")
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(text))
}
