package data

import (
	"context"
	"errors"
	"fmt"

	"kith/contact"
)

// RemoteChange is a contact's latest state at the server.
type RemoteChange struct {
	ID         string
	Rev        int64
	Deleted    bool
	Card       contact.Card
	EditedAt   int64
	Device     string // id
	DeviceName string
	User       string

	Unreadable string // why the card could not be read, "" : it could. Raw is then what came, and Card is zero
	Raw        []byte
}

func (c RemoteChange) version() contact.Version {
	return contact.Version{Card: c.Card, Deleted: c.Deleted, EditedAt: c.EditedAt}
}

// entry is the log entry of what a remote change did here.
func (c RemoteChange) entry(origin string) entry {
	return entry{origin: origin, device: c.DeviceName, user: c.User, at: c.EditedAt}
}

// Page is one page of a book's feed. Since is the cursor that it was asked with.
type Page struct {
	Since, Cursor string
	Changes       []RemoteChange
	More          bool
}

// Applied counts what a page or a push's answer did, in contacts: Pulled changed here by it, Merged had edits on both sides,
// Conflicts wait for the user since, Rejected were set aside.
type Applied struct{ Pulled, Pushed, Merged, Conflicts, Rejected int }

// ApplyPage merges a page into the book and moves its cursor, in one transaction. A contact with unsynced edits is merged by the
// book's strategy, never overwritten. What others deleted stays until the last page; if it is very much then, it waits for the user
// (Held). The last page (More false) of a reconciliation also settles what the walk did not show.
// ErrCursorMoved: the book's cursor is not Page.Since any more; ask again from the book's cursor.
//
// A change that can't be read or stored stops nothing: it is put aside (SetAside).
func (s *Store) ApplyPage(ctx context.Context, book string, p Page) (Applied, error) {
	applied, err := s.applyPage(ctx, book, p, (*tx).pull)
	if err != nil && isRecordFault(err) && !errors.Is(err, ErrCursorMoved) {
		// One of its changes, then, or we: each by itself, at the price of a savepoint.
		applied, err = s.applyPage(ctx, book, p, (*tx).takeChange)
	}
	if err != nil {
		return Applied{}, fmt.Errorf("apply page after cursor %q: %w", p.Since, err)
	}
	return applied, nil
}

func (s *Store) applyPage(ctx context.Context, book string, p Page, take func(*tx, Book, RemoteChange, *Applied) error) (Applied, error) {
	var applied Applied
	err := s.write(ctx, func(t *tx) error {
		b, err := t.book(book)
		if err != nil {
			return err
		}
		if b.Cursor != p.Since {
			return fmt.Errorf("%w: from %q to %q", ErrCursorMoved, p.Since, b.Cursor)
		}
		if err := t.beginPull(&b, p); err != nil {
			return fmt.Errorf("begin the pull: %w", err)
		}
		for _, c := range p.Changes {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := safely(func() error { return take(t, b, c, &applied) }); err != nil {
				return fmt.Errorf("contact %s: %w", c.ID, err)
			}
		}
		if b.reconcile != "" && !p.More {
			if err := t.endWalk(ctx, b); err != nil {
				return fmt.Errorf("end the walk: %w", err)
			}
		}
		if !p.More {
			if err := t.endPull(ctx, b, &applied); err != nil {
				return fmt.Errorf("end the pull: %w", err)
			}
		}
		_, err = t.exec("UPDATE books SET cursor = ? WHERE id = ?", p.Cursor, b.ID)
		return err
	})
	return applied, err
}

// pull takes one change of the feed in.
func (t *tx) pull(b Book, c RemoteChange, applied *Applied) error {
	t.see(c.EditedAt)
	if c.Unreadable != "" {
		return t.pullUnreadable(b, c)
	}
	if newer, err := t.takeUp(b, c); err != nil || newer {
		return err
	}
	current, err := t.loadIn(b.ID, c.ID)
	if err != nil {
		return err
	}
	if current == nil {
		if done, err := t.meetPurged(b, c); err != nil || done {
			return err
		}
		if c.Deleted {
			return nil // it came and went without us
		}
		added := &record{book: b.ID, Version: c.version(), rev: c.Rev, walk: b.walk}
		if err := t.name(added, c.ID); err != nil {
			return err
		}
		applied.Pulled++
		return t.put(nil, added, c.entry(fromRemote))
	}
	if b.reconcile != "" && current.walk != b.walk {
		if err := t.shown(current, b.walk); err != nil {
			return err
		}
	}
	if b.reconcile == walkUnknown {
		return t.meet(b, current, c, applied)
	}
	if c.Rev <= current.rev {
		return nil // our own push, or a page that was asked for before it
	}
	if current.dirty {
		return t.mergeFrozen(b, current, c, applied)
	}
	if c.Deleted && !current.Deleted {
		device, err := t.whose(c.entry(fromRemote))
		if err != nil {
			return err
		}
		return t.meetDeletion(current, deletionIn{c.Rev, c.EditedAt, device})
	}
	applied.Pulled++
	return t.accept(current, c)
}

