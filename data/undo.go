package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"kith/contact"
)

// Undone says what Undo did.
type Undone struct {
	IDs       []string
	Operation string // the operation that was undone: INSERT, UPDATE, DELETE
	Name      string // display name of the first
}

// Undo takes the newest action of this device that is not undone yet back, as new edits; again: the one before. Values that
// changed since stay. What an Undo did is not itself undone by another: it stands in the history. ErrNothingToUndo.
func (s *Store) Undo(ctx context.Context) (Undone, error) {
	return s.UndoSlowly(ctx, func(int, int) {})
}

// UndoSlowly is Undo for actions of many contacts: progress hears of every hundredth, from this goroutine.
func (s *Store) UndoSlowly(ctx context.Context, progress func(done, of int)) (Undone, error) {
	var undone Undone
	err := s.write(ctx, func(t *tx) error {
		for len(undone.IDs) == 0 { // an action of which nothing is left is passed over
			if err := ctx.Err(); err != nil {
				return err
			}
			var err error
			if undone, err = t.undoNewest(ctx, progress); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Undone{}, fmt.Errorf("undo: %w", err)
	}
	return undone, nil
}

// newestUndoable is the newest action that can be taken back: what was done in a book that can't be changed any more is passed over.
const newestUndoable = `SELECT l.action FROM change_log l WHERE l.origin = 'local' AND l.undone = 0
	AND NOT EXISTS (SELECT 1 FROM contacts c JOIN books b ON b.id = c.book WHERE c.id = l.record_id AND b.role = 'reader') ORDER BY l.id DESC LIMIT 1`

// undoNewest undoes one action, and lists the contacts that changed by it.
func (t *tx) undoNewest(ctx context.Context, progress func(done, of int)) (Undone, error) {
	var action int64
	err := t.row(newestUndoable).Scan(&action)
	if errors.Is(err, sql.ErrNoRows) {
		return Undone{}, ErrNothingToUndo
	}
	if err != nil {
		return Undone{}, err
	}
	type step struct {
		id  int64
		of  string
		op  string
		was bool // a value that gave way: it changed nothing
	}
	var steps []step
	err = t.each("SELECT id, record_id, operation, lost FROM change_log WHERE id >= ? AND action = ?", func(row scanner) error {
		var st step
		err := row.Scan(&st.id, &st.of, &st.op, &st.was)
		steps = append(steps, st)
		return err
	}, action, action)
	if err != nil {
		return Undone{}, err
	}
	var undone Undone
	for i, st := range steps {
		if i > 0 && i%100 == 0 {
			if err := ctx.Err(); err != nil {
				return Undone{}, err
			}
			progress(i, len(steps))
		}
		if st.was {
			continue
		}
		before, err := t.must(st.of)
		if err != nil {
			return Undone{}, err
		}
		if err := t.mustWrite(before.book); errors.Is(err, ErrReadOnly) {
			continue // the rest of the action can be taken back
		} else if err != nil {
			return Undone{}, err
		}
		after, err := t.undoStep(before, st.id, st.op)
		if err != nil {
			return Undone{}, fmt.Errorf("contact %s: %w", st.of, err)
		}
		if after == before {
			continue
		}
		if len(undone.IDs) == 0 {
			undone.Operation, undone.Name = st.op, after.Card.DisplayName()
		}
		undone.IDs = append(undone.IDs, st.of)
	}
	asked, err := t.reopen(action)
	if err != nil {
		return Undone{}, err
	}
	for _, r := range asked {
		if len(undone.IDs) == 0 {
			undone.Operation, undone.Name = opUpdate, r.Card.DisplayName()
		}
		if !slices.Contains(undone.IDs, r.id) {
			undone.IDs = append(undone.IDs, r.id)
		}
	}
	_, err = t.exec("UPDATE change_log SET undone = 1 WHERE id >= ? AND action = ?", action, action)
	return undone, err
}

// undoStep takes one log entry back by a three-way merge: from the card after it to the card before it, with what came since on top.
func (t *tx) undoStep(current *record, logID int64, op string) (*record, error) {
	var newer []HistoryEntry // newest first; the entry itself stands last
	err := t.each("SELECT id, timestamp, operation, origin, device, lost, patch FROM change_log WHERE record_id = ? AND id >= ? ORDER BY id DESC",
		func(row scanner) error {
			e, err := scanEntry(row)
			newer = append(newer, e)
			return err
		}, current.id, logID)
	if err != nil {
		return nil, err
	}
	last := len(newer) - 1
	after, err := rewind(current.Card, newer[:last])
	if err != nil {
		return nil, err
	}
	before, err := rewind(after, newer[last:])
	if err != nil {
		return nil, err
	}
	card, _ := contact.Merge(after, current.Card, before, contact.Local)
	deleted := current.Deleted
	switch op {
	case opInsert:
		deleted = true
	case opDelete:
		deleted = false
	}
	return t.edit(current, card, deleted, fromUndo)
}
