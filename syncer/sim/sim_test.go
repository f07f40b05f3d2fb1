package sim

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
)

var (
	seeds   = flag.Int("sim.seeds", 30, "how many random schedules to run")
	first   = flag.Uint64("sim.first", 1, "the first seed")
	devices = flag.Int("sim.devices", 3, "devices in a schedule")
	steps   = flag.Int("sim.steps", 60, "steps of a schedule")
)

// run runs a schedule, and returns what was wrong; "" : nothing.
func run(t *testing.T, all []step, devices int, b func(*world) backend) (problem string) {
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
					panic(fmt.Sprintf("%v, at %s", r, at))
				}
				problem = fmt.Sprintf("%s\nat %s", f, at)
			}
			if w != nil {
				w.close()
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
	})
	return problem
}

// fast is a folder in memory, where there is one: thousands of schedules need no durable disk.
func fast() string {
	if i, err := os.Stat("/dev/shm"); err == nil && i.IsDir() {
		return "/dev/shm"
	}
	return ""
}

func TestSimulation(t *testing.T) { simulate(t, newMemory, *seeds) }

// simulate runs random schedules. One that fails is shrunk to what a person can read.
func simulate(t *testing.T, b func(*world) backend, seeds int) {
	for seed := *first; seed < *first+uint64(seeds); seed++ {
		all := random(seed, *devices, *steps)
		problem := run(t, all, *devices, b)
		if done := seed - *first + 1; done%1000 == 0 {
			fmt.Fprintf(os.Stderr, "%s: %d schedules, the last of seed %d\n", t.Name(), done, seed)
		}
		if problem == "" {
			continue
		}
		t.Errorf("seed %d: %s", seed, problem)
		all = shrink(all, func(fewer []step) bool { return run(t, fewer, *devices, b) != "" })
		var text strings.Builder
		for _, s := range all {
			fmt.Fprintf(&text, "\t%s, // %s\n", s.literal(), s)
		}
		t.Fatalf("seed %d, shrunk to %d steps:\n%s%s", seed, len(all), text.String(), run(t, all, *devices, b))
	}
	t.Logf("%d schedules of %d devices, seeds %d to %d", seeds, *devices, *first, *first+uint64(seeds)-1)
}
