// Package remotetest is what every syncer.Remote must do, as one suite: the engine is right on any remote that passes it.
package remotetest

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"kith/contact"
	"kith/syncer"
)

// Rig is a fresh remote with one account, whose book is empty. Its limits are Limits.
type Rig struct {
	Connector              syncer.Connector
	Server, User, Password string
	Others                 [2]string // two more accounts, with the same password; none: a remote that shares no books

	Backup  func() (restore func()) // copies the remote as a backup does, to put it back later
	Compact func()                  // forgets every tombstone
}

// Limits are what a Rig's remote is made with: small ones, so that the suite is quick.
var Limits = syncer.Limits{CardBytes: 2000, PushChanges: 50, PushBytes: 20_000, PageChanges: 40, BlobBytes: 30_000}

// Run runs the suite; rig makes a new remote for each test.
func Run(t *testing.T, rig func(t *testing.T) Rig) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Rig)
	}{
		{"sign-in", testSignIn},
		{"sign-out", testSignOut},
		{"a change reaches the other device and not its own", testChange},
		{"a push is conditional", testConditional},
		{"deletes", testDelete},
		{"a repeat is answered and not done", testExactlyOnce},
		{"a change id is never used twice", testRepeatAfterOthers},
		{"pages", testPages},
		{"a walk broken off and resumed", testResume},
		{"a walk sees what changes meanwhile", testWalkSeesChanges},
		{"a first walk has no tombstones", testWalkWithoutTombstones},
		{"the cursor stays when others were there", testCursorStays},
		{"limits", testLimits},
		{"long poll", testPoll},
		{"a long poll that brings nothing", testPollEmpty},
		{"two machines with one device's token", testCopiedProfile},
		{"restored from a backup", testRestored},
		{"tombstones compacted", testCompacted},
		{"the time of an edit is capped", testEditedAtCapped},
		{"unknown members are kept", testUnknownMembers},
		{"blobs", testBlobs},
		{"a change names its blobs", testMissingBlob},
		{"a book of nobody", testForbidden},
		{"many devices at once", testCrowd},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, rig(t)) })
	}
	for _, c := range sharing {
		t.Run(c.name, func(t *testing.T) {
			r := rig(t)
			if r.Others == [2]string{} {
				return
			}
			c.test(t, r)
		})
	}
}

// device is one signed-in device, with its place in the feed.
type device struct {
	t       *testing.T
	remote  syncer.Remote
	account syncer.Account
	token   string
	book    string
	cursor  string
}

func (r Rig) device(t *testing.T, name string) *device {
	t.Helper()
	a, token, err := r.Connector.SignIn(t.Context(), syncer.SignInRequest{Server: r.Server, User: r.User, Password: r.Password, Device: name}, "")
	if err != nil {
		t.Fatalf("sign in: %v", err)
	}
	d := &device{t: t, account: a, token: token, remote: r.Connector.Open(a, token)}
	books, _, err := d.remote.Books(t.Context())
	if err != nil || len(books) == 0 {
		t.Fatalf("books: %v, %v", books, err)
	}
	d.book = books[0].ID
	return d
}

// pull takes everything new, page by page, and moves the cursor.
func (d *device) pull() []syncer.Change {
	d.t.Helper()
	var all []syncer.Change
	for {
		p := d.page(Limits.PageChanges)
		all = append(all, p.Changes...)
		if !p.More {
			return all
		}
	}
}

func (d *device) page(limit int) syncer.Page {
	d.t.Helper()
	p, err := d.remote.Changes(d.t.Context(), d.book, d.cursor, limit, 0)
	if err != nil {
		d.t.Fatalf("changes after %q: %v", d.cursor, err)
	}
	if p.Cursor == "" {
		d.t.Fatalf("changes after %q: no cursor", d.cursor)
	}
	if len(p.Changes) > limit || p.Total < len(p.Changes) {
		d.t.Fatalf("changes after %q: %d changes, limit %d, total %d", d.cursor, len(p.Changes), limit, p.Total)
	}
	d.cursor = p.Cursor
	return p
}

// push sends changes and moves the cursor if the answer does.
func (d *device) push(changes ...syncer.Outgoing) []syncer.PushResult {
	d.t.Helper()
	a, err := d.remote.Push(d.t.Context(), d.book, d.cursor, changes)
	if err != nil {
		d.t.Fatalf("push: %v", err)
	}
	if len(a.Results) != len(changes) {
		d.t.Fatalf("push: %d results for %d changes", len(a.Results), len(changes))
	}
	for i, r := range a.Results {
		if r.ChangeID != changes[i].ChangeID {
			d.t.Fatalf("push: result %d is of %q, not of %q", i, r.ChangeID, changes[i].ChangeID)
		}
	}
	if a.Cursor != "" {
		d.cursor = a.Cursor
	}
	return a.Results
}

// applied pushes changes that must all be applied, and returns their revs.
func (d *device) applied(changes ...syncer.Outgoing) []int64 {
	d.t.Helper()
	var revs []int64
	for i, r := range d.push(changes...) {
		if r.Status != syncer.Applied || r.Rev <= changes[i].BaseRev {
			d.t.Fatalf("push: %+v, want it applied with a rev above %d", r, changes[i].BaseRev)
		}
		revs = append(revs, r.Rev)
	}
	return revs
}

func cardJSON(id, name string) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"@type":"Card","name":{"full":%q},"uid":%q,"version":"1.0"}`, name, id))
}

func insert(id, name string) syncer.Outgoing { return update(id, name, 0) }

func update(id, name string, base int64) syncer.Outgoing {
	op := "UPDATE"
	if base == 0 {
		op = "INSERT"
	}
	return syncer.Outgoing{ChangeID: uuid.NewString(), ID: id, Operation: op, BaseRev: base, Card: cardJSON(id, name), EditedAt: 1_700_000_000_000_000}
}

func remove(id string, base int64) syncer.Outgoing {
	return syncer.Outgoing{ChangeID: uuid.NewString(), ID: id, Operation: "DELETE", BaseRev: base, EditedAt: 1_700_000_000_000_000}
}

// inserts makes n contacts, named "c0", "c1", ….
func inserts(n int) []syncer.Outgoing {
	var all []syncer.Outgoing
	for i := range n {
		all = append(all, insert(fmt.Sprintf("c%d", i), fmt.Sprintf("Contact %d", i)))
	}
	return all
}

func mustCard(t *testing.T, raw json.RawMessage) contact.Card {
	t.Helper()
	c, err := contact.Parse(raw)
	if err != nil {
		t.Fatalf("parse %s: %v", raw, err)
	}
	return c
}

// wantOnly checks that changes are exactly these ids, in any order, each once.
func wantOnly(t *testing.T, changes []syncer.Change, ids ...string) {
	t.Helper()
	got := map[string]int{}
	for _, c := range changes {
		got[c.ID]++
	}
	for _, id := range ids {
		if got[id] != 1 {
			t.Fatalf("contact %q came %d times, want once; all: %v", id, got[id], got)
		}
	}
	if len(got) != len(ids) {
		t.Fatalf("got %v, want only %v", got, ids)
	}
}
