package syncer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"kith/contact"
	"kith/data"
	"kith/syncer"
	"kith/syncer/memremote"
)

func TestAddedOnTwoDevices(t *testing.T) {
	w := newWorld(t)
	a, b := w.device("a"), w.device("b")
	x, y := a.add("Ada Lovelace"), b.add("Grace Hopper")
	if s := a.sync(); s.Pushed != 1 || s.Pulled != 0 || s.Pending != 0 {
		t.Errorf("first push: %+v", s)
	}
	if s := b.sync(); s.Pushed != 1 || s.Pulled != 1 {
		t.Errorf("the other's: %+v", s)
	}
	if s := a.sync(); s.Pushed != 0 || s.Pulled != 1 {
		t.Errorf("and back: %+v", s)
	}
	w.wantEqual()
	a.want(y, "name=Grace Hopper")
	b.want(x, "name=Ada Lovelace")
}

// A pass with nothing to do sends nothing and writes no contact.
func TestSecondSyncIsQuiet(t *testing.T) {
	w := newWorld(t)
	a, b := w.device("a"), w.device("b")
	a.add("Ada")
	w.settled()
	seq := w.server.Seq("ada")
	var ops []string
	w.server.SetFaults(func(r memremote.Request) memremote.Fault {
		ops = append(ops, r.Op)
		return memremote.Fault{}
	})
	for _, d := range []*device{a, b} {
		if s := d.sync(); s != (syncer.Summary{}) {
			t.Errorf("%s: %+v", d.name, s)
		}
	}
	if got := fmt.Sprint(ops); got != "[books changes books changes]" {
		t.Errorf("requests %v, want a list of the books and one pull each", got)
	}
	if w.server.Seq("ada") != seq {
		t.Error("something was pushed")
	}
}

func TestDifferentFieldsBothStand(t *testing.T) {
	for _, strategy := range []contact.Strategy{contact.StrategyMerge, contact.StrategyAsk} {
		t.Run(string(strategy), func(t *testing.T) {
			w := newWorld(t)
			a, b := w.device("a"), w.device("b")
			a.strategy(strategy)
			b.strategy(strategy)
			x := a.add("Ada")
			w.settled()
			a.set(x, "org=Analytical Engines")
			b.set(x, "title=Countess", "email=ada@example.org")
			w.settled()
			w.wantEqual()
			a.want(x, "org=Analytical Engines", "title=Countess", "email=ada@example.org")
		})
	}
}

func TestSameFieldLaterWins(t *testing.T) {
	w := newWorld(t)
	a, b := w.device("a"), w.device("b")
	x := a.add("Ada")
	w.settled()
	a.set(x, "org=Older")
	b.set(x, "org=Newer", "title=Countess")
	b.sync() // the older edit comes to the server after the newer one
	a.sync()
	w.settled()
	w.wantEqual()
	a.want(x, "org=Newer", "title=Countess")
	if !inHistory(t, w, x, "Older") {
		t.Error("the value that gave way is in no history")
	}
}

// inHistory looks for a value that gave way in the histories of a contact on all devices.
func inHistory(t *testing.T, w *world, id, value string) bool {
	t.Helper()
	for _, d := range w.devices {
		entries, err := d.store.History(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			for _, p := range e.Patch {
				if e.Lost && strings.Contains(string(p.Old), value) {
					return true
				}
			}
		}
	}
	return false
}

func TestNewestTakesTheWholeContact(t *testing.T) {
	w := newWorld(t)
	a, b := w.device("a"), w.device("b")
	a.strategy(contact.StrategyNewest)
	b.strategy(contact.StrategyNewest)
	x := a.add("Ada")
	w.settled()
	a.set(x, "org=Older", "note=gone")
	b.set(x, "title=Countess")
	w.settled()
	w.wantEqual()
	a.want(x, "org=", "note=", "title=Countess")
	if !inHistory(t, w, x, "Older") {
		t.Error("the value that gave way is in no history")
	}
}

