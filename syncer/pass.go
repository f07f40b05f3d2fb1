package syncer

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// hint is what the loop knows when it starts a pass.
type hint struct {
	page  *Page  // the first page, from the long poll
	since string // the cursor that it was asked with
	live  bool   // a long poll stood until now and brought nothing: the book has nothing new
}

// pass is one pass over one book: what is in flight is answered first (else a pull would bring back our own change as a
// stranger's), then pull, merge, push, and again while the remote has something that this device has not seen.
type pass struct {
	store    *data.Store
	session  *session
	progress func(done, total int)

	book        data.Book // its Cursor is kept up to date
	sum         Summary
	done, total int
	observed    *time.Duration // the clock offset last given to the store
	resets      int
	moved       int
	behind      bool // the remote has, or may have, what this device has not seen
}

func (p *pass) run(ctx context.Context, h hint) error {
	linked, err := p.begin(ctx)
	if err != nil {
		return err
	}
	if linked {
		h = hint{} // what the loop knew was of another book
	}
	p.behind = !h.live
	if err := p.answerInFlight(ctx); err != nil {
		return err
	}
	contended := 0
	for {
		if p.behind || h.page != nil {
			if err := p.pull(ctx, h); err != nil {
				return err
			}
			h, p.behind = hint{}, false
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

// begin reads the book, and links it to the account's first book: on the first sync, and again when the account has lost the one
// that it was linked to (the server was made anew). It reports whether it did.
func (p *pass) begin(ctx context.Context) (linked bool, err error) {
	if err := p.reload(ctx); err != nil {
		return false, err
	}
	if p.book.Remote != "" && p.session.limits != (Limits{}) {
		return false, nil
	}
	if err := p.readAgain(ctx); err != nil {
		return false, err
	}
	books, limits, err := p.session.remote.Books(ctx)
	if err != nil {
		return false, fmt.Errorf("list the books: %w", err)
	}
	p.session.limits = limits.orDefaults()
	if slices.ContainsFunc(books, func(b Book) bool { return b.ID == p.book.Remote }) {
		return false, nil
	}
	if len(books) == 0 {
		return false, fmt.Errorf("list the books: the account has none: %w", ErrForbidden)
	}
	if err := p.store.LinkBook(ctx, p.book.ID, books[0].ID); err != nil {
		return false, fmt.Errorf("link the book: %w", err)
	}
	return true, p.reload(ctx)
}

// readAgain takes in what an older version of this program could not read, once a session: programs are not updated while they run.
func (p *pass) readAgain(ctx context.Context) error {
	all, err := p.store.SetAside(ctx)
	if err != nil {
		return fmt.Errorf("list what is set aside: %w", err)
	}
	var ids []string
	for _, a := range all {
		if !a.Out {
			ids = append(ids, a.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if _, err := p.store.TryAgain(ctx, ids...); err != nil {
		return fmt.Errorf("read again what was set aside: %w", err)
	}
	return nil
}

// reload reads the book and its cursor again.
func (p *pass) reload(ctx context.Context) error {
	books, err := p.store.Books(ctx)
	if err != nil {
		return fmt.Errorf("read the books: %w", err)
	}
	for _, b := range books {
		if b.ID == data.DefaultBook {
			p.book = b
			return nil
		}
	}
	return fmt.Errorf("read the books: there is no %q", data.DefaultBook)
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
	p.session.blobs = newBlobsAtRemote()
	p.behind = true
	return p.reload(ctx)
}

// observe tells the store the server's clock, when it is new to this pass or has moved.
func (p *pass) observe(ctx context.Context, offset time.Duration) error {
	if p.observed != nil && (offset-*p.observed).Abs() < 500*time.Millisecond {
		return nil
	}
	p.observed = &offset
	if err := p.store.Observe(ctx, offset); err != nil {
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
