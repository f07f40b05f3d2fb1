package sim

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	gosync "sync"
	"testing"
	"testing/synctest"
)

var (
	seeds   = flag.Int("sim.seeds", 16, "how many random schedules to run")
	first   = flag.Uint64("sim.first", 1, "the first seed")
	devices = flag.Int("sim.devices", 3, "devices in a schedule")
	steps   = flag.Int("sim.steps", 60, "steps of a schedule")
)

// run runs a schedule, and returns what was wrong; "" : nothing.
func run(t *testing.T, all []step, devices int, b func(*world) backend) (problem string) {
	problem, _ = runAndCount(t, all, devices, b)
	return problem
}

// runAndCount also counts what really came about: actions and faults.
func runAndCount(t *testing.T, all []step, devices int, b func(*world) backend) (problem string, met map[string]int) {
	emptyProfile() // outside the bubble: its connections live on no one's time
	dir, err := os.MkdirTemp(fast(), "kith-sim-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	synctest.Test(t, func(t *testing.T) {
		var w *world
		at := "setting up"
		defer func() {
			if r := recover(); r != nil {
				f, ok := r.(failure)
				if !ok {
					f = failure(fmt.Sprintf("%v\n%s", r, debug.Stack()))
				}
				problem = fmt.Sprintf("%s\nat %s", f, at)
			}
			if w != nil {
				w.close()
				met = w.met
			}
		}()
		w = newWorld(t, dir, devices, b)
		for i, s := range all {
			at = fmt.Sprintf("step %d, %s", i, s)
			w.do(s)
		}
		at = "rest"
		w.rest()
		at = "the check at the end"
		w.check()
		for _, d := range w.devices {
			w.must(d.store.Check(ctx), "check the store of device %s", d.name)
		}
	})
	return problem, met
}

// fast is a folder in memory, where there is one: thousands of schedules need no durable disk.
func fast() string {
	if i, err := os.Stat("/dev/shm"); err == nil && i.IsDir() {
		return "/dev/shm"
	}
	return ""
}

func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	code := m.Run()
	_ = os.RemoveAll(templates())
	os.Exit(code)
}

func TestSimulation(t *testing.T) { simulate(t, newMemory, *seeds) }

// simulate runs random schedules, as many at once as there are processors. One that fails is shrunk to what a person can read.
func simulate(t *testing.T, b func(*world) backend, seeds int) {
	var mu gosync.Mutex
	met, done := one(t, "the tour", tour(), b), 0
	next := *first
	failed := func() bool { mu.Lock(); defer mu.Unlock(); return t.Failed() }
	t.Run("schedules", func(t *testing.T) {
		for i := range min(runtime.GOMAXPROCS(0), seeds) {
			t.Run(fmt.Sprint("worker ", i), func(t *testing.T) {
				t.Parallel()
				for !failed() {
					mu.Lock()
					seed := next
					next++
					mu.Unlock()
					if seed >= *first+uint64(seeds) {
						return
					}
					came := one(t, fmt.Sprint("seed ", seed), random(seed, *devices, *steps), b)
					mu.Lock()
					for what, n := range came {
						met[what] += n
					}
					if done++; done%100 == 0 {
						fmt.Fprintf(os.Stderr, "%s: %d schedules, the last of seed %d\n", t.Name(), done, seed)
					}
					mu.Unlock()
				}
			})
		}
	})
	t.Logf("%d schedules of %d devices, seeds %d to %d", done, *devices, *first, next-1)
	if t.Failed() {
		return
	}
	for what, n := range met {
		t.Logf("%s: %d", what, n)
	}
	for _, what := range everything() {
		if met[what] == 0 {
			t.Errorf("no schedule met %s", what)
		}
	}
}

// everything lists the actions and faults of which each must come about in a run, else it proves little of what it claims.
func everything() (all []string) {
	for k := range kinds {
		all = append(all, fmt.Sprintf("%T %v", k, k))
	}
	for f := none + 1; f < faults; f++ {
		all = append(all, fmt.Sprintf("%T %v", f, f))
	}
	for f := sound + 1; f < diskFaults; f++ {
		all = append(all, fmt.Sprintf("%T %v", f, f))
	}
	return all
}

// one runs one schedule, and shrinks it if it fails.
func one(t *testing.T, name string, all []step, b func(*world) backend) (met map[string]int) {
	problem, met := runAndCount(t, all, *devices, b)
	if problem == "" {
		return met
	}
	t.Errorf("%s: %s", name, problem)
	broken, _, _ := strings.Cut(problem, ":")
	all = shrink(all, func(fewer []step) bool { return strings.HasPrefix(run(t, fewer, *devices, b), broken+":") })
	var text strings.Builder
	for _, s := range all {
		fmt.Fprintf(&text, "\t%s, // %s\n", s.literal(), s)
	}
	t.Errorf("%s, shrunk to %d steps:\n%s%s", name, len(all), text.String(), run(t, all, *devices, b))
	return met
}
