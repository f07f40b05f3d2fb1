package syncer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kith/data"
)

// Bounds of one pass, so that a remote that misbehaves, or a crowd that edits the same contacts, can't keep it for ever.
const (
	maxResets    = 3  // reconciliations begun
	maxContended = 20 // rounds in which everything that was sent met a conflict
	maxMoved     = 10 // times that the cursor moved under the pass's hands
)

// errContended ends a pass that only met conflicts; nothing is lost, the next one goes on.
var errContended = errors.New("others keep changing the same contacts")

// hint is what the loop knows when it starts a round. The zero hint: nothing, so that all books are listed and looked at.
type hint struct {
	only  map[string]bool    // the books that there is something to do in, by their local ids; nil: all
	pages map[string]*polled // the first page of some, from the long poll
	live  map[string]bool    // of those over which a long poll stood until now, and brought nothing: they have nothing new
}

// pass is one pass over one book: what is in flight is answered first (else a pull would bring back our own change as a
// stranger's), then pull, merge, push, and again while the remote has something that this device has not seen.
type pass struct {
	store    *data.Store
	session  *session
	id       string // the local book
	progress func(done, total int)

	book        data.Book // its Cursor is kept up to date
	sum         Summary
	done, total int
	observed    *time.Duration // the clock offset last given to the store
	resets      int
	moved       int
	behind      bool // the remote has, or may have, what this device has not seen
	anew        bool // the remote's history turned out to be another one
}

// run makes the pass. first is the first page, if a long poll has brought it; live: a long poll stood until now, and brought nothing.
func (p *pass) run(ctx context.Context, first *polled, live bool) error {
	if err := p.reload(ctx); err != nil {
		return err
	}
	p.behind = !live
	if err := p.answerInFlight(ctx); err != nil {
		return err
	}
	contended := 0
	for {
		if p.behind || first != nil {
			if err := p.pull(ctx, first); err != nil {
				return err
			}
			first, p.behind = nil, false
		}
		progress, err := p.push(ctx)
		if err != nil {
			return err
		}
		if !p.behind {
			break
		}
		if contended++; progress {
			contended = 0
		}
		if contended == maxContended {
			return errContended
		}
	}
	if err := p.store.MarkSynced(ctx, p.book.ID, time.Now()); err != nil {
		return fmt.Errorf("mark the book as synced: %w", err)
	}
	return nil
}

// reload reads the book and its cursor again.
func (p *pass) reload(ctx context.Context) error {
	b, err := p.store.Book(ctx, p.id)
	if err != nil {
		return err
	}
	p.book = b
	return nil
}

func (l Limits) orDefaults() Limits {
	or := func(v, def int) int {
		if v <= 0 {
			return def
		}
		return v
	}
	return Limits{
		CardBytes: or(l.CardBytes, 256<<10), PushChanges: or(l.PushChanges, 1000),
		PushBytes: or(l.PushBytes, 4<<20), PageChanges: or(l.PageChanges, 1000), BlobBytes: or(l.BlobBytes, 8<<20),
	}
}

// reset begins a reconciliation if err is a 410, and returns err if it is anything else.
func (p *pass) reset(ctx context.Context, err error) error {
	why := data.CursorUnknown
	switch {
	case errors.Is(err, ErrCursorUnknown):
		p.anew = true
	case errors.Is(err, ErrCursorExpired):
		why = data.CursorExpired
	default:
		return err
	}
	if p.resets++; p.resets > maxResets {
		return fmt.Errorf("reconcile with the server: again and again: %w", err)
	}
	if err := p.store.BeginReconcile(ctx, p.book.ID, why); err != nil {
		return fmt.Errorf("begin to reconcile: %w", err)
	}
	p.session.forgetBlobs(p.book.Remote)
	p.behind = true
	return p.reload(ctx)
}

// observe tells the store the server's clock, when it is new to this pass or has moved.
func (p *pass) observe(ctx context.Context, c Clock) error {
	if p.observed != nil && (c.Offset-*p.observed).Abs() < 500*time.Millisecond {
		return nil
	}
	p.observed = &c.Offset
	if err := p.store.Observe(ctx, c.Offset, c.Server); err != nil {
		return fmt.Errorf("note the server's clock: %w", err)
	}
	return nil
}

func (p *pass) count(a data.Applied) {
	p.sum.Pulled += a.Pulled
	p.sum.Pushed += a.Pushed
	p.sum.Merged += a.Merged
	p.sum.Conflicts += a.Conflicts
	p.sum.Rejected += a.Rejected
}

// step moves the progress on by n of total; each pull and push adds its own total.
func (p *pass) step(n int) {
	p.done += n
	p.total = max(p.total, p.done)
	p.progress(p.done, p.total)
}
