package syncer_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"kith/syncer"
	"kith/syncer/memremote"
)

// run starts the device's loop; the returned function ends it and waits.
func (d *device) run() (stop func()) {
	ctx, cancel := context.WithCancel(d.t.Context())
	done := make(chan error, 1)
	go func() { done <- d.engine.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			d.t.Errorf("%s: Run: %v", d.name, err)
		}
	}
}

// requests counts what the server is asked, by operation.
type requests struct {
	mu    sync.Mutex
	n     map[string]int
	fault func(memremote.Request) memremote.Fault
}

func (w *world) count() *requests {
	r := &requests{n: map[string]int{}, fault: func(memremote.Request) memremote.Fault { return memremote.Fault{} }}
	w.server.SetFaults(func(q memremote.Request) memremote.Fault {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.n[q.Op]++
		return r.fault(q)
	})
	return r
}

func (r *requests) take() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.n
	r.n = map[string]int{}
	return n
}

func (r *requests) set(f func(memremote.Request) memremote.Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = f
}

func bubble(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, newWorld(t)) })
}

// An edit on one device is in the other's store at once: pushed without waiting for the ticker, and brought by the long poll.
func TestLiveEdit(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		a, b := w.device("a"), w.device("b")
		defer a.run()()
		defer b.run()()
		synctest.Wait()
		w.count()
		began := time.Now()
		x := a.add("Ada")
		time.Sleep(10 * time.Millisecond)
		b.want(x, "name=Ada")
		b.set(x, "org=Engines")
		time.Sleep(10 * time.Millisecond)
		a.want(x, "org=Engines")
		if took := time.Since(began); took > 30*time.Millisecond {
			t.Errorf("took %v", took)
		}
	})
}

// One live edit costs the one device a push and the other nothing but its poll.
func TestLiveEditCosts(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		a, b := w.device("a"), w.device("b")
		defer a.run()()
		defer b.run()()
		time.Sleep(time.Second)
		r := w.count()
		a.add("Ada")
		time.Sleep(time.Second)
		if got := r.take(); got["push"] != 1 || got["changes"] != 0 || got["books"] != 0 {
			t.Errorf("requests %v, want one push, no pull", got)
		}
		if len(b.live()) != 1 {
			t.Error("it did not arrive")
		}
	})
}

// A pass is no reason for a pass.
func TestQuietWhenIdle(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		a := w.device("a")
		a.add("Ada")
		defer a.run()()
		time.Sleep(time.Second)
		r := w.count()
		time.Sleep(10*time.Minute + time.Second)
		got := r.take()
		if got["changes"] != 10 || got["push"] != 0 {
			t.Errorf("in ten minutes: %v, want ten pulls and no push", got)
		}
		if got["poll"] > 25 {
			t.Errorf("in ten minutes: %v, want a poll a minute or two", got)
		}
	})
}

// A day without a network, with edits now and then: the tries get rarer, everything arrives when it is back.
func TestDayOffline(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		a, b := w.device("a"), w.device("b")
		defer a.run()()
		time.Sleep(time.Second)
		r := w.count()
		r.set(func(memremote.Request) memremote.Fault { return memremote.Fault{Lost: true} })
		var last syncer.Status
		for i := range 24 {
			a.add(fmt.Sprintf("Contact %d", i))
			time.Sleep(time.Hour)
			last = a.engine.Status()
		}
		if last.State != syncer.Offline || last.Pending != 24 || last.NextTry.Before(time.Now()) {
			t.Errorf("status %+v", last)
		}
		if n := r.take(); n["changes"]+n["push"]+n["poll"] > 24*60/2 {
			t.Errorf("%v tries in a day: too many", n)
		}
		r.set(func(memremote.Request) memremote.Fault { return memremote.Fault{} })
		time.Sleep(6 * time.Minute)
		if st := a.engine.Status(); st.State != syncer.Idle || st.Pending != 0 {
			t.Errorf("status %+v", st)
		}
		b.sync()
		w.wantEqual()
	})
}

