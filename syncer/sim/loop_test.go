package sim

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// TestLoops lets the loops do the work: tickers, long polls, wake-ups by edits, back-offs. People only save, and sign in again when
// they are asked to. After storms and kills, time alone must bring everything to rest.
func TestLoops(t *testing.T) {
	for _, c := range []struct {
		name    string
		backend func(*world) backend
		seeds   int
	}{{"memory", newMemory, *seeds / 16}, {"real server", newReal, *seeds / 48}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for seed := *first; seed < *first+uint64(max(1, c.seeds)); seed++ {
				if problem := runLoops(t, seed, c.backend); problem != "" {
					t.Fatalf("seed %d: %s", seed, problem)
				}
			}
		})
	}
}

func runLoops(t *testing.T, seed uint64, b func(*world) backend) (problem string) {
	emptyProfile()
	dir, err := os.MkdirTemp(fast(), "kith-sim-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	synctest.Test(t, func(t *testing.T) {
		var w *world
		defer func() {
			if r := recover(); r != nil {
				f, ok := r.(failure)
				if !ok {
					panic(r)
				}
				problem = string(f)
			}
			for _, d := range w.devices {
				d.stopLoop()
			}
			w.close()
		}()
		w = newWorld(t, dir, 3, b)
		w.wire.looping = true
		rnd := rand.New(rand.NewPCG(seed, 43))
		for range 1 + seed%2 { // an even seed goes on after the rest
			for _, d := range w.devices {
				d.startLoop()
			}
			for range 25 {
				w.live(rnd)
			}
			w.wire.calm()
			w.wire.deliver(true)
			w.settle()
			for _, d := range w.devices {
				d.stopLoop()
			}
			w.check()
		}
	})
	return problem
}

// startLoop runs the device's engine as the window does.
func (d *device) startLoop() {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	engine := d.engine
	go func() {
		defer close(ended)
		_ = engine.Run(ctx)
	}()
	d.loop = func() { cancel(); <-ended }
}

func (d *device) stopLoop() {
	if d.loop != nil {
		d.loop()
		d.loop = nil
	}
}

// live lets some time pass, and then something happen.
func (w *world) live(rnd *rand.Rand) {
	time.Sleep(time.Duration(rnd.IntN(40_000)) * time.Millisecond)
	d := w.devices[rnd.IntN(len(w.devices))]
	a, b := rnd.IntN(1000), rnd.IntN(1000)
	switch n := rnd.IntN(40); {
	case n < 5:
		w.add(d)
	case n < 19:
		d.edit(a, b, rnd.IntN(1000))
	case n < 22:
		d.label(a, b)
	case n < 24:
		d.tag(a, b)
	case n < 26:
		d.remove(a)
	case n < 27:
		d.undo()
	case n < 29:
		d.resolve(a)
		d.alike(b)
		d.answerHeld(b)
	case n < 33:
		w.wire.blow(rand.New(rand.NewPCG(uint64(a), uint64(b))))
	case n < 36:
		w.wire.calm()
	case n < 37: // closed, and opened again after a while
		d.stopLoop()
		d.close()
		time.Sleep(time.Duration(a) * time.Second)
		d.open()
		d.startLoop()
	case n < 38: // killed
		d.disk.kill()
		d.stopLoop()
		d.rise()
		d.startLoop()
	case n < 39:
		w.backend.revoke()
	default:
		d.skew.Store(int64(jumps[a%len(jumps)]))
	}
}

// settle waits until the loops have brought everything to rest; people decide what waits for them.
func (w *world) settle() {
	for round := 0; ; round++ {
		before, waiting := w.backend.seq(), 0
		for _, d := range w.devices {
			d.decide(round)
		}
		time.Sleep(6 * time.Minute) // longer than any back-off
		synctest.Wait()
		for _, d := range w.devices {
			if d.engine.Status().State == "sign-in-needed" {
				d.signIn()
				waiting++
			}
			counts, err := d.store.Counts(ctx)
			w.must(err, "counts")
			waiting += counts.Pending
		}
		if waiting == 0 && w.backend.seq() == before {
			return
		}
		if round > 12 {
			states := ""
			for _, d := range w.devices {
				states += fmt.Sprintf("\n\tdevice %s: %+v", d.name, d.engine.Status())
			}
			w.breaks(drains, "the loops do not bring it to rest:%s%s", states, w.waiting())
			return
		}
	}
}

// blow begins a storm: a third of all requests meets a fault.
func (w *wire) blow(rnd *rand.Rand) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.storm = rnd
}

// calm ends it.
func (w *wire) calm() { w.blow(nil) }
