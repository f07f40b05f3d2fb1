package remotetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/syncer"
)

func testSignIn(t *testing.T, r Rig) {
	for _, c := range []struct{ user, password string }{{r.User, r.Password + "x"}, {"nobody", r.Password}} {
		_, _, err := r.Connector.SignIn(t.Context(), syncer.SignInRequest{Server: r.Server, User: c.user, Password: c.password, Device: "d"}, "")
		if !errors.Is(err, syncer.ErrCredentials) {
			t.Errorf("user %q: got %v, want ErrCredentials", c.user, err)
		}
	}
	a, b := r.device(t, "a"), r.device(t, "b")
	if a.account.DeviceID == "" || a.account.DeviceID == b.account.DeviceID || a.token == b.token {
		t.Errorf("two devices: %+v and %+v", a.account, b.account)
	}
	if a.account.User != r.User || a.account.Server == "" || a.book != b.book {
		t.Errorf("account %+v, books %q and %q", a.account, a.book, b.book)
	}
	again, _, err := r.Connector.SignIn(t.Context(), syncer.SignInRequest{Server: r.Server, User: r.User, Password: r.Password, Device: "a"}, a.account.DeviceID)
	if err != nil || again.DeviceID != a.account.DeviceID {
		t.Errorf("the same device again: %+v, %v", again, err)
	}
	_, limits, err := b.remote.Books(t.Context())
	if err != nil || limits != Limits {
		t.Errorf("limits %+v, %v, want %+v", limits, err, Limits)
	}
}

func testSignOut(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	if err := a.remote.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.remote.Changes(t.Context(), a.book, "", 10, 0); !errors.Is(err, syncer.ErrSignIn) {
		t.Errorf("changes: got %v, want ErrSignIn", err)
	}
	if _, err := a.remote.Push(t.Context(), a.book, "", inserts(1)); !errors.Is(err, syncer.ErrSignIn) {
		t.Errorf("push: got %v, want ErrSignIn", err)
	}
	wantOnly(t, b.pull())
}

func testChange(t *testing.T, r Rig) {
	a, b := r.device(t, "laptop"), r.device(t, "desktop")
	a.pull()
	b.pull()
	in := insert("x", "Ada")
	rev := a.applied(in)[0]
	wantOnly(t, a.pull())
	got := b.pull()
	wantOnly(t, got, "x")
	c := got[0]
	if c.Rev != rev || c.Deleted || c.Device != a.account.DeviceID || c.DeviceName != "laptop" || c.EditedAt != in.EditedAt {
		t.Errorf("got %+v", c)
	}
	if !c.Card.Equal(mustCard(t, in.Card)) {
		t.Errorf("card %s, want %s", c.Card.JSON(), in.Card)
	}
	second := update("x", "Ada L.", rev)
	rev = b.applied(second)[0]
	wantOnly(t, b.pull())
	got = a.pull()
	wantOnly(t, got, "x")
	if got[0].Rev != rev || !got[0].Card.Equal(mustCard(t, second.Card)) {
		t.Errorf("got %+v", got[0])
	}
	wantOnly(t, a.pull())
	if p := a.page(10); p.More || p.Clock.Offset.Abs() > time.Minute || time.Since(p.Clock.Server).Abs() > time.Minute {
		t.Errorf("at the end: more %v, clock %v", p.More, p.Clock)
	}
}

func testConditional(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	rev := a.applied(insert("x", "Ada"))[0]
	newer := a.applied(update("x", "Ada L.", rev))[0]
	for _, c := range []struct {
		name    string
		change  syncer.Outgoing
		current bool
	}{
		{"inserted twice", insert("x", "Other"), true},
		{"updated from an older state", update("x", "Other", rev), true},
		{"updated from a state of the future", update("x", "Other", newer+100), true},
		{"deleted from an older state", remove("x", rev), true},
		{"updated, and the server never had it", update("y", "Other", 3), false},
	} {
		res := b.push(c.change)[0]
		if res.Status != syncer.Conflict || (res.Current != nil) != c.current {
			t.Errorf("%s: got %+v", c.name, res)
			continue
		}
		if c.current && (res.Current.ID != "x" || res.Current.Rev != newer || res.Current.Card.FullName() != "Ada L.") {
			t.Errorf("%s: current %+v", c.name, res.Current)
		}
	}
	// One conflict in a batch holds up nothing else, and the order of results is the order of changes.
	res := b.push(insert("p", "P"), update("x", "Other", rev), insert("q", "Q"))
	if res[0].Status != syncer.Applied || res[1].Status != syncer.Conflict || res[2].Status != syncer.Applied {
		t.Errorf("a batch with a conflict: %+v", res)
	}
	wantOnly(t, a.pull(), "x", "p", "q")
}

