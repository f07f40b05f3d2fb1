package sim

import (
	"context"
	"errors"

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
	faults
)

func (f fault) String() string {
	return [...]string{"none", "lost", "no reply", "twice", "late", "busy", "other", "typing", "both", "cancel", "crash", "torn", "portal",
		"broken", "slow", "large", "elsewhere"}[f]
}

// wire plans one fault for the sync that runs: the n-th request from now meets it.
type wire struct {
	fault   fault
	at      int
	cancel  context.CancelFunc
	between func(f fault) // does what happens just before the request
	killed  func()        // takes the picture of the profile that a kill leaves
}

var errFault = errors.New("a fault on demand")

func offline(reason string) error { return &syncer.OfflineError{Reason: reason, Err: errFault} }

// next returns the fault of this request.
func (w *wire) next() fault {
	if w.fault == none {
		return none
	}
	if w.at--; w.at >= 0 {
		return none
	}
	f := w.fault
	w.fault = none
	switch f {
	case other, typing, both:
		w.between(f)
		return none
	case cancel:
		w.cancel()
	case crash:
		w.killed()
		w.cancel()
	}
	return f
}

// memory is the plan as memremote's faults.
func (w *wire) memory(r memremote.Request) memremote.Fault {
	switch w.next() {
	case lost:
		return memremote.Fault{Lost: true}
	case noReply, late, crash, torn, broken:
		return memremote.Fault{NoReply: true}
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
