package server

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"kith/server/store"
)

// Times end what slow or silent clients hold open.
type Times struct {
	Header time.Duration // to send a request's header
	Body   time.Duration // to send a body, over a slow line
	Idle   time.Duration // between two requests on one connection
	Stop   time.Duration // that a stop waits for requests under way
}

// DefaultTimes suit phones on bad lines.
var DefaultTimes = Times{Header: 10 * time.Second, Body: bodyTime, Idle: 2 * time.Minute, Stop: 15 * time.Second}

// Serve answers on l until ctx ends; then it answers the long polls, lets the requests under way finish, and returns. tlsConfig
// nil: plain HTTP.
func (s *Server) Serve(ctx context.Context, l net.Listener, tlsConfig *tls.Config) error {
	hs := &http.Server{
		Handler:           s.handler,
		TLSConfig:         tlsConfig,
		ReadHeaderTimeout: s.times.Header,
		IdleTimeout:       s.times.Idle,
		// A body's own time-out is the operations'. This one ends an answer that nobody reads; it must outlast the longest poll.
		WriteTimeout:   time.Duration(s.limits.WaitSeconds)*time.Second + 5*time.Minute,
		MaxHeaderBytes: 32 << 10,
		ConnState:      s.countConns,
		ErrorLog:       slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	background, stopBackground := context.WithCancel(ctx)
	defer stopBackground()
	maintained := make(chan struct{})
	go func() {
		defer close(maintained)
		s.maintain(background)
	}()
	served := make(chan error, 1)
	go func() {
		if tlsConfig != nil {
			served <- hs.ServeTLS(l, "", "")
		} else {
			served <- hs.Serve(l)
		}
	}()
	var err error
	select {
	case err = <-served: // the listener broke
	case <-ctx.Done():
		s.log.Info("stopping")
		s.Drain()
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.times.Stop)
		defer cancel()
		if err = hs.Shutdown(stop); err != nil {
			err = errors.Join(errors.New("some requests were still under way and have been broken off"), hs.Close())
		}
		<-served
	}
	stopBackground()
	<-maintained
	return err
}

func (s *Server) countConns(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.metrics.conns.Inc()
	case http.StateClosed, http.StateHijacked:
		s.metrics.conns.Dec()
	}
}

// maintain removes what is too old to matter, at the start and daily; wrong passwords that are paid for, each ten minutes. Any node
// may; two at once are harmless.
func (s *Server) maintain(ctx context.Context) {
	daily, often := time.NewTicker(24*time.Hour), time.NewTicker(10*time.Minute)
	defer daily.Stop()
	defer often.Stop()
	s.compact(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-often.C:
			if err := s.store.ForgetAttempts(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("forget attempts", "error", err)
			}
		case <-daily.C:
			s.compact(ctx)
		}
	}
}

func (s *Server) compact(ctx context.Context) {
	switch c, err := s.store.Compact(ctx); {
	case ctx.Err() != nil:
	case err != nil:
		s.log.Error("compact", "error", err)
	case c != (store.Compacted{}):
		s.log.Info("compacted", "tombstones", c.Tombstones, "commits", c.Commits, "answers", c.Results, "audit", c.Audit, "blobs", c.Blobs)
	}
}
