package syncer

import (
	"context"
	"errors"
	"fmt"
)

// answerInFlight pushes again what was pushed before and never answered. The remote knows each change by its id, so what it had
// applied is answered as applied and not done twice.
func (p *pass) answerInFlight(ctx context.Context) error {
	for range maxContended {
		if p.book.Reconciling {
			return nil // what it began from may not be what the server has at that rev: the walk compares first
		}
		batch, err := p.store.InFlight(ctx, p.book.ID)
		if err != nil {
			return fmt.Errorf("read what is in flight: %w", err)
		}
		if len(batch) == 0 {
			return nil
		}
		if _, err := p.send(ctx, batch); err != nil {
			return err
		}
	}
	return nil // push goes on
}

// push sends everything that waits, batch by batch, until nothing is left or the remote turns out to have something new
// (p.behind). It reports whether anything was settled.
func (p *pass) push(ctx context.Context) (progress bool, err error) {
	w, err := p.store.Waiting(ctx, p.book.ID)
	if err != nil {
		return false, fmt.Errorf("count what waits: %w", err)
	}
	p.total = p.done + w.Sendable
	if err := p.shrink(ctx); err != nil {
		return false, fmt.Errorf("make photos smaller: %w", err)
	}
	for {
		batch, err := p.store.InFlight(ctx, p.book.ID)
		if err != nil {
			return progress, fmt.Errorf("read what is in flight: %w", err)
		}
		if len(batch) == 0 {
			batch, err = p.store.TakePush(ctx, p.book.ID, p.session.limits.PushChanges, p.pushBytes())
			if err != nil {
				return progress, fmt.Errorf("take what waits: %w", err)
			}
		}
		if len(batch) == 0 {
			return progress, nil
		}
		settled, err := p.send(ctx, batch)
		if err != nil {
			return progress, err
		}
		progress = progress || settled > 0
		p.step(settled)
		if settled < len(batch) {
			p.behind = true
			return progress, nil
		}
	}
}

// send pushes a batch and settles the answer. A batch that the remote takes to be too large, or refuses as a whole, is halved, down
// to the single change at fault: that one is set aside with its reason, and holds up nothing else. It returns how many changes
// were applied or set aside; the others conflicted, or the remote's history is another one (p.behind).
func (p *pass) send(ctx context.Context, batch []Outgoing) (settled int, err error) {
	queue := p.chunks(batch)
	accepted, refused := 0, 0
	repeated := map[string]bool{} // pushed again, with their blobs
	for len(queue) > 0 {
		chunk := queue[0]
		queue = queue[1:]
		since := p.book.Cursor
		chunk, err := p.supply(ctx, chunk)
		if err != nil {
			return settled, err
		}
		answer, err := p.session.remote.Push(ctx, p.book.Remote, since, chunk)
		tooLarge := errors.Is(err, ErrTooLarge)
		switch {
		case (tooLarge || errors.Is(err, ErrRefused)) && len(chunk) > 1:
			if tooLarge {
				p.session.limits.PushChanges = max(1, len(chunk)/2) // what follows need not find out again
			}
			half := len(chunk) / 2
			queue = append([][]Outgoing{chunk[:half], chunk[half:]}, queue...)
			continue
		case tooLarge, errors.Is(err, ErrRefused) && (accepted > 0 || refused < 3):
			// One change is at fault. A remote that takes none of many is at fault itself: then nothing more is set aside.
			refused++
			answer = Answer{Results: []PushResult{{ChangeID: chunk[0].ChangeID, Status: Rejected, Reason: err.Error()}}}
		case errors.Is(err, ErrConflict):
			p.behind = true
			return settled, nil
		case err != nil:
			if err := p.reset(ctx, err); err != nil {
				return settled, fmt.Errorf("push %d changes: %w", len(chunk), err)
			}
			return settled, nil
		default:
			if err := matches(chunk, answer.Results); err != nil {
				return settled, fmt.Errorf("push %d changes: %w", len(chunk), err)
			}
			accepted++
			if again := p.withoutBlobs(chunk, &answer, repeated); len(again) > 0 {
				queue = append([][]Outgoing{again}, queue...)
			}
			if err := p.observe(ctx, answer.Clock); err != nil {
				return settled, err
			}
		}
		n, err := p.settleAnswer(ctx, since, answer)
		if err != nil {
			return settled, err
		}
		settled += n
	}
	return settled, nil
}

// settleAnswer stores the answer to one request, and counts the changes that are done with.
func (p *pass) settleAnswer(ctx context.Context, since string, answer Answer) (done int, err error) {
	a, err := p.store.ApplyResults(ctx, p.book.ID, since, answer.Cursor, answer.Results)
	if err != nil {
		return 0, fmt.Errorf("settle a push: %w", err)
	}
	p.count(a)
	if answer.Cursor == "" {
		p.behind = true
	} else {
		p.book.Cursor = answer.Cursor
	}
	for _, r := range answer.Results {
		if r.Status == Conflict {
			p.behind = true
		} else {
			done++
		}
	}
	return done, nil
}

// chunks splits a batch by the remote's limits; what is in flight was taken by limits that may have changed since.
func (p *pass) chunks(batch []Outgoing) [][]Outgoing {
	var all [][]Outgoing
	from, bytes := 0, 0
	for i, c := range batch {
		if i > from && (i-from >= p.session.limits.PushChanges || bytes+len(c.Card) > p.pushBytes()) {
			all = append(all, batch[from:i])
			from, bytes = i, 0
		}
		bytes += len(c.Card)
	}
	return append(all, batch[from:])
}

// pushBytes is how much of a push's limit the cards may take: the rest is for what stands around each.
func (p *pass) pushBytes() int {
	const around = 256
	return max(p.session.limits.PushBytes-around*p.session.limits.PushChanges, p.session.limits.PushBytes/2)
}

// matches checks that an answer is to these changes: an answer to others must not settle them.
func matches(changes []Outgoing, results []PushResult) error {
	if len(results) != len(changes) {
		return fmt.Errorf("the server answered %d changes of %d", len(results), len(changes))
	}
	for i, r := range results {
		if r.ChangeID != changes[i].ChangeID {
			return fmt.Errorf("the server answered change %q in the place of %q", r.ChangeID, changes[i].ChangeID)
		}
		switch r.Status {
		case Applied, Conflict, Rejected:
		default:
			return fmt.Errorf("the server answered change %q with %q", r.ChangeID, r.Status)
		}
	}
	return nil
}