func testDelete(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	a.pull()
	rev := a.applied(insert("x", "Ada"))[0]
	wantOnly(t, b.pull(), "x")
	gone := a.applied(remove("x", rev))[0]
	got := b.pull()
	wantOnly(t, got, "x")
	if !got[0].Deleted || got[0].Rev != gone {
		t.Errorf("got %+v, want it deleted at %d", got[0], gone)
	}
	if res := b.push(insert("x", "Ada again"))[0]; res.Status != syncer.Conflict || res.Current == nil || !res.Current.Deleted {
		t.Errorf("inserted over a tombstone: %+v", res)
	}
	back := b.applied(update("x", "Ada again", gone))[0]
	got = a.pull()
	wantOnly(t, got, "x")
	if got[0].Deleted || got[0].Rev != back {
		t.Errorf("got %+v, want it back at %d", got[0], back)
	}
}

func testExactlyOnce(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	a.pull()
	batch := inserts(5)
	lost := a.cursor
	first := a.push(batch...)
	after := a.cursor
	a.cursor = lost // the answer never came
	second := a.push(batch...)
	for i := range first {
		if first[i].Status != syncer.Applied || second[i].Status != syncer.Applied || first[i].Rev != second[i].Rev || first[i].EditedAt != second[i].EditedAt {
			t.Errorf("answered %+v, and then %+v", first[i], second[i])
		}
	}
	if a.cursor != lost && a.cursor != after {
		t.Errorf("the repeat moved the cursor to %q, not to %q", a.cursor, after)
	}
	got := b.pull()
	wantOnly(t, got, "c0", "c1", "c2", "c3", "c4")
	for i, c := range got {
		if c.Rev != first[i].Rev {
			t.Errorf("%s is at %d, was answered %d", c.ID, c.Rev, first[i].Rev)
		}
	}
	// The same id twice in one request is one change, too.
	one := insert("twice", "T")
	if res := a.push(one, one); res[0].Status != syncer.Applied || res[1].Status != syncer.Applied || res[0].Rev != res[1].Rev {
		t.Errorf("twice in one request: %+v", res)
	}
}

// A repeat is answered as it was, also when the contact has moved on since: the device must learn that its own edit got through.
func testRepeatAfterOthers(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	in := insert("x", "Ada")
	rev := a.applied(in)[0]
	b.pull()
	newer := b.applied(update("x", "Ada L.", rev))[0]
	res := a.push(in)[0]
	if res.Status != syncer.Applied || res.Rev != rev {
		t.Errorf("got %+v, want it applied at %d", res, rev)
	}
	got := a.pull()
	wantOnly(t, got, "x")
	if got[0].Rev != newer || got[0].Card.FullName() != "Ada L." {
		t.Errorf("got %+v", got[0])
	}
}

func testLimits(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	if _, err := a.remote.Push(t.Context(), a.book, a.cursor, inserts(Limits.PushChanges+1)); !errors.Is(err, syncer.ErrTooLarge) {
		t.Errorf("too many changes: got %v, want ErrTooLarge", err)
	}
	var big []syncer.Outgoing
	for i := range 30 {
		big = append(big, insert(fmt.Sprintf("big%d", i), strings.Repeat("x", 1500)))
	}
	if _, err := a.remote.Push(t.Context(), a.book, a.cursor, big); !errors.Is(err, syncer.ErrTooLarge) {
		t.Errorf("too many bytes: got %v, want ErrTooLarge", err)
	}
	wantOnly(t, b.pull())
	res := a.push(insert("p", "P"), insert("large", strings.Repeat("x", Limits.CardBytes)), insert("q", "Q"))
	if res[0].Status != syncer.Applied || res[1].Status != syncer.Rejected || res[1].Reason == "" || res[2].Status != syncer.Applied {
		t.Errorf("a card over the limit: %+v", res)
	}
	wantOnly(t, b.pull(), "p", "q")
}

