package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// kind is what happens in one step.
type kind int

const (
	add kind = iota
	edit
	label
	remove
	restore
	undo
	resolve
	strategy
	sync
	reopen
	clock
	serverBackup
	serverRestore
	compact
	revoke
	profileCopy
	profileRestore
	kinds
)

var kindNames = [...]string{"add", "edit", "label", "remove", "restore", "undo", "resolve", "strategy", "sync", "reopen", "clock",
	"server backup", "server restore", "compact", "revoke", "profile copy", "profile restore"}

// weights say how often each kind comes in a random schedule.
var weights = [kinds]int{add: 10, edit: 40, label: 6, remove: 8, restore: 3, undo: 4, resolve: 4, strategy: 2, sync: 50, reopen: 2, clock: 2,
	serverBackup: 1, serverRestore: 1, compact: 1, revoke: 1, profileCopy: 1, profileRestore: 1}

// step is one step of a schedule. Its numbers mean something for its kind and state, whatever they are: a schedule stays one when
// steps are left out.
type step struct {
	kind    kind
	device  int
	a, b, c int
}

func (s step) String() string {
	switch s.kind {
	case sync:
		return fmt.Sprintf("sync %d, fault %s at request %d", s.device, fault(s.a%int(faults)), s.b%6)
	}
	return fmt.Sprintf("%s %d (%d, %d, %d)", kindNames[s.kind], s.device, s.a, s.b, s.c)
}

// literal is the step as Go, for a named case.
func (s step) literal() string {
	name := strings.NewReplacer(" b", "B", " r", "R", " c", "C").Replace(kindNames[s.kind])
	return fmt.Sprintf("{%s, %d, %d, %d, %d}", name, s.device, s.a, s.b, s.c)
}

// random makes a schedule from a seed. Some seeds have no faults of servers and profiles, so that finer checks apply. Kinds in more
// come more often.
func random(seed uint64, devices, steps int, more ...kind) []step {
	rnd := rand.New(rand.NewPCG(seed, 42))
	w := weights
	for _, k := range more {
		w[k] *= 4
	}
	if seed%2 == 0 {
		for _, k := range []kind{serverBackup, serverRestore, compact, revoke, profileCopy, profileRestore} {
			w[k] = 0
		}
	}
	if seed%3 == 0 {
		w[strategy] = 0
	}
	total := 0
	for _, n := range w {
		total += n
	}
	all := make([]step, steps)
	for i := range all {
		n := rnd.IntN(total)
		k := kind(0)
		for n >= w[k] {
			n -= w[k]
			k++
		}
		s := step{kind: k, device: rnd.IntN(devices), a: rnd.IntN(1000), b: rnd.IntN(1000), c: rnd.IntN(1000)}
		if k == sync && rnd.IntN(2) == 0 {
			s.a = int(none)
		}
		all[i] = s
	}
	return all
}

// shrink leaves out whatever is not needed for the schedule to fail.
func shrink(all []step, fails func([]step) bool) []step {
	for size := len(all) / 2; size > 0; size /= 2 {
		for from := 0; from+size <= len(all); {
			fewer := append(append([]step{}, all[:from]...), all[from+size:]...)
			if fails(fewer) {
				all = fewer
			} else {
				from += size
			}
		}
	}
	return all
}
