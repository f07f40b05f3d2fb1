package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"kith/api"
	"kith/server/store"
)

type doctorCmd struct {
	URL string `placeholder:"URL" help:"Also ask the server at this address, as a device would reach it."`
}

// Run looks at everything before it fails, so that one run tells all that is wrong.
func (c *doctorCmd) Run(ctx context.Context, a *app) error {
	found := 0
	say := func(ok bool, format string, args ...any) {
		mark := "ok     "
		if !ok {
			mark, found = "PROBLEM", found+1
		}
		fmt.Fprintf(a.out, "%s  %s\n", mark, fmt.Sprintf(format, args...))
	}
	if err := a.with(ctx, func(s *store.Store) error { return examine(ctx, s, say) }); err != nil {
		say(false, "the database: %v", err)
	}
	if c.URL != "" {
		c.visit(ctx, say)
	}
	if found > 0 {
		return fmt.Errorf("%d problems found; what they are is above", found)
	}
	return nil
}

// examine looks at the database.
func examine(ctx context.Context, s *store.Store, say func(ok bool, format string, args ...any)) error {
	say(true, "the database %s opens, and its schema is up to date", s.Describe())
	start := time.Now()
	if err := s.Ping(ctx); err != nil {
		return err
	}
	took := time.Since(start)
	say(took < time.Second, "it answers in %s", took.Round(10*time.Microsecond))
	if file, ok := strings.CutPrefix(s.Describe(), "sqlite:"); ok && runtime.GOOS != "windows" {
		if info, err := os.Stat(file); err == nil && info.Mode().Perm()&0o077 != 0 {
			say(false, "others on this machine may read the file (mode %o): chmod 600 it", info.Mode().Perm())
		}
	}
	switch err := s.CheckNews(ctx); {
	case err == nil:
		say(true, "a message through it arrives: nodes wake each other at once")
	case errors.Is(err, store.ErrUnsupported):
		say(true, "it carries no messages: several nodes look for each other's changes each second")
	default:
		say(false, "nodes can't wake each other, so devices at other nodes wait some seconds: %v (behind PgBouncer, use session pooling)", err)
	}
	r, err := s.Check(ctx)
	if err != nil {
		return err
	}
	say(true, "it holds %d accounts, %d books, %d contacts, %d deletions, %d photos", r.Users, r.Books, r.Contacts, r.Tombstones, r.Blobs)
	for _, p := range r.Problems {
		say(false, "%s", p)
	}
	if len(r.Problems) == 0 {
		say(true, "every row and every photo is as it should be")
	}
	if r.Users == 0 {
		say(false, "there is no account yet: kith-server user add NAME makes one")
	}
	refused := 0
	err = s.AuditLog(ctx, store.AuditQuery{Since: time.Now().Add(-24 * time.Hour)}, func(e store.Event) error {
		if e.Event == store.EventSignInRefused {
			refused++
		}
		return nil
	})
	if err == nil {
		say(true, "%d sign-ins were refused in the last day (kith-server audit --since 24h)", refused)
	}
	return err
}

// visit looks at a running server from outside, as a device does.
func (c *doctorCmd) visit(ctx context.Context, say func(ok bool, format string, args ...any)) {
	seen, err := reach(ctx, c.URL, "/healthz", "/readyz")
	if err != nil {
		say(false, "the server at %s: %v", c.URL, err)
		return
	}
	say(true, "the server at %s answers, and is ready", c.URL)
	if off := seen.clock.Abs(); off > 5*time.Second {
		say(false, "its clock and this machine's are %s apart", off.Round(time.Second))
	}
	if left := time.Until(seen.expires); !seen.expires.IsZero() {
		say(left > 14*24*time.Hour, "its certificate is good for %d more days", int(left.Hours()/24))
	}
}

// readyCmd is for container health checks, where there is no other program to ask with.
type readyCmd struct {
	Listen string `env:"KITH_LISTEN" placeholder:"ADDRESS" help:"Where the server listens (default: ${listen})."`
	URL    string `placeholder:"URL" help:"Or its whole address, where it speaks TLS."`
}

func (c *readyCmd) Run(ctx context.Context, a *app) error {
	url := c.URL
	if url == "" {
		host, port, err := net.SplitHostPort(cmp.Or(c.Listen, defaultListen))
		if err != nil {
			return usage("--listen %q is not HOST:PORT", c.Listen)
		}
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			host = "127.0.0.1"
		}
		url = "http://" + net.JoinHostPort(host, port)
	}
	if _, err := reach(ctx, url, "/readyz"); err != nil {
		return err
	}
	fmt.Fprintln(a.out, "ready")
	return nil
}

// seen is what a server shows of itself.
type seen struct {
	clock   time.Duration // how far its clock is ahead
	expires time.Time     // its certificate; zero: plain HTTP
}

// reach asks a running server what a device and a load balancer would ask.
func reach(ctx context.Context, url string, paths ...string) (s seen, err error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	for _, path := range paths {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(url, "/")+path, nil)
		if err != nil {
			return s, err
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return s, err
		}
		text, err := io.ReadAll(io.LimitReader(answer.Body, 200))
		answer.Body.Close()
		switch version := answer.Header.Get(api.HeaderProtocol); {
		case err != nil:
			return s, err
		case version == "":
			return s, errors.New("what answers there is not kith-server")
		case version != strconv.Itoa(api.Version):
			return s, fmt.Errorf("it speaks protocol %s, this program %d", version, api.Version)
		case answer.StatusCode != http.StatusOK:
			return s, fmt.Errorf("it says %q", strings.TrimSpace(string(text)))
		}
		if at, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
			s.clock = time.Until(at)
		}
		if answer.TLS != nil && len(answer.TLS.PeerCertificates) > 0 {
			s.expires = answer.TLS.PeerCertificates[0].NotAfter
		}
	}
	return s, nil
}