func testEditedAtCapped(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	future := insert("x", "Ada")
	future.EditedAt = time.Now().Add(240 * time.Hour).UnixMicro()
	res := a.push(future)[0]
	limit := time.Now().Add(time.Minute).UnixMicro()
	if res.Status != syncer.Applied || res.EditedAt > limit || res.EditedAt == 0 {
		t.Errorf("got %+v, want a time not after now", res)
	}
	if got := b.pull(); len(got) != 1 || got[0].EditedAt != res.EditedAt {
		t.Errorf("the feed says %+v, the answer said %d", got, res.EditedAt)
	}
}

func testUnknownMembers(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	in := insert("x", "Ada")
	in.Card = []byte(`{"@type":"Card","example.com:mood":{"a":[1,2.50,null,true],"n":12345678901234567890.123},"name":{"full":"Ada <&> \u2028 é"},"uid":"x","version":"1.0"}`)
	a.applied(in)
	got := b.pull()
	wantOnly(t, got, "x")
	if !got[0].Card.Equal(mustCard(t, in.Card)) {
		t.Errorf("got %s, want %s", got[0].Card.JSON(), in.Card)
	}
}

func testForbidden(t *testing.T, r Rig) {
	a := r.device(t, "a")
	if _, err := a.remote.Changes(t.Context(), "no-such-book", "", 10, 0); !errors.Is(err, syncer.ErrForbidden) {
		t.Errorf("changes: got %v, want ErrForbidden", err)
	}
	if _, err := a.remote.Push(t.Context(), "no-such-book", "", inserts(1)); !errors.Is(err, syncer.ErrForbidden) {
		t.Errorf("push: got %v, want ErrForbidden", err)
	}
}

// Many devices push to the same contacts at once: of each state, exactly one device makes the next, and no feed skips a change.
func testCrowd(t *testing.T, r Rig) {
	const devices, rounds = 4, 15
	var wg sync.WaitGroup
	var mu sync.Mutex
	wins := map[int64]string{} // rev -> what was applied there
	base := r.device(t, "first").applied(insert("x", "start"))[0]
	readers := make([]*device, devices)
	seen := make([]map[string]bool, devices)
	for n := range devices {
		d := r.device(t, fmt.Sprintf("d%d", n))
		readers[n], seen[n] = d, map[string]bool{}
		wg.Go(func() {
			at := base
			for i := range rounds {
				ch := update("x", fmt.Sprintf("%d-%d", n, i), at)
				a, err := d.remote.Push(t.Context(), d.book, d.cursor, []syncer.Outgoing{ch, insert(fmt.Sprintf("own-%d-%d", n, i), "O")})
				if err != nil {
					t.Errorf("push: %v", err)
					return
				}
				switch res := a.Results[0]; res.Status {
				case syncer.Applied:
					mu.Lock()
					if other, ok := wins[res.Rev]; ok {
						t.Errorf("rev %d was given to %s and to %d-%d", res.Rev, other, n, i)
					}
					wins[res.Rev] = fmt.Sprintf("%d-%d from %d", n, i, at)
					mu.Unlock()
					at = res.Rev
				case syncer.Conflict:
					if res.Current == nil || res.Current.Rev == at {
						t.Errorf("conflict with %+v, and we are at %d", res.Current, at)
						return
					}
					at = res.Current.Rev
				default:
					t.Errorf("got %+v", res)
				}
				p, err := d.remote.Changes(t.Context(), d.book, d.cursor, 5, 0)
				if err != nil {
					t.Errorf("changes: %v", err)
					return
				}
				d.cursor = p.Cursor
				for _, c := range p.Changes {
					seen[n][c.ID] = true
				}
			}
		})
	}
	wg.Wait()
	for n, d := range readers {
		for _, c := range d.pull() {
			seen[n][c.ID] = true
		}
		for other := range devices {
			for i := range rounds {
				if id := fmt.Sprintf("own-%d-%d", other, i); other != n && !seen[n][id] {
					t.Errorf("device %d never saw %s", n, id)
				}
			}
		}
	}
	from := map[string]int{}
	for _, w := range wins {
		from[w[strings.Index(w, "from"):]]++
	}
	for w, n := range from {
		if n != 1 {
			t.Errorf("%d changes were applied %s", n, w)
		}
	}
}
