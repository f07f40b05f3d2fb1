package data

import (
	"context"
	"fmt"

	"kith/contact"
)

// ResetReason is why the server no longer takes a cursor.
type ResetReason int

const (
	CursorUnknown ResetReason = iota // the server's history is another one: what this device holds goes back
	CursorExpired                    // away for longer than tombstones are kept: clean contacts that the server lacks were deleted
)

// What a walk over the whole remote book is for, as the database has it.
const (
	walkUnknown = "unknown"
	walkExpired = "expired"
)

// BeginReconcile drops the cursor; the walk that follows compares everything, and can be broken off and resumed. If one for
// CursorUnknown was broken off, the new one is for that too, whatever why says.
func (s *Store) BeginReconcile(ctx context.Context, book string, why ResetReason) error {
	err := s.write(ctx, func(t *tx) error {
		b, err := t.book(book)
		if err != nil {
			return err
		}
		return t.beginReconcile(b, why)
	})
	if err != nil {
		return fmt.Errorf("begin to reconcile book %s: %w", book, err)
	}
	return nil
}

func (t *tx) beginReconcile(b Book, why ResetReason) error {
	reason := walkExpired
	if why == CursorUnknown || b.reconcile == walkUnknown {
		reason = walkUnknown
		// Deletions that are held, and those of contacts that are gone for good, were made in the other history: their revs say nothing in
		// this one, which may not know of them.
		if _, err := t.exec("DELETE FROM deletions_in WHERE contact IN (SELECT row_id FROM contacts WHERE book = ?)", b.ID); err != nil {
			return err
		}
		if _, err := t.exec("UPDATE purged SET rev = 0 WHERE book = ?", b.ID); err != nil {
			return err
		}
	}
	if _, err := t.exec("UPDATE aside SET rev = 0 WHERE book = ?", b.ID); err != nil {
		return err
	}
	_, err := t.exec("UPDATE books SET cursor = '', reconcile = ?, walk = walk + 1, live = -1 WHERE id = ?", reason, b.ID)
	return err
}

// shown notes that the walk has met the record.
func (t *tx) shown(r *record, walk int64) error {
	r.walk = walk
	_, err := t.exec("UPDATE contacts SET walk = ? WHERE row_id = ?", walk, r.row)
	return err
}

// meet compares a record with what a server of another history has of it. Revs of the two histories say nothing about each
// other, and an old base would make the server's older values look like edits: where the two differ, they are joined as two that
// never agreed, the later value on top, and the joined contact goes back.
func (t *tx) meet(b Book, current *record, c RemoteChange, applied *Applied) error {
	remote := c.version()
	if !current.dirty {
		if same(current.Version, remote) {
			if current.rev == c.Rev {
				return nil
			}
			return t.accept(current, c)
		}
		return t.mergeFrom(b, contact.Version{}, current, c, applied)
	}
	if current.rev == c.Rev && current.base != nil && same(*current.base, remote) {
		return nil
	}
	f, err := t.frozen(current.row)
	if err != nil {
		return err
	}
	if err := t.dropFrozen(current.row); err != nil {
		return err
	}
	if current.base != nil && same(*current.base, remote) {
		after := *current
		after.rev = c.Rev
		return t.put(current, &after, c.entry(fromMerge))
	}
	if f != nil && same(f.version(), remote) {
		return t.acknowledge(current, f, c.Rev, c.EditedAt)
	}
	var agreed contact.Version
	if current.base != nil && isEditAndDeletion(*current.base, current.Version, remote) {
		agreed = *current.base
	}
	return t.mergeFrom(b, agreed, current, c, applied)
}

// isEditAndDeletion reports whether one side deleted the contact, and the other edited it after the two last agreed: then it is for the
// strategy to decide between them, also across histories. A server that is merely older has edited nothing.
func isEditAndDeletion(base, local, remote contact.Version) bool {
	if local.Deleted {
		return !remote.Deleted && remote.EditedAt > base.EditedAt
	}
	return remote.Deleted
}

// endWalk settles the records that the walk did not show.
func (t *tx) endWalk(ctx context.Context, b Book) error {
	missing := "SELECT row_id FROM contacts WHERE book = ? AND walk < ? AND rev <> 0"
	err := t.forEachRow(ctx, missing, func(r *record) error {
		if b.reconcile == walkUnknown {
			return t.sendAsNew(r)
		}
		if r.dirty {
			// The server has deleted it and forgotten that. An edit brings it back, as a new contact there; a deletion has nothing left to do.
			// What the two last agreed on is gone there: an edit that is taken back must not end at it.
			busy, err := t.inFlight(r.row)
			if err != nil || busy {
				return err // the history is the same one: the answer to what is under way says what became of it
			}
			return t.sendAsNew(r)
		}
		if r.Deleted {
			return nil
		}
		// The server had it and has it no more, not even its tombstone: it was deleted elsewhere.
		return t.meetDeletion(r, deletionIn{editedAt: r.EditedAt})
	}, b.ID, b.walk)
	if err != nil {
		return err
	}
	if b.reconcile == walkExpired { // what could not be read, and was not shown, was deleted; from another history it may be the last copy
		if _, err := t.exec("DELETE FROM aside WHERE rev = 0 AND book = ?", b.ID); err != nil {
			return err
		}
	}
	_, err = t.exec("UPDATE books SET reconcile = '' WHERE id = ?", b.ID)
	return err
}
