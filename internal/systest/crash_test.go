package systest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"kith/contact"
	"kith/data"
)

// fill puts n contacts into the profile as one action.
func (d *device) fill(cards []contact.Card) {
	d.t.Helper()
	d.store(func(s *data.Store) {
		if _, err := s.AddAll(d.t.Context(), cards); err != nil {
			d.t.Fatalf("%s: add %d contacts: %v", d.name, len(cards), err)
		}
	})
}

func people(prefix string, n int) []contact.Card {
	cards := make([]contact.Card, n)
	for i := range cards {
		cards[i] = contact.New().WithFullName(fmt.Sprintf("%s %05d", prefix, i)).WithNote(fmt.Sprint("note of ", i))
	}
	return cards
}

// killedSync runs `kithctl sync`, whose process the returned function kills.
func (d *device) syncToKill() (kill func(), wait func() int) {
	d.t.Helper()
	cmd, _, _ := d.command(context.Background(), "sync")
	var started sync.WaitGroup
	started.Add(1)
	kill = func() {
		started.Wait()
		_ = cmd.Process.Kill()
	}
	wait = func() int {
		if err := cmd.Start(); err != nil {
			d.t.Errorf("start kithctl: %v", err)
			return -1
		}
		started.Done()
		_ = cmd.Wait()
		return cmd.ProcessState.ExitCode()
	}
	return kill, wait
}

// A kithctl that is killed at any boundary of its requests leaves a profile that the next sync brings to agreement: nothing is
// lost, nothing doubled.
func TestKilledInMidSync(t *testing.T) {
	t.Parallel()
	for _, match := range []struct {
		name string
		f    func(*http.Request) bool
	}{{"push", isPush}, {"pull", isPull}} {
		for _, at := range []moment{arriving, halfway, answered} {
			if match.name == "pull" && at == halfway {
				continue // a GET has no body
			}
			t.Run(fmt.Sprintf("%s %s", match.name, at), func(t *testing.T) {
				s := newServer(t)
				w := newWire(t, s)
				a, b := signedIn(t, "desk", w.URL), signedIn(t, "laptop", w.URL)
				a.fill(people("A", 1100))
				b.fill(people("B", 100))
				b.sync()
				kills := 0
				for n := 1; ; n++ { // the nth request of this kind dies with its client, until a sync has fewer
					kill, wait := a.syncToKill()
					happened := w.failOnce(n, match.f, at, kill)
					code := wait()
					w.heal()
					if !happened() {
						if code != done {
							t.Errorf("sync after %d kills: code %d", kills, code)
						}
						break
					}
					kills++
					a.ok("add", "--name", fmt.Sprintf("Between %d", n)) // the profile is usable at once
				}
				if kills == 0 {
					t.Error("no sync was killed")
				}
				if live := agree(t, a, b); len(live) != 1200+kills {
					t.Errorf("%d contacts; want %d", len(live), 1200+kills)
				}
			})
		}
	}
}

// The same at random times, in the middle of whatever the process does then.
func TestKilledAtRandom(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	_, a, b := pair(t)
	a.fill(people("A", 700))
	b.fill(people("B", 700))
	total := 1400
	for i := range 12 {
		d := []*device{a, b}[i%2]
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(20+random.IntN(280))*time.Millisecond)
		cmd, _, errOut := d.command(ctx, "sync")
		err := cmd.Run()
		cancel()
		// -1: killed. It may also have ended well just as it was to be killed, which Run reports as the end of ctx.
		if code := cmd.ProcessState.ExitCode(); code != -1 && code != done {
			t.Errorf("%s: code %d, %v: %s", d.name, code, err, errOut)
		}
		d.ok("add", "--name", fmt.Sprintf("Between %d", i))
		total++
	}
	if live := agree(t, a, b); len(live) != total {
		t.Errorf("%d contacts; want %d", len(live), total)
	}
}

// A server that is killed in mid-push has applied the push or not; a client that never heard which finds out.
func TestServerKilledInMidPush(t *testing.T) {
	t.Parallel()
	for _, at := range []moment{arriving, halfway, answered} {
		t.Run(at.String(), func(t *testing.T) {
			s := newServer(t)
			w := newWire(t, s)
			a, b := signedIn(t, "desk", w.URL), signedIn(t, "laptop", w.URL)
			a.fill(people("A", 1100))
			for n := 1; n <= 2; n++ {
				happened := w.failOnce(n, isPush, at, s.kill)
				r := a.run("sync")
				w.heal()
				if !happened() || r.code != offline {
					t.Fatalf("push %d: killed = %v, %v; want code %d", n, happened(), r, offline)
				}
				a.ok("add", "--name", fmt.Sprintf("Meanwhile %d", n))
				s.start()
			}
			if live := agree(t, a, b); len(live) != 1102 {
				t.Errorf("%d contacts; want 1102", len(live))
			}
		})
	}
}

// Several kithctls on one profile, editing while others sync: each edit arrives, no pass fails.
func TestTwoAtOnceOnOneProfile(t *testing.T) {
	t.Parallel()
	_, a, b := pair(t)
	a.fill(people("A", 1200))
	var all sync.WaitGroup
	for i := range 3 {
		all.Go(func() {
			if r := a.run("sync"); r.code != done {
				t.Errorf("sync %d beside others: %v", i, r)
			}
		})
		all.Go(func() {
			for j := range 4 {
				if r := a.run("add", "--name", fmt.Sprintf("Beside %d %d", i, j)); r.code != done {
					t.Errorf("add beside a sync: %v", r)
				}
			}
		})
	}
	all.Wait()
	if live := agree(t, a, b); len(live) != 1212 {
		t.Errorf("%d contacts; want 1212", len(live))
	}
}