// accept makes a clean record what the server says.
func (t *tx) accept(current *record, c RemoteChange) error {
	after := *current
	after.take(c, t.wall())
	return t.put(current, &after, c.entry(fromRemote))
}

// take makes the record clean and equal to the server's. The card of a deleted contact stays in the trash as it was here.
func (r *record) take(c RemoteChange, now int64) {
	r.become(c.version(), now)
	r.rev, r.base, r.dirty = c.Rev, nil, false
}

// become sets the version; now is when it went to the trash, if it does.
func (r *record) become(v contact.Version, now int64) {
	if v.Card.IsZero() {
		v.Card = r.Card
	}
	switch {
	case !v.Deleted:
		r.deletedAt = 0
	case !r.Deleted:
		r.deletedAt = now
	}
	r.Version = v
}

// mergeFrozen merges a change into a record with edits, some of which may be under way to the server. The server's version has
// moved on, so what is under way has arrived or will be refused: it needs no answer any more.
func (t *tx) mergeFrozen(b Book, current *record, c RemoteChange, applied *Applied) error {
	f, err := t.frozen(current.row)
	if err != nil {
		return err
	}
	if f == nil {
		return t.merge(b, current, c, applied)
	}
	if err := t.dropFrozen(current.row); err != nil {
		return err
	}
	if same(f.version(), c.version()) {
		return t.acknowledge(current, f, c.Rev, c.EditedAt)
	}
	return t.merge(b, current, c, applied)
}

// merge joins the record's edits with the server's newest version, by the book's strategy.
func (t *tx) merge(b Book, current *record, c RemoteChange, applied *Applied) error {
	var agreed contact.Version
	if current.base != nil && (current.rev != 0 || isEditAndDeletion(*current.base, current.Version, c.version())) {
		agreed = *current.base
	}
	if current.Deleted && current.conflicts > 0 && !agreed.Deleted {
		// The card in the trash is still the one that the deletion began from. Held against the newest remote, which is the base
		// while the deletion waits, it would look as if this side had taken the remote's edits back.
		began, ok, err := t.deletionBegan(current)
		if err != nil {
			return err
		}
		if ok {
			agreed.Card = began
		}
	}
	return t.mergeFrom(b, agreed, current, c, applied)
}

// mergeFrom is merge with another base than the record's; the zero Version: the two sides never agreed.
func (t *tx) mergeFrom(b Book, agreed contact.Version, current *record, c RemoteChange, applied *Applied) error {
	remote := c.version()
	if remote.Card.IsZero() {
		remote.Card = agreed.Card // the last that both sides had: should it come back there, that is what its edits began from
	}
	if same(current.Version, remote) {
		// Both came to the same by themselves.
		if err := t.dropConflicts(current); err != nil {
			return err
		}
		after := *current
		after.take(c, t.wall())
		after.conflicts = 0
		return t.put(current, &after, c.entry(fromMerge))
	}
	out := reconcile(b.Strategy, agreed, current.Version, remote)
	after := *current
	after.become(out.Version, t.wall())
	after.EditedAt = max(current.EditedAt, c.EditedAt)
	after.rev, after.base = c.Rev, &remote
	if err := t.park(current, &after, c, out.Ask); err != nil {
		return err
	}
	after.dirty = after.conflicts > 0 || !same(after.Version, remote)
	if err := t.put(current, &after, c.entry(fromMerge)); err != nil {
		return err
	}
	if len(out.Lost) > 0 {
		e := entry{origin: fromMerge, at: current.EditedAt}
		if out.LostSide == contact.Remote {
			e = c.entry(fromMerge)
		}
		if err := t.lost(&after, out.Lost, e); err != nil {
			return err
		}
	}
	// A server put back to an older state holds older values, not edits: what gives way of it is no news to anyone.
	if b.reconcile != walkUnknown || current.dirty && out.LostSide == contact.Local {
		if err := t.review(current, &after, c, out.Review, out.LostSide); err != nil {
			return err
		}
	}
	applied.Pulled++
	if current.dirty && !same(agreed, remote) {
		applied.Merged++
	}
	if after.conflicts > current.conflicts {
		applied.Conflicts++
	}
	return nil
}

// reconcile is contact.Reconcile, but for two sides that never agreed, one of which has deleted the contact: nothing says that
// either is an edit of the other, so the later stands, under every strategy. The trash and the history keep the rest.
func reconcile(s contact.Strategy, agreed, local, remote contact.Version) contact.Outcome {
	if agreed.Card.IsZero() && !agreed.Deleted && local.Deleted != remote.Deleted {
		s = contact.StrategyNewest
	}
	return contact.Reconcile(s, agreed, local, remote)
}

// lost keeps values that gave way in the history of the record.
func (t *tx) lost(r *record, values contact.Patch, e entry) error {
	_, err := t.appendLog(r, opUpdate, values, true, e)
	if err != nil {
		return fmt.Errorf("keep lost values of %s: %w", r.id, err)
	}
	return nil
}