func TestAsk(t *testing.T) {
	for _, keep := range []contact.Side{contact.Local, contact.Remote} {
		t.Run(fmt.Sprint(keep), func(t *testing.T) {
			w := newWorld(t)
			a, b := w.device("a"), w.device("b")
			a.strategy(contact.StrategyAsk)
			b.strategy(contact.StrategyAsk)
			x, other := a.add("Ada"), a.add("Other")
			w.settled()
			a.set(x, "org=Of A", "title=Countess")
			a.sync()
			b.set(x, "org=Of B", "note=from b")
			b.set(other, "note=goes through")
			s, err := b.engine.Sync(t.Context())
			if err != nil || s.Conflicts != 1 || s.Pending != 1 {
				t.Fatalf("%+v, %v; want one conflict that waits", s, err)
			}
			if st := b.engine.Status(); st.State != syncer.Idle || st.Conflicts != 1 || st.Pending != 1 {
				t.Errorf("status %+v", st)
			}
			a.sync()
			a.want(other, "note=goes through")
			b.want(x, "org=Of B", "title=Countess", "note=from b") // usable meanwhile
			a.want(x, "org=Of A", "note=")
			conflicts, err := b.store.Conflicts(t.Context())
			if err != nil || len(conflicts) != 1 {
				t.Fatalf("%+v, %v", conflicts, err)
			}
			if err := b.store.Resolve(t.Context(), x, &keep, nil); err != nil {
				t.Fatal(err)
			}
			w.settled()
			w.wantEqual()
			a.want(x, "org="+map[contact.Side]string{contact.Local: "Of B", contact.Remote: "Of A"}[keep], "title=Countess", "note=from b")
		})
	}
}

func TestDeletedHereEditedThere(t *testing.T) {
	for _, c := range []struct {
		strategy    contact.Strategy
		deleteFirst bool
		alive       bool
	}{
		{contact.StrategyMerge, true, true},
		{contact.StrategyMerge, false, true}, // the edit wins, whichever was later
		{contact.StrategyNewest, true, true},
		{contact.StrategyNewest, false, false},
	} {
		t.Run(fmt.Sprintf("%s, deleted first: %v", c.strategy, c.deleteFirst), func(t *testing.T) {
			for _, deleterSyncsFirst := range []bool{true, false} {
				w := newWorld(t)
				a, b := w.device("a"), w.device("b")
				a.strategy(c.strategy)
				b.strategy(c.strategy)
				x := a.add("Ada")
				w.settled()
				if c.deleteFirst {
					a.remove(x)
					b.set(x, "org=Engines")
				} else {
					b.set(x, "org=Engines")
					a.remove(x)
				}
				if deleterSyncsFirst {
					a.sync()
				} else {
					b.sync()
				}
				w.settled()
				w.wantEqual()
				if alive := len(a.live()) == 1; alive != c.alive {
					t.Errorf("alive %v, want %v", alive, c.alive)
				}
			}
		})
	}
}

// The reply is lost after the commit; meanwhile the same contact is edited again. The repeat must make no duplicate, and no
// conflict with ourselves.
func TestLostReply(t *testing.T) {
	w := newWorld(t)
	a, b := w.device("a"), w.device("b")
	a.strategy(contact.StrategyAsk) // where a false conflict would show
	x := a.add("Ada")
	w.settled()
	a.set(x, "org=First")
	y := a.add("Grace")
	w.server.SetFaults(func(r memremote.Request) memremote.Fault { return memremote.Fault{NoReply: r.Op == "push"} })
	if _, err := a.engine.Sync(t.Context()); !errors.Is(err, syncer.ErrOffline) {
		t.Fatalf("got %v, want ErrOffline", err)
	}
	if st := a.engine.Status(); st.State != syncer.Offline || st.Pending != 2 {
		t.Errorf("status %+v", st)
	}
	a.set(x, "org=Second")
	a.remove(y)
	w.server.SetFaults(nil)
	b.sync()
	b.want(x, "org=First")
	b.set(x, "note=by b")
	b.sync()
	a.reopen()
	if s := a.sync(); s.Conflicts != 0 {
		t.Errorf("%+v: a conflict with ourselves", s)
	}
	w.settled()
	w.wantEqual()
	a.want(x, "org=Second", "note=by b")
	if len(a.live()) != 1 {
		t.Errorf("%d contacts, want 1", len(a.live()))
	}
}

