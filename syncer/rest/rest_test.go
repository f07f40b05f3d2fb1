package rest_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kith/api"
	"kith/server/servertest"
	"kith/syncer/remotetest"
	"kith/syncer/rest"
)

// The real server over real sockets does what every Remote does.
func TestServer(t *testing.T) {
	remotetest.Run(t, func(t *testing.T) remotetest.Rig {
		var ahead atomic.Int64 // the server's clock before ours
		l := remotetest.Limits
		srv := servertest.New(t, servertest.Options{
			Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) },
			Limits: api.Limits{
				CardBytes: l.CardBytes, PushChanges: l.PushChanges, PushBytes: l.PushBytes, PageChanges: l.PageChanges,
				BlobBytes: l.BlobBytes, WaitSeconds: 30,
			},
		})
		for _, user := range []string{"ada", "bob", "cyd"} {
			srv.AddUser(user, "correct horse")
		}
		return remotetest.Rig{
			Connector: rest.New(rest.Options{}), Server: srv.URL, User: "ada", Password: "correct horse", Others: [2]string{"bob", "cyd"},
			Backup: func() func() {
				backup := filepath.Join(t.TempDir(), "backup")
				copyDatabase(t, srv, strings.TrimPrefix(srv.DB, "sqlite:"), backup)
				return func() { copyDatabase(t, srv, backup, strings.TrimPrefix(srv.DB, "sqlite:")) }
			},
			Compact: func() {
				ahead.Store(int64(400 * 24 * time.Hour))
				defer ahead.Store(0)
				if _, err := srv.Store().Compact(t.Context()); err != nil {
					t.Fatal(err)
				}
			},
		}
	})
}

// copyDatabase copies the file of a stopped server, as an administrator does who knows no better.
func copyDatabase(t *testing.T, srv *servertest.Server, from, to string) {
	t.Helper()
	srv.Stop()
	defer srv.Start()
	b, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
