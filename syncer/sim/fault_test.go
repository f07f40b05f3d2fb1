package sim

import (
	"context"
	"errors"
	"math/rand/v2"
	gosync "sync"

	"kith/syncer"
	"kith/syncer/memremote"
)

// fault is what goes wrong with one request of a sync.
type fault int

const (
	none      fault = iota
	lost            // the request never arrives
	noReply         // it is carried out, and its answer is lost
	twice           // it arrives twice
	late            // it is given up, and arrives later all the same, before the next one
	busy            // 503
	other           // another device syncs just then
	typing          // the user saves an edit just then
	both            // both
	cancel          // the user closes the program
	crash           // the program is killed
	torn            // the answer breaks off in the middle
	portal          // a hotel's page with status 200
	broken          // it is carried out, and answered with 500
	slow            // 429
	large           // 413, by a proxy
	elsewhere       // a redirect to a sign-in page
	overtaken       // it is given up, and arrives after some of the requests that follow, in another order than they were sent in
	jump            // the device's clock jumps just then
	restart         // the server's node is killed while it works on the request, and started again
	faults
)

func (f fault) String() string {
	return [...]string{"none", "lost", "noReply", "twice", "late", "busy", "other", "typing", "both", "cancel", "crash", "torn", "portal",
		"broken", "slow", "large", "elsewhere", "overtaken", "jump", "restart"}[f]
}

// harmless reports whether a sync that meets the fault ends well all the same.
func (f fault) harmless() bool {
	return f == none || f == twice || f == other || f == typing || f == both || f == jump
}

// wire is what all requests go over. Safe for concurrent use.
type wire struct {
	w  *world
	mu gosync.Mutex
	plan

	looping bool       // the loops run: faults come at random, for all devices
	storm   *rand.Rand // nil: calm

	held []held // requests that were given up and are still on their way

	listed map[string]bool // who has listed the books since a program was started last: a plan doesn't count that they do so again
}

// plan is one fault for the sync that runs: the n-th request from now meets it.
type plan struct {
	fault   fault
	at      int
	n       int // a number for the fault's own use
	cancel  context.CancelFunc
	between func(f fault) // does what happens just before the request
	killed  func()        // kills the device's program
}

// held is such a request.
type held struct {
	after  int // how many requests overtake it
	arrive func()
}

// expect replaces the plan until the returned function is called, which reports whether the fault was met.
func (w *wire) expect(p plan) (after func() (met bool)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	outer := w.plan
	w.plan = p
	return func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		met := w.fault != p.fault
		w.plan = outer
		return met
	}
}

// quiet ends all faults until the returned function is called.
func (w *wire) quiet() (end func()) {
	after := w.expect(plan{})
	return func() { after() }
}

var errFault = errors.New("a fault on demand")

func offline(reason string) error { return &syncer.OfflineError{Reason: reason, Err: errFault} }

// started says that a program was started.
func (w *wire) started() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listed = map[string]bool{}
}

// next returns the fault of this request by someone, after what was held up and arrives before it.
func (w *wire) next(who string, lists bool) (f fault, n int) {
	w.deliver(false)
	w.mu.Lock()
	if lists && !w.looping {
		if w.listed[who] {
			w.mu.Unlock()
			return none, 0
		}
		w.listed[who] = true
	}
	if w.looping {
		defer w.mu.Unlock()
		if w.storm == nil || w.storm.IntN(3) > 0 {
			return none, 0
		}
		f = storms[w.storm.IntN(len(storms))]
		w.w.note(f)
		return f, w.storm.IntN(100)
	}
	if w.fault == none {
		w.mu.Unlock()
		return none, 0
	}
	if w.at--; w.at >= 0 {
		w.mu.Unlock()
		return none, 0
	}
	f, n = w.fault, w.n
	w.fault = none
	cancelled, between, killed := w.cancel, w.between, w.killed
	w.w.note(f)
	w.mu.Unlock()
	switch f {
	case other, typing, both, jump:
		between(f)
		return none, 0
	case cancel:
		cancelled()
	case crash:
		killed()
		cancelled()
	}
	return f, n
}

// storms are the faults that need nothing of the device that meets them.
var storms = []fault{lost, noReply, twice, late, busy, torn, portal, broken, slow, large, elsewhere, overtaken, restart}

// hold keeps a request that was given up on its way.
func (w *wire) hold(after int, arrive func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.held = append(w.held, held{after, arrive})
}

// deliver lets requests arrive that were held up for as long as they should, or all.
func (w *wire) deliver(all bool) {
	w.mu.Lock()
	var now, later []held
	for _, h := range w.held {
		if h.after--; h.after < 0 || all {
			now = append(now, h)
		} else {
			later = append(later, h)
		}
	}
	w.held = later
	w.mu.Unlock()
	for i := range now {
		now[len(now)-1-i].arrive() // the last one first: networks reorder
	}
}

// memory is the plan as memremote's faults.
func (w *wire) memory(r memremote.Request) memremote.Fault {
	f, n := w.next(r.Device, r.Op == "books")
	switch f {
	case lost:
		return memremote.Fault{Lost: true}
	case restart:
		return memremote.Fault{Lost: n%2 == 0, NoReply: n%2 == 1}
	case noReply, crash, torn, broken:
		return memremote.Fault{NoReply: true}
	case late:
		return memremote.Fault{Late: func(arrive func()) { w.hold(0, arrive) }}
	case overtaken:
		return memremote.Fault{Late: func(arrive func()) { w.hold(1+n%7, arrive) }}
	case twice:
		return memremote.Fault{Twice: true}
	case busy, portal, slow, elsewhere:
		return memremote.Fault{Err: offline("503")}
	case large:
		if r.Op == "push" {
			return memremote.Fault{Err: syncer.ErrTooLarge}
		}
	}
	return memremote.Fault{}
}
