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
	favourite
	tag
	diskTrouble // with the next edit or sync of the device
	twin        // the profile is copied to another machine, and both live on
	visit       // a stranger, with another account at the same server, adds a contact
	serverClock
	quiet // everything comes to rest, and is checked
	alike // everything that waits, or that time has decided, is decided alike
	third // a field that waits gets a third value
	purge // a contact of the trash is removed for good
	emptyTrash
	tidy // what a device does behind its user's back, once an hour: what was in the trash for 30 days goes
	month
	halfYear
	photo
	merge // of two contacts
	apart // two contacts are told apart
	renameLabel
	editAll
	importFile
	kinds
)

var kindNames = [...]string{"add", "edit", "label", "remove", "restore", "undo", "resolve", "strategy", "sync", "reopen", "clock",
	"server backup", "server restore", "compact", "revoke", "profile copy", "profile restore", "favourite", "tag", "disk trouble", "twin", "visit", "server clock", "quiet",
	"alike", "third",
	"purge", "empty trash", "tidy", "month", "half year", "photo", "merge", "apart", "rename label", "edit all", "import file"}

func (k kind) String() string { return kindNames[k] }

// weights say how often each kind comes in a random schedule.
var weights = [kinds]int{add: 10, edit: 40, label: 6, remove: 8, restore: 3, undo: 4, resolve: 4, strategy: 2, sync: 50, reopen: 2, clock: 2,
	serverBackup: 1, serverRestore: 1, compact: 1, revoke: 1, profileCopy: 1, profileRestore: 1,
	favourite: 2, tag: 4, diskTrouble: 10, twin: 1, visit: 1, serverClock: 1, quiet: 1, alike: 2, third: 2,
	purge: 3, emptyTrash: 1, tidy: 4, month: 2, halfYear: 1, photo: 4, merge: 3, apart: 1, renameLabel: 1, editAll: 2, importFile: 2}

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
	case diskTrouble:
		return fmt.Sprintf("disk of %d: %s statement %d", s.device, diskFault(1+s.a%int(diskFaults-1)), s.statement())
	}
	return fmt.Sprintf("%s %d (%d, %d, %d)", kindNames[s.kind], s.device, s.a, s.b, s.c)
}

// statement is the statement that a disk fault comes at: often one of an edit's first ones, or far into a sync.
func (s step) statement() int {
	if s.c%2 == 0 {
		return s.b % 15
	}
	return s.b % 90
}

// literal is the step as Go, for a named case.
func (s step) literal() string {
	name := strings.NewReplacer(" b", "B", " r", "R", " c", "C", " t", "T", " y", "Y", " l", "L", " a", "A", " f", "F").Replace(kindNames[s.kind])
	return fmt.Sprintf("{%s, %d, %d, %d, %d}", name, s.device, s.a, s.b, s.c)
}

// random makes a schedule from a seed. Some seeds have no faults of servers and profiles, so that finer checks apply.
func random(seed uint64, devices, steps int) []step {
	rnd := rand.New(rand.NewPCG(seed, 42))
	w := weights
	if seed%2 == 0 {
		for _, k := range []kind{serverBackup, serverRestore, compact, revoke, profileCopy, profileRestore, twin, serverClock} {
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
		s := step{kind: k, device: rnd.IntN(devices + 2), a: rnd.IntN(1000), b: rnd.IntN(1000), c: rnd.IntN(1000)}
		if k == sync && rnd.IntN(2) == 0 {
			s.a = int(none)
		}
		if k == sync {
			s.b = early[s.b%len(early)] // most passes are short
		}
		all[i] = s
	}
	return all
}

var early = [...]int{0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5}

// tour is a schedule that meets every action and every fault at least once.
func tour() (all []step) {
	do := func(k kind, device, a, b, c int) { all = append(all, step{k, device, a, b, c}) }
	for i := range 4 {
		do(add, i%2, 0, 0, 0)
	}
	for f := range faults {
		do(edit, 0, int(f), int(f), 1)
		do(edit, 1, int(f), int(f)/2, 1)
		do(sync, 0, int(f), 0, int(f))
		do(sync, 1, int(none), 0, 0)
	}
	for f := sound + 1; f < diskFaults; f++ {
		do(diskTrouble, 0, int(f)-1, 3, 0)
		for i := range 6 {
			do(add, 0, 0, 0, 0)
			do(edit, 0, i, i, 1)
		}
		do(sync, 0, int(none), 0, 0)
		do(diskTrouble, 1, int(f)-1, 20, 1)
		do(sync, 1, int(none), 0, 0)
	}
	for k := range kinds {
		do(k, 1, 1, 1, 1)
		do(sync, 0, int(none), 0, 0)
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
