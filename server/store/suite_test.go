package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kith/server/store"
	"kith/server/store/storetest"
)

func TestStore(t *testing.T) { storetest.Each(t, suite) }

// suite is what every database must do.
func suite(t *testing.T, db storetest.New) {
	for _, c := range []struct {
		name string
		run  func(t *testing.T, db storetest.New)
	}{
		{"accounts", testAccounts},
		{"devices", testDevices},
		{"members", testMembers},
		{"books of an account", testBooks},
		{"invitations", testInvitations},
		{"a book made many times at once", testAddBookConcurrently},
		{"an invitation is accepted once, concurrently", testAcceptConcurrently},
		{"owners who leave at once", testOwnersLeave},
		{"a role lowered while pushes run", testRoleLowered},
		{"a member removed elsewhere", testRemovedElsewhere},
		{"sharing is audited", testSharingAudited},
		{"invitations move with the database", testInvitationsMove},
		{"cards come back as they were sent", testFidelity},
		{"a push is conditional", testConditional},
		{"a batch is sequential", testBatch},
		{"exactly once", testExactlyOnce},
		{"exactly once, concurrently", testExactlyOnceConcurrently},
		{"edited_at is capped", testEditedAt},
		{"first walk", testFirstWalk},
		{"a page ends at its bytes", testPageBytes},
		{"no echo", testNoEcho},
		{"no echo after a lost answer", testNoEchoLostAnswer},
		{"cursors of others", testForeignCursors},
		{"a restored backup is noticed", testRestored},
		{"compaction", testCompaction},
		{"old commits", testOldCommits},
		{"blobs", testBlobs},
		{"blobs that nobody needs", testUnneededBlobs},
		{"waiting", testWait},
		{"waiting for another process", testWaitElsewhere},
		{"a cursor never skips a row", testNeverSkips},
		{"replicas agree", testReplicas},
		{"copy", testCopy},
		{"backup and restore", testBackupRestore},
		{"schema", testSchema},
		{"the audit log", testAudit},
		{"attempts", testAttempts},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, db) })
	}
}

// clock can be moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// fixture is a store with one account, its book and a device.
type fixture struct {
	*store.Store
	t     testing.TB
	dsn   string
	clock *clock
	user  store.User
	book  string
}