func TestRejectedHoldsUpNothing(t *testing.T) {
	w := newWorld(t)
	a := w.device("a")
	x, y := a.add("Poison"), a.add("Fine")
	w.server.SetReject(func(o syncer.Outgoing) string {
		if o.ID == x {
			return "it is poison"
		}
		return ""
	})
	if s := a.sync(); s.Pushed != 1 || s.Rejected != 1 || s.Pending != 1 {
		t.Errorf("%+v", s)
	}
	if st := a.engine.Status(); st.State != syncer.Idle || st.Rejected != 1 {
		t.Errorf("status %+v", st)
	}
	if got := a.contact(x).Rejected; got != "it is poison" {
		t.Errorf("reason %q", got)
	}
	if _, ok := w.server.Contacts("ada")[y]; !ok {
		t.Error("the other was not pushed")
	}
	if s := a.sync(); s.Rejected != 0 {
		t.Errorf("it was sent again: %+v", s)
	}
	w.server.SetReject(func(syncer.Outgoing) string { return "" })
	a.set(x, "note=mended")
	a.sync()
	w.wantEqual()
}

// A batch that is too large is halved; a single change that is too large is set aside.
func TestTooLarge(t *testing.T) {
	w := newWorld(t)
	a := w.device("a")
	big := a.add("Big")
	a.set(big, "note="+string(make([]byte, 0))+fmt.Sprintf("%03000d", 7))
	for i := range 30 {
		a.add(fmt.Sprintf("Contact %d", i))
	}
	w.server.SetLimits(syncer.Limits{CardBytes: 256 << 10, PushChanges: 1000, PushBytes: 2000, PageChanges: 10})
	// The device was told larger limits than hold now.
	w.server.SetFaults(func(r memremote.Request) memremote.Fault {
		if r.Op == "push" && len(r.IDs) > 4 {
			return memremote.Fault{Err: fmt.Errorf("a proxy: %w", syncer.ErrTooLarge)}
		}
		return memremote.Fault{}
	})
	if s := a.sync(); s.Pushed != 30 || s.Rejected != 1 {
		t.Errorf("%+v, want 30 pushed and 1 set aside", s)
	}
	if a.contact(big).Rejected == "" {
		t.Error("the large one was not set aside")
	}
}

// A request that is refused as a whole is halved until the change at fault is alone.
func TestRefusedBatch(t *testing.T) {
	w := newWorld(t)
	a := w.device("a")
	var poison string
	for i := range 20 {
		if id := a.add(fmt.Sprintf("Contact %d", i)); i == 13 {
			poison = id
		}
	}
	w.server.SetFaults(func(r memremote.Request) memremote.Fault {
		for _, id := range r.IDs {
			if id == poison {
				return memremote.Fault{Err: fmt.Errorf("422: %w", syncer.ErrRefused)}
			}
		}
		return memremote.Fault{}
	})
	if s := a.sync(); s.Pushed != 19 || s.Rejected != 1 {
		t.Errorf("%+v, want 19 pushed and 1 set aside", s)
	}
	if a.contact(poison).Rejected == "" {
		t.Error("the one at fault was not set aside")
	}

	// A server that refuses everything is at fault itself: nobody's contacts are set aside one by one.
	b := w.device("b")
	for i := range 20 {
		b.add(fmt.Sprintf("Contact %d", i))
	}
	w.server.SetFaults(func(r memremote.Request) memremote.Fault {
		if r.Op == "push" {
			return memremote.Fault{Err: fmt.Errorf("422: %w", syncer.ErrRefused)}
		}
		return memremote.Fault{}
	})
	if _, err := b.engine.Sync(t.Context()); !errors.Is(err, syncer.ErrRefused) {
		t.Errorf("got %v, want ErrRefused", err)
	}
	if st := b.engine.Status(); st.State != syncer.Failed || st.Rejected > 3 {
		t.Errorf("status %+v", st)
	}
}

// A first sync that is broken off at every page goes on where it was.
func TestFirstSyncResumes(t *testing.T) {
	w := newWorld(t)
	a := w.device("a")
	for i := range 95 {
		a.add(fmt.Sprintf("Contact %d", i))
	}
	a.sync()
	w.server.SetLimits(syncer.Limits{CardBytes: 256 << 10, PushChanges: 1000, PushBytes: 4 << 20, PageChanges: 10})
	b := w.device("b")
	for tries := 0; ; tries++ {
		ctx, cancel := context.WithCancel(t.Context())
		pages := 0
		w.server.SetFaults(func(r memremote.Request) memremote.Fault {
			if r.Op == "changes" {
				if pages++; pages == 3 {
					cancel()
				}
			}
			return memremote.Fault{}
		})
		before := len(b.live())
		_, err := b.engine.Sync(ctx)
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if got := len(b.live()); got%10 != 0 || tries > 1 && got <= before {
			t.Fatalf("try %d: %d contacts, %d before: want whole pages, and progress", tries, got, before)
		}
		if tries > 20 {
			t.Fatal("it starts over and over")
		}
		b.reopen()
	}
	w.wantEqual()
}

