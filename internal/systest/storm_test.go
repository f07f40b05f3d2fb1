package systest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// stormSeeds names the environment variable that asks for more storms: how many, from seed 1 on.
const stormSeeds = "KITH_STORM_SEEDS"

// The real programs in a storm: a plan drawn from a seed cuts, tears and loses requests and answers, lets them arrive late, kills the
// server and the syncing kithctl with signal 9, and has people edit on this and the other devices while a sync is at that very
// request. When it is over, all devices agree, no value is lost, and no change took effect twice. Nothing waits for time to pass.
func TestStorm(t *testing.T) {
	t.Parallel()
	seeds := []uint64{2026}
	if n, err := strconv.ParseUint(os.Getenv(stormSeeds), 10, 64); err == nil {
		seeds = nil
		for seed := range n {
			seeds = append(seeds, seed+1)
		}
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { newStorm(t, seed).run(70) })
	}
}

// storm is a world over a wire that follows a plan.
type storm struct {
	*world
	mu     sync.Mutex // guards plan and what follows: requests come on goroutines of their own
	plan   *rand.Rand
	down   bool
	wrong  []string
	values int // of edits that were made in the middle of a sync
	met    map[string]int
}

func newStorm(t *testing.T, seed uint64) *storm {
	s := &storm{world: &world{t: t, random: rand.New(rand.NewPCG(seed, 0))}, plan: rand.New(rand.NewPCG(seed, 1)), met: map[string]int{}}
	s.syncs = s.sync
	s.begin()
	return s
}

func (s *storm) run(steps int) {
	for range steps {
		s.step(s.devices[s.random.IntN(len(s.devices))])
		s.sync(s.devices[s.random.IntN(len(s.devices))])
	}
	s.wire.heal()
	s.wire.deliver()
	s.end()
	s.requireOnce()
	all := 0
	for _, n := range s.met {
		all += n
	}
	if s.t.Logf("met %v", s.met); all < 20 {
		s.t.Errorf("that was no storm: %v", s.met)
	}
}

// sync syncs a device; three times in four over a failing wire.
func (s *storm) sync(d *device) {
	s.t.Helper()
	if s.random.IntN(4) == 0 {
		s.wire.heal()
		if r := d.run("sync"); r.code != done && r.code != conflicts {
			s.t.Fatalf("%s: %v", d.name, r)
		}
		return
	}
	kill, wait := d.syncToKill()
	s.wire.failing(func(r *http.Request) (moment, func()) { return s.verdict(d, r, kill) })
	code := wait()
	s.wire.heal()
	s.mu.Lock()
	down, wrong := s.down, s.wrong
	s.down = false
	s.mu.Unlock()
	if down {
		s.server.start()
	}
	if len(wrong) > 0 {
		s.t.Fatal(strings.Join(wrong, "\n"))
	}
	switch code {
	case done, conflicts, offline, -1:
	default:
		s.t.Fatalf("%s: a sync in the storm ended with code %d", d.name, code)
	}
}

// verdict draws what happens to one request of d, and what else happens at that moment.
func (s *storm) verdict(d *device, r *http.Request, kill func()) (moment, func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	chance := 20
	if isPush(r) {
		chance = 60
	}
	if s.down || s.plan.IntN(100) >= chance {
		return never, nil
	}
	at := 1 + moment(s.plan.IntN(int(moments)-1))
	if at == halfway && r.ContentLength == 0 {
		at = answered // nothing to break off
	}
	s.met[at.String()]++
	switch what := s.plan.IntN(8); what {
	case 0, 1:
		return at, s.once("kithctl killed", kill)
	case 2:
		return at, s.once("server killed", func() {
			s.down = true
			s.server.kill()
		})
	case 3, 4, 5:
		who := d
		if what == 5 {
			who = s.devices[s.plan.IntN(len(s.devices))]
		}
		id, field := "", []string{"note", "title", "org"}[s.plan.IntN(3)]
		if len(s.ids) > 0 {
			id = s.ids[s.plan.IntN(len(s.ids))]
		}
		return at, s.once("edited meanwhile", func() { s.edit(who, id, field) })
	}
	return at, func() {}
}

// once is what happens at a moment of one request.
func (s *storm) once(what string, do func()) func() {
	var one sync.Once
	return func() {
		one.Do(func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.met[what]++
			do()
		})
	}
}

// edit is somebody at another terminal, in the middle of a sync. It runs on a request's goroutine.
func (s *storm) edit(d *device, id, field string) {
	s.values++
	value := fmt.Sprintf("m%dx", s.values)
	args := []string{"set", id, field + "=" + value}
	if id == "" {
		args = []string{"add", "--name", value}
	}
	cmd, out, errOut := d.command(context.Background(), args...)
	if err := cmd.Run(); err == nil {
		s.saved = append(s.saved, value)
		if id == "" {
			s.ids = append(s.ids, strings.TrimSpace(out.String()))
		}
		return
	}
	if text := errOut.String(); !strings.Contains(text, "no such contact") && !strings.Contains(text, "in the trash") && !strings.Contains(text, "waits for a decision") {
		s.wrong = append(s.wrong, fmt.Sprintf("%s: %v in the middle of a sync: %s", d.name, args, text))
	}
}

// requireOnce looks for a change that took effect twice: a value that was typed into one field of one contact stands twice.
func (s *storm) requireOnce() {
	s.t.Helper()
	all := ""
	for _, card := range s.devices[0].cards() {
		all += card
	}
	for _, v := range s.saved {
		for _, member := range []string{`"number":"` + v, `"note":"` + v, `"full":"` + v} {
			if n := strings.Count(all, member+`"`) + strings.Count(all, member+`\n`); n > 1 {
				s.t.Errorf("%s stands %d times", member, n)
			}
		}
	}
	if live := len(s.devices[0].cards()); live > len(s.ids) {
		s.t.Errorf("%d contacts of %d that were ever added", live, len(s.ids))
	}
}
