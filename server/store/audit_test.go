package store_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/server/store"
	"kith/server/store/storetest"
)

// told is what the audit log says, in short.
func told(t testing.TB, s *store.Store, q store.AuditQuery) []string {
	t.Helper()
	out := []string{}
	err := s.AuditLog(t.Context(), q, func(e store.Event) error {
		out = append(out, strings.TrimRight(fmt.Sprintf("%s %s %s by %q from %q", e.Event, e.User, e.Device, e.By, e.Address), " "))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func testAudit(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	ctx := store.WithOrigin(t.Context(), store.Origin{Address: "192.0.2.7", RequestID: "r1"})
	admin := store.WithOrigin(t.Context(), store.Origin{By: "command line"})
	step := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		f.clock.add(time.Minute)
	}
	f.clock.add(time.Minute)
	a, err := f.SignIn(ctx, f.user, "", "laptop", "t1")
	step(err)
	b, err := f.SignIn(ctx, f.user, "", "phone", "t2")
	step(err)
	step(f.Audit(ctx, store.Event{Event: store.EventSignInRefused, Device: "guesser"}))
	middle := f.clock.Now()
	step(f.SignOut(ctx, a))
	step(f.Revoke(admin, "", b.ID))
	step(f.SetPassword(admin, "ada", "new"))
	eve, err := f.AddUser(admin, "Eve", "x", "Contacts")
	step(err)
	team, err := f.AddBook(ctx, store.NewBook{Owner: eve.ID, Name: "Team"})
	step(err)
	step(f.AddMember(ctx, team.ID, "ada", store.Reader))
	step(f.SetRole(ctx, eve.ID, team.ID, f.user.ID, store.Owner))
	step(f.RemoveUser(admin, "eve"))
	want := []string{
		`user_added Ada  by "" from ""`,
		`sign_in Ada laptop by "" from "192.0.2.7"`,
		`sign_in Ada phone by "" from "192.0.2.7"`,
		`sign_in_refused  guesser by "" from "192.0.2.7"`,
		`sign_out Ada laptop by "" from "192.0.2.7"`,
		`device_revoked Ada phone by "command line" from ""`,
		`password_set Ada  by "command line" from ""`,
		`user_added Eve  by "command line" from ""`,
		`book_added Eve  by "" from "192.0.2.7"`,
		`member_added Ada  by "" from "192.0.2.7"`,
		`role_changed Ada  by "" from "192.0.2.7"`,
		`user_removed Eve  by "command line" from ""`,
	}
	if got := told(t, f.Store, store.AuditQuery{}); !slices.Equal(got, want) {
		t.Errorf("the log:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := told(t, f.Store, store.AuditQuery{User: "EVE", Since: middle}); len(got) != 3 {
		t.Errorf("of Eve, who is gone: %v", got)
	}
	if got := told(t, f.Store, store.AuditQuery{Since: middle}); !slices.Equal(got, want[4:]) {
		t.Errorf("since the middle: %v", got)
	}
	// It moves with the database, says when that was restored, and forgets after a year.
	file := filepath.Join(t.TempDir(), "backup.db")
	step(f.Backup(t.Context(), file))
	dsn := db(t)
	_, err = store.Restore(t.Context(), dsn, file)
	step(err)
	restored := open(t, dsn, f.clock)
	if got := told(t, restored, store.AuditQuery{}); len(got) != len(want)+1 || !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "restored") }) {
		t.Errorf("after a restore: %v", got)
	}
	f.clock.add(store.DefaultAuditAge - f.clock.Now().Sub(middle))
	if c, err := f.Compact(t.Context()); err != nil || c.Audit != 4 {
		t.Errorf("compacted %+v, %v", c, err)
	}
	if got := told(t, f.Store, store.AuditQuery{}); !slices.Equal(got, want[4:]) {
		t.Errorf("a year later: %v", got)
	}
}

func testAttempts(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	other := open(t, f.dsn, f.clock) // another node
	ada := store.Bucket{Name: "ada", Every: time.Minute, Burst: 3}
	home := store.Bucket{Name: "home", Every: 10 * time.Second, Burst: 5}
	take := func(s *store.Store, want time.Duration, buckets ...store.Bucket) {
		t.Helper()
		if wait, err := s.Take(t.Context(), buckets...); err != nil || wait != want {
			t.Fatalf("take: wait %v, %v; want %v", wait, err, want)
		}
	}
	take(f.Store, 0, ada, home)
	take(other, 0, ada, home)
	take(f.Store, 0, ada, home)
	take(other, time.Minute, ada, home) // ada's is empty; nothing was taken from home's
	take(f.Store, 0, home)
	take(f.Store, 0, home)
	take(f.Store, 10*time.Second, home)
	if err := other.GiveBack(t.Context(), ada, home); err != nil {
		t.Fatal(err)
	}
	take(f.Store, 0, ada, home)
	f.clock.add(10 * time.Second)
	take(f.Store, 0, home)
	take(other, 50*time.Second, ada)
	if err := f.ForgetAttempts(t.Context()); err != nil {
		t.Fatal(err)
	}
	take(other, 50*time.Second, ada) // what is owed is not forgotten
	f.clock.add(time.Hour)
	if err := f.ForgetAttempts(t.Context()); err != nil {
		t.Fatal(err)
	}
	// A clock that is set back locks nobody out until its old time comes again.
	take(f.Store, 0, ada, home)
	f.clock.add(-24 * time.Hour)
	take(f.Store, 0, ada, home)
	take(f.Store, 0, ada, home)
	take(f.Store, 0, ada, home)
	take(f.Store, time.Minute, ada, home)
	f.clock.add(24 * time.Hour)
	// At once, from both: exactly as many as the bucket holds.
	var through atomic.Int64
	var work sync.WaitGroup
	for i := range 20 {
		work.Go(func() {
			wait, err := []*store.Store{f.Store, other}[i%2].Take(t.Context(), store.Bucket{Name: "crowd", Every: time.Minute, Burst: 7})
			if err != nil {
				t.Errorf("take: %v", err)
			} else if wait == 0 {
				through.Add(1)
			}
		})
	}
	work.Wait()
	if got := through.Load(); got != 7 {
		t.Errorf("%d of a crowd came through, want 7", got)
	}
}