func TestBackoffIsBroken(t *testing.T) {
	for _, c := range []struct {
		name  string
		retry time.Duration
		act   func(d *device, network *atomic.Value)
		soon  bool
	}{
		{"by Sync Now", 0, func(d *device, _ *atomic.Value) { d.engine.SyncNow() }, true},
		{"by Sync Now, whatever Retry-After says", time.Hour, func(d *device, _ *atomic.Value) { d.engine.SyncNow() }, true},
		{"by a change of network", 0, func(d *device, n *atomic.Value) { n.Store("home") }, true},
		{"not by an edit", 0, func(d *device, _ *atomic.Value) { d.add("Grace") }, false},
		{"not before Retry-After ends", 30 * time.Minute, func(d *device, _ *atomic.Value) { time.Sleep(29*time.Minute - 10*time.Second) }, false},
		{"but then", 30 * time.Minute, func(d *device, _ *atomic.Value) { time.Sleep(34 * time.Minute) }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				a := w.device("a")
				var network atomic.Value
				network.Store("office")
				a.engine = syncer.New(a.store, w.server.Connector(), a.secrets, syncer.Options{Network: func() string { return network.Load().(string) }})
				a.add("Ada")
				r := w.count()
				r.set(func(memremote.Request) memremote.Fault {
					return memremote.Fault{Err: &syncer.OfflineError{Reason: "503", RetryAfter: c.retry, Err: errors.New("503")}}
				})
				defer a.run()()
				if c.retry == 0 {
					time.Sleep(time.Hour)
				} else {
					time.Sleep(time.Second)
				}
				next := a.engine.Status().NextTry
				for c.retry == 0 && time.Until(next) < 30*time.Second { // not just before a try
					time.Sleep(time.Until(next) + time.Second)
					next = a.engine.Status().NextTry
				}
				r.set(func(memremote.Request) memremote.Fault { return memremote.Fault{} })
				r.take()
				c.act(a, &network)
				time.Sleep(5 * time.Second)
				if got := len(r.take()) > 0; got != c.soon {
					t.Errorf("tried: %v, want %v", got, c.soon)
				}
			})
		})
	}
}

// A revoked token is tried once; a sign-in, also by another process, goes on at once.
func TestRevokedIsNotHammered(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		a := w.device("a")
		a.add("Ada")
		defer a.run()()
		time.Sleep(time.Second)
		w.server.Revoke()
		time.Sleep(2 * time.Minute)
		if st := a.engine.Status(); st.State != syncer.SignInNeeded {
			t.Fatalf("status %+v", st)
		}
		r := w.count()
		for i := range 20 {
			a.add(fmt.Sprintf("Contact %d", i))
			time.Sleep(10 * time.Minute)
		}
		if n := r.take(); len(n) > 0 {
			t.Errorf("requests %v with a token that is known to be revoked", n)
		}
		other := syncer.New(a.store, w.server.Connector(), a.secrets, syncer.Options{}) // kithctl login
		if err := other.SignIn(t.Context(), syncer.SignInRequest{Server: address, User: "ada", Password: "secret", Device: "a"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if st := a.engine.Status(); st.State != syncer.Idle || st.Pending != 0 {
			t.Errorf("status %+v", st)
		}
		w.wantEqual()
	})
}

// A sign-in, and a sign-out, while a long pass runs break it off and do not wait for it.
func TestSignOutDuringPass(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		a := w.device("a")
		a.add("Ada")
		r := w.count()
		r.set(func(q memremote.Request) memremote.Fault {
			if q.Op == "changes" {
				return memremote.Fault{Delay: time.Hour}
			}
			return memremote.Fault{}
		})
		defer a.run()()
		time.Sleep(time.Second)
		if st := a.engine.Status(); st.State != syncer.Syncing {
			t.Fatalf("status %+v", st)
		}
		began := time.Now()
		if err := a.engine.SignOut(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("took %v", took)
		}
		if st := a.engine.Status(); st.State != syncer.SignedOut || st.Pending != 1 {
			t.Errorf("status %+v", st)
		}
	})
}