func TestServerRestored(t *testing.T) {
	w := newWorld(t)
	a, b := w.device("a"), w.device("b")
	x, y, z := a.add("Ada"), a.add("Grace"), a.add("Gone")
	w.settled()
	restore := w.server.Snapshot()
	a.set(x, "org=After the backup")
	n := a.add("New after the backup")
	w.settled()
	a.remove(z)
	w.settled()
	restore()
	b.set(y, "org=Offline edit")
	w.settled()
	w.wantEqual()
	for _, d := range w.devices {
		d.want(x, "org=After the backup")
		d.want(y, "org=Offline edit")
		d.want(n, "name=New after the backup")
	}
	if len(a.live()) < 3 {
		t.Errorf("%d contacts", len(a.live()))
	}
}

func TestCursorExpired(t *testing.T) {
	w := newWorld(t)
	a, b := w.device("a"), w.device("b")
	x, y, z := a.add("Ada"), a.add("Grace"), a.add("Edited")
	w.settled()
	a.remove(x, z)
	a.sync()
	w.server.Compact()
	b.set(z, "org=Edited while away")
	n := b.add("Added while away")
	w.settled()
	w.wantEqual()
	if _, ok := b.live()[x]; ok {
		t.Error("a contact that was deleted long ago came back")
	}
	for _, id := range []string{y, z, n} {
		if _, ok := a.live()[id]; !ok {
			t.Errorf("%s is gone", id)
		}
	}
}

func TestSignInNeeded(t *testing.T) {
	w := newWorld(t)
	a := w.device("a")
	a.add("Ada")
	w.server.Revoke()
	if _, err := a.engine.Sync(t.Context()); !errors.Is(err, syncer.ErrSignIn) {
		t.Fatalf("got %v, want ErrSignIn", err)
	}
	if st := a.engine.Status(); st.State != syncer.SignInNeeded || st.Pending != 1 {
		t.Errorf("status %+v", st)
	}
	err := a.engine.SignIn(t.Context(), syncer.SignInRequest{Server: address, User: "ada", Password: "wrong", Device: "a"})
	if !errors.Is(err, syncer.ErrCredentials) {
		t.Fatalf("got %v, want ErrCredentials", err)
	}
	if err := a.engine.SignIn(t.Context(), syncer.SignInRequest{Server: address, User: "ada", Password: "secret", Device: "a"}); err != nil {
		t.Fatal(err)
	}
	a.sync()
	w.wantEqual()
}

func TestSignOutKeepsContacts(t *testing.T) {
	w := newWorld(t)
	a := w.device("a")
	x := a.add("Ada")
	a.sync()
	a.set(x, "org=Unsent")
	if err := a.engine.SignOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.engine.Sync(t.Context()); !errors.Is(err, data.ErrNotSignedIn) {
		t.Fatalf("got %v, want ErrNotSignedIn", err)
	}
	if st := a.engine.Status(); st.State != syncer.SignedOut || st.Pending != 1 {
		t.Errorf("status %+v", st)
	}
	a.want(x, "org=Unsent")
	if err := a.engine.SignIn(t.Context(), syncer.SignInRequest{Server: address, User: "ada", Password: "secret", Device: "a"}); err != nil {
		t.Fatal(err)
	}
	if s := a.sync(); s.Pushed != 1 {
		t.Errorf("%+v, want the unsent edit pushed", s)
	}
	w.wantEqual()
}

// The status is there before anything runs, for programs that only ask.
func TestStatusAtRest(t *testing.T) {
	w := newWorld(t)
	a := w.device("a")
	if st := a.engine.Status(); st.State != syncer.Idle || st.User != "ada" || st.Server != address || !st.LastSync.IsZero() {
		t.Errorf("status %+v", st)
	}
	a.add("Ada")
	a.sync()
	a.add("Grace")
	w.server.SetFaults(func(memremote.Request) memremote.Fault { return memremote.Fault{Lost: true} })
	if _, err := a.engine.Sync(t.Context()); err == nil {
		t.Fatal("no error")
	}
	a.reopen()
	if st := a.engine.Status(); st.State != syncer.Offline || st.Pending != 1 || st.LastSync.IsZero() {
		t.Errorf("status %+v, want it to say how the last sync ended", st)
	}
}
