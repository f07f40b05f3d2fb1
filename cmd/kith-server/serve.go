package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/adrg/xdg"
	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"kith/server"
	"kith/server/store"
)

const defaultListen = "127.0.0.1:8420"

type serveCmd struct {
	Listen     string `env:"KITH_LISTEN" placeholder:"ADDRESS" help:"Where to listen (default: ${listen}; with --autocert, port 443). Port 0: any that is free."`
	TLSCert    string `name:"tls-cert" env:"KITH_TLS_CERT" placeholder:"FILE" help:"Certificate chain, PEM. A renewed file is taken up by itself."`
	TLSKey     string `name:"tls-key" env:"KITH_TLS_KEY" placeholder:"FILE" help:"Its key, PEM."`
	Autocert   string `env:"KITH_AUTOCERT" placeholder:"HOST" help:"Fetch and renew a certificate for this host from Let's Encrypt; port 443 must be reachable."`
	ACME       string `name:"acme-directory" env:"KITH_ACME_DIRECTORY" placeholder:"URL" help:"Another authority than Let's Encrypt, which speaks ACME (RFC 8555)."`
	TrustProxy bool   `env:"KITH_TRUST_PROXY" help:"Take clients' addresses from X-Forwarded-For; only behind a proxy that sets it."`
	MaxConns   int    `env:"KITH_MAX_CONNS" default:"20000" placeholder:"N" help:"Connections at most; more wait (default: ${default}). Each device that waits for changes holds one."`
	AuditDays  int    `env:"KITH_AUDIT_DAYS" default:"365" placeholder:"N" help:"How long the audit log remembers (default: ${default} days)."`
	LogFormat  string `env:"KITH_LOG_FORMAT" enum:"text,json" default:"text" help:"text or json."`
}

func (c *serveCmd) Run(ctx context.Context, a *app) error {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return usage("--tls-cert and --tls-key go together")
	}
	if c.MaxConns < 1 {
		return usage("--max-conns must be at least 1")
	}
	if c.AuditDays < 1 {
		return usage("--audit-days must be at least 1")
	}
	a.auditAge = time.Duration(c.AuditDays) * 24 * time.Hour
	if c.TLSCert != "" && c.Autocert != "" {
		return usage("choose one of --tls-cert and --autocert")
	}
	tlsConfig, err := c.tls()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(a.errOut, nil))
	if c.LogFormat == "json" {
		log = slog.New(slog.NewJSONHandler(a.errOut, nil))
	}
	return a.withLog(ctx, log, func(s *store.Store) error {
		l, err := net.Listen("tcp", c.address())
		if err != nil {
			return fmt.Errorf("listen at %s: %w (choose another address with --listen)", c.address(), reason(err))
		}
		scheme := "http"
		if tlsConfig != nil {
			scheme = "https"
		}
		fmt.Fprintf(a.out, "kith-server listens on %s://%s\n", scheme, l.Addr())
		log.Info("serving", "address", l.Addr().String(), "database", s.Describe())
		return server.New(server.Options{Store: s, Log: log, TrustProxy: c.TrustProxy}).Serve(ctx, server.LimitConns(l, c.MaxConns), tlsConfig)
	})
}

func (c *serveCmd) address() string {
	switch {
	case c.Listen != "":
		return c.Listen
	case c.Autocert != "":
		return ":443"
	}
	return defaultListen
}

// reason leaves out what net repeats of the address.
func reason(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	return err
}

func (c *serveCmd) tls() (*tls.Config, error) {
	switch {
	case c.Autocert != "":
		m := &autocert.Manager{
			Prompt:     autocert.AcceptTOS,
			HostPolicy: autocert.HostWhitelist(strings.Split(c.Autocert, ",")...),
			Cache:      autocert.DirCache(filepath.Join(xdg.DataHome, "kith-server", "autocert")),
		}
		if c.ACME != "" {
			m.Client = &acme.Client{DirectoryURL: c.ACME}
		}
		t := m.TLSConfig()
		t.MinVersion = tls.VersionTLS12
		return t, nil
	case c.TLSCert != "":
		files := &certFiles{cert: c.TLSCert, key: c.TLSKey}
		if _, err := files.get(time.Now()); err != nil {
			return nil, err
		}
		return &tls.Config{
			MinVersion:     tls.VersionTLS12,
			GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return files.get(time.Now()) },
		}, nil
	}
	return nil, nil
}

// certFiles reads a certificate anew when its file has changed; while a renewal is half written, the old one goes on.
type certFiles struct {
	cert, key string

	mu      sync.Mutex
	loaded  *tls.Certificate
	changed time.Time
	looked  time.Time
}

func (f *certFiles) get(now time.Time) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.loaded != nil && now.Sub(f.looked) < time.Second {
		return f.loaded, nil
	}
	f.looked = now
	info, err := os.Stat(f.cert)
	if err == nil && f.loaded != nil && info.ModTime().Equal(f.changed) {
		return f.loaded, nil
	}
	var c tls.Certificate
	if err == nil {
		c, err = tls.LoadX509KeyPair(f.cert, f.key)
	}
	if err != nil {
		if f.loaded != nil {
			return f.loaded, nil
		}
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	f.loaded, f.changed = &c, info.ModTime()
	return f.loaded, nil
}