// Two programs on one profile take turns, and both end well.
func TestTwoProcesses(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		a := w.device("a")
		w.count().set(func(memremote.Request) memremote.Fault { return memremote.Fault{Delay: 10 * time.Millisecond} })
		other := syncer.New(a.store, w.server.Connector(), a.secrets, syncer.Options{})
		defer a.run()()
		for i := range 10 {
			a.add(fmt.Sprintf("Contact %d", i))
			if _, err := other.Sync(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Second)
		w.wantEqual()
	})
}

// The status comes in order, not too often, and the last one is the truth.
func TestStatusWhileCounting(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		a, b := w.device("a"), w.device("b")
		for i := range 300 {
			a.add(fmt.Sprintf("Contact %d", i))
		}
		a.sync()
		w.server.SetLimits(syncer.Limits{CardBytes: 256 << 10, PushChanges: 1000, PushBytes: 4 << 20, PageChanges: 5})
		w.count().set(func(memremote.Request) memremote.Fault { return memremote.Fault{Delay: 20 * time.Millisecond} })
		var seen []syncer.Status
		var at []time.Time
		b.engine.OnStatus(func(st syncer.Status) { seen, at = append(seen, st), append(at, time.Now()) })
		b.sync()
		counted := 0
		for i, st := range seen {
			if st.State != syncer.Syncing || st.Total == 0 {
				continue
			}
			counted++
			if st.Total != 300 || st.Done > 300 || i > 0 && seen[i-1].Total == 300 && st.Done < seen[i-1].Done {
				t.Errorf("status %d: %+v after %+v", i, st, seen[i-1])
			}
			if i > 0 && seen[i-1].Total > 0 && at[i].Sub(at[i-1]) < 100*time.Millisecond {
				t.Errorf("status %d came %v after the one before", i, at[i].Sub(at[i-1]))
			}
		}
		if counted < 5 {
			t.Errorf("%d statuses while counting, want more", counted)
		}
		if last := seen[len(seen)-1]; last.State != syncer.Idle || last != b.engine.Status() {
			t.Errorf("the last is %+v, the status %+v", last, b.engine.Status())
		}
	})
}

// Three devices for an hour, with a network that loses and repeats: every device ends equal.
func TestHourOfThree(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		seed := uint64(1)
		rnd := rand.New(rand.NewPCG(seed, 0))
		devices := []*device{w.device("a"), w.device("b"), w.device("c")}
		var ids []string
		r := w.count()
		faults := rand.New(rand.NewPCG(seed, 1))
		r.set(func(q memremote.Request) memremote.Fault {
			return memremote.Fault{Lost: faults.IntN(10) == 0, NoReply: faults.IntN(10) == 0, Twice: faults.IntN(20) == 0,
				Delay: time.Duration(faults.IntN(2000)) * time.Millisecond}
		})
		var stops []func()
		for _, d := range devices {
			stops = append(stops, d.run())
		}
		for range 150 {
			d := devices[rnd.IntN(len(devices))]
			if len(ids) == 0 || rnd.IntN(4) == 0 {
				ids = append(ids, d.add(fmt.Sprintf("Contact %d", len(ids))))
			} else if id := ids[rnd.IntN(len(ids))]; d.live()[id] != "" {
				d.set(id, fmt.Sprintf("%s=%d", []string{"org", "title", "note"}[rnd.IntN(3)], rnd.IntN(1000)))
			}
			time.Sleep(time.Duration(rnd.IntN(60)) * time.Second)
		}
		r.set(func(memremote.Request) memremote.Fault { return memremote.Fault{} })
		time.Sleep(6 * time.Minute)
		w.wantEqual()
		for _, stop := range stops {
			stop()
		}
	})
}