func open(t testing.TB, dsn string, c *clock) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), dsn, store.Options{Now: c.Now, PollInterval: 10 * time.Millisecond})
	if err != nil {
		t.Fatalf("open %s: %v", dsn, err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func setUp(t testing.TB, db storetest.New) *fixture {
	t.Helper()
	f := &fixture{t: t, dsn: db(t), clock: newClock()}
	f.Store = open(t, f.dsn, f.clock)
	var err error
	if f.user, err = f.AddUser(t.Context(), "Ada", "hash", "Contacts"); err != nil {
		t.Fatal(err)
	}
	books, err := f.Books(t.Context(), f.user.ID)
	if err != nil || len(books) != 1 {
		t.Fatalf("books of a new account: %v, %v", books, err)
	}
	f.book = books[0].ID
	t.Cleanup(func() { f.sound() })
	return f
}

// sound checks, when a test has ended, that it left every row as it should be.
func (f *fixture) sound() {
	s, err := store.Open(context.Background(), f.dsn, store.Options{Now: f.clock.Now})
	if err != nil {
		f.t.Errorf("open after the test: %v", err)
		return
	}
	defer s.Close()
	if r, err := s.Check(context.Background()); err != nil || len(r.Problems) > 0 {
		f.t.Errorf("after the test: %v, %v", r.Problems, err)
	}
}

// device is a client that follows a book: the plainest one that keeps the protocol.
type device struct {
	f      *fixture
	s      *store.Store
	id     string
	cursor string
	has    map[string]store.Change // by contact
	seen   []store.Change          // everything that was ever pulled
}

var ids atomic.Int64

func unique(prefix string) string { return fmt.Sprintf("%s%d", prefix, ids.Add(1)) }

func (f *fixture) device(name string) *device {
	f.t.Helper()
	d, err := f.SignIn(context.Background(), f.user, "", name, unique("token"))
	if err != nil {
		f.t.Fatal(err)
	}
	return &device{f: f, s: f.Store, id: d.ID, has: map[string]store.Change{}}
}

func (d *device) page(limit int) (store.Page, error) {
	p, err := d.s.Changes(context.Background(), store.FeedQuery{Book: d.f.book, Since: d.cursor, Limit: limit})
	if err != nil {
		return p, err
	}
	for _, c := range p.Changes {
		if c.Operation == store.Delete {
			delete(d.has, c.ID)
		} else {
			d.has[c.ID] = c
		}
	}
	d.seen = append(d.seen, p.Changes...)
	d.cursor = p.Cursor
	return p, nil
}

// pull reads to the feed's end and returns what came.
func (d *device) pull() []store.Change {
	d.f.t.Helper()
	var all []store.Change
	for {
		p, err := d.page(3)
		if err != nil {
			d.f.t.Fatalf("pull: %v", err)
		}
		all = append(all, p.Changes...)
		if !p.More {
			return all
		}
	}
}

func (d *device) push(changes ...store.Push) []store.Result {
	d.f.t.Helper()
	a, err := d.s.Push(context.Background(), store.PushRequest{Book: d.f.book, Device: d.id, User: d.f.user.ID, Cursor: d.cursor, Changes: changes})
	if err != nil {
		d.f.t.Fatalf("push: %v", err)
	}
	if len(a.Results) != len(changes) {
		d.f.t.Fatalf("push of %d changes: %d results", len(changes), len(a.Results))
	}
	for i, r := range a.Results {
		if r.ChangeID != changes[i].ChangeID {
			d.f.t.Fatalf("result %d is of change %q, want %q", i, r.ChangeID, changes[i].ChangeID)
		}
		if r.Status == store.Applied && changes[i].Operation == store.Delete {
			delete(d.has, changes[i].ID)
		} else if r.Status == store.Applied {
			d.has[changes[i].ID] = store.Change{ID: changes[i].ID, Rev: r.Rev, Card: changes[i].Card}
		}
	}
	if a.Cursor != "" {
		d.cursor = a.Cursor
	}
	return a.Results
}

// edit is a push of a card that says what.
func edit(id string, base int64, what string) store.Push {
	card, _ := json.Marshal(map[string]string{"note": what})
	op := store.Update
	if base == 0 {
		op = store.Insert
	}
	return store.Push{ChangeID: unique("change"), ID: id, Operation: op, BaseRev: base, Card: card, EditedAt: 1}
}

func remove(id string, base int64) store.Push {
	return store.Push{ChangeID: unique("change"), ID: id, Operation: store.Delete, BaseRev: base, EditedAt: 1}
}

// must pushes one change that has to be applied, and returns its rev.
func (d *device) must(p store.Push) int64 {
	d.f.t.Helper()
	r := d.push(p)[0]
	if r.Status != store.Applied {
		d.f.t.Fatalf("push of %s: %+v, want applied", p.ID, r)
	}
	return r.Rev
}

// state is what a device holds, in a form that can be compared.
func (d *device) state() map[string]string {
	out := map[string]string{}
	for id, c := range d.has {
		out[id] = fmt.Sprint(c.Rev, " ", string(c.Card))
	}
	return out
}

func (f *fixture) agree(a, b *device) {
	f.t.Helper()
	if got, want := a.state(), b.state(); !maps.Equal(got, want) {
		f.t.Fatalf("devices differ:\n%v\n%v", got, want)
	}
}

func changeIDs(changes []store.Change) []string {
	out := []string{}
	for _, c := range changes {
		out = append(out, c.ID)
	}
	return out
}
