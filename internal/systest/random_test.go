package systest

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"kith/contact"
	"kith/data"
)

var seedFlag = flag.Uint64("seed", 0, "seed of the random test; 0: by the clock")

// Three devices of different strategies do everything that people do, in any order, over a wire that fails and with syncs that are
// killed. In the end they agree, and each value that anyone ever saved is in a card or in a history.
func TestAnythingInAnyOrder(t *testing.T) {
	t.Parallel()
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d (again: go test -run %s -args -seed %d)", seed, t.Name(), seed)
	anything(t, seed, 120)
}

func anything(t *testing.T, seed uint64, steps int) {
	w := &world{t: t, random: rand.New(rand.NewPCG(seed, 0))}
	w.begin()
	for range steps {
		w.step(w.devices[w.random.IntN(len(w.devices))])
	}
	w.end()
}

// begin makes the server, the wire and three devices of different strategies.
func (w *world) begin() {
	t := w.t
	w.server = newServer(t)
	w.wire = newWire(t, w.server)
	if w.syncs == nil {
		w.syncs = w.sync
	}
	for i, strategy := range []string{"merge", "newest", "ask"} {
		d := signedIn(t, fmt.Sprintf("device%d", i), w.wire.URL)
		d.ok("strategy", strategy)
		d.trace = w.log.add
		w.devices = append(w.devices, d)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the last commands:\n%s", &w.log)
		}
	})
}

// end heals the wire, and wants the devices to agree, with nothing lost.
func (w *world) end() {
	w.t.Helper()
	w.wire.heal()
	w.settle()
	agree(w.t, w.devices...)
	w.requireEveryValue()
}

// world is what a random run acts upon. saved are the values that some device has said are saved; each is unique.
type world struct {
	t       *testing.T
	random  *rand.Rand
	server  *server
	wire    *wire
	devices []*device
	ids     []string
	saved   []string
	log     tail
	syncs   func(*device) // what a step does that syncs
}

func (w *world) value() string {
	v := fmt.Sprintf("v%dx", len(w.saved))
	w.saved = append(w.saved, v)
	return v
}

func (w *world) id() string { return w.ids[w.random.IntN(len(w.ids))] }

func (w *world) step(d *device) {
	w.t.Helper()
	n := w.random.IntN(100)
	switch {
	case len(w.ids) == 0 || n < 8 && len(w.ids) < 8:
		w.ids = append(w.ids, d.ok("add", "--name", w.value(), "--phone", w.value()))
	case n < 45:
		w.set(d)
	case n < 53:
		w.maybe(d.run("rm", w.id()))
	case n < 57:
		w.maybe(d.run("restore", w.id()))
	case n < 61:
		w.maybe(d.run("undo"))
	case n < 67:
		w.resolve(d)
	default:
		w.syncs(d)
	}
}

// set gives one or two fields new values. It may be refused: the contact is not there yet, or in the trash.
func (w *world) set(d *device) {
	w.t.Helper()
	known := len(w.saved)
	fields := []string{"name", "phone", "email", "note", "title", "org", "/x.example:a", "surname"}
	first, second := fields[w.random.IntN(len(fields))], fields[w.random.IntN(len(fields))]
	args := []string{"set", w.id(), first + "=" + w.value()}
	// A name takes the place of the surname: only one of the two in one command, else it never saves the other.
	if of := func(f string) bool { return f == "name" || f == "surname" }; second != first && !(of(first) && of(second)) {
		args = append(args, second+"="+w.value())
	}
	if !w.maybe(d.run(args...)) {
		w.saved = w.saved[:known]
	}
}

// maybe reports whether a command was done. What may fail here are only things that don't apply.
func (w *world) maybe(r result) bool {
	w.t.Helper()
	fits := strings.Contains(r.errOut, "no such contact") || strings.Contains(r.errOut, "in the trash") || strings.Contains(r.errOut, "nothing to undo") ||
		strings.Contains(r.errOut, "waits for a decision")
	if r.code != done && !(r.code == failed && fits) {
		w.t.Fatalf("%v", r)
	}
	return r.code == done
}

func (w *world) resolve(d *device) {
	w.t.Helper()
	var waiting []conflict
	if d.json(done, &waiting, "conflicts"); len(waiting) == 0 {
		return
	}
	c := waiting[w.random.IntN(len(waiting))]
	side := []string{"local", "remote"}[w.random.IntN(2)]
	if w.random.IntN(2) == 0 {
		d.ok("resolve", c.ID, "--keep", side)
	} else {
		d.ok("resolve", c.ID, c.Field+"="+side)
	}
}

// sync syncs, sometimes over a wire that loses one request, sometimes in a process that is killed there.
func (w *world) sync(d *device) {
	w.t.Helper()
	n := w.random.IntN(10)
	if n > 3 {
		w.wire.heal()
		if r := d.run("sync"); r.code != done && r.code != conflicts {
			w.t.Fatalf("%s: %v", d.name, r)
		}
		return
	}
	kill, wait := d.syncToKill()
	do := kill
	if n < 2 {
		do = func() {} // only the request is lost
	}
	any := func(*http.Request) bool { return true }
	w.wire.failOnce(1+w.random.IntN(4), any, []moment{arriving, halfway, answered}[w.random.IntN(3)], do)
	switch code := wait(); code {
	case done, conflicts, offline, -1:
	default:
		w.t.Fatalf("%s: a sync over a failing wire ended with code %d", d.name, code)
	}
}

// settle decides what waits until nothing does.
func (w *world) settle() {
	w.t.Helper()
	for round := range 10 {
		quiet := true
		for _, d := range w.devices {
			r := d.run("sync")
			if r.code != done && r.code != conflicts {
				w.t.Fatalf("%s: %v", d.name, r)
			}
			quiet = quiet && r.code == done && strings.HasPrefix(r.out, "Up to date")
			for r.code == conflicts && d.status().Conflicts > 0 {
				w.resolve(d)
			}
		}
		if quiet {
			return
		}
		if round == 9 {
			w.t.Fatal("the devices never come to rest")
		}
	}
}

// requireEveryValue looks for each saved value in the cards and histories of all devices.
func (w *world) requireEveryValue() {
	w.t.Helper()
	var held strings.Builder
	for _, d := range w.devices {
		d.store(func(s *data.Store) {
			for _, id := range w.ids {
				if c, err := s.Contact(w.t.Context(), id); err == nil {
					held.Write(c.Card.JSON())
				}
				entries, err := s.History(w.t.Context(), id)
				if err != nil {
					continue // added and removed elsewhere before it was ever sent
				}
				for _, e := range entries {
					b, err := json.Marshal([]contact.Patch{e.Patch})
					if err != nil {
						w.t.Fatal(err)
					}
					held.Write(b)
				}
			}
		})
	}
	for _, v := range w.saved {
		if !strings.Contains(held.String(), v) {
			w.t.Errorf("the value %q was saved, and is nowhere any more", v)
		}
	}
}
