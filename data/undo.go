package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"kith/contact"
)

// Undone says what Undo or Redo did, or would do.
type Undone struct {
	IDs       []string
	Operation string // the operation that was undone, or done again: INSERT, UPDATE, DELETE; MOVE: to another book
	Name      string // display name of the first
}

// Steps are what Undo and Redo would do next. IDs is empty where there is nothing.
type Steps struct {
	Undo, Redo Undone
	UndoOf     time.Time // when what Undo takes back was done
}

// NextSteps looks ahead. A step of which nothing is left to take back is named all the same: Undo passes over it.
func (s *Store) NextSteps(ctx context.Context) (Steps, error) {
	var steps Steps
	undo, at, err := s.step(ctx, newestUndoable)
	if err != nil {
		return steps, fmt.Errorf("look what can be undone: %w", err)
	}
	redo, _, err := s.step(ctx, "SELECT max(action) FROM redo HAVING max(action) IS NOT NULL")
	if err != nil {
		return steps, fmt.Errorf("look what can be done again: %w", err)
	}
	steps.Undo, steps.UndoOf, steps.Redo = undo, at, redo
	steps.Redo.Operation = inverse(redo.Operation)
	return steps, nil
}

// step describes the action that a query finds.
func (s *Store) step(ctx context.Context, query string) (u Undone, at time.Time, err error) {
	names, did := map[string]string{}, operations{}
	err = s.read(ctx, `SELECT l.record_id, l.operation, l.timestamp, c.name FROM change_log l JOIN contacts c ON c.id = l.record_id
		WHERE l.action = (`+query+`) AND l.id >= (`+query+`) AND l.lost = 0 ORDER BY l.id`, func(row scanner) error {
		var id, operation, name string
		var micro int64
		if err := row.Scan(&id, &operation, &micro, &name); err != nil {
			return err
		}
		at = time.UnixMicro(micro)
		names[id] = name
		did.add(id, operation)
		return nil
	})
	for _, id := range did.ids {
		u.add(id, did.of[id], names[id])
	}
	return u, at, err
}

// operations are what one action did to each contact, in the order in which it came to them. It may write one twice: a contact that was added,
// and then related to another, was added.
type operations struct {
	ids []string
	of  map[string]string
}

func (o *operations) add(id, operation string) {
	was, known := o.of[id]
	if !known {
		o.ids = append(o.ids, id)
	}
	if o.of == nil {
		o.of = map[string]string{}
	}
	if !known || was == opUpdate {
		o.of[id] = operation
	}
}

// add counts one contact of an action. What comes to be in one book and goes from another is moved.
func (u *Undone) add(id, operation, name string) {
	switch {
	case len(u.IDs) == 0:
		u.Operation, u.Name = operation, name
	case u.Operation == opMove && operation == opDelete:
		return // counted where it came to be
	case u.Operation == opInsert && operation == opDelete, u.Operation == opDelete && operation == opInsert:
		u.Operation = opMove
		return
	}
	u.IDs = append(u.IDs, id)
}

// inverse is what taking an operation back does.
func inverse(operation string) string {
	switch operation {
	case opInsert:
		return opDelete
	case opDelete:
		return opInsert
	}
	return operation
}

// Undo takes the newest action of this device that is not undone yet back, as new edits; again: the one before. Values that
// changed since stay. What an Undo did is not itself undone by another, but by Redo. ErrNothingToUndo.
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

// Redo takes the newest Undo back, as new edits that Undo takes back again; once more: the Undo before. It ends with the next edit
// of this device's user, and before an Undo that put questions again. ErrNothingToRedo.
func (s *Store) Redo(ctx context.Context, progress func(done, of int)) (Undone, error) {
	var redone Undone
	err := s.write(ctx, func(t *tx) error {
		t.redoing = true
		for len(redone.IDs) == 0 {
			var action int64
			err := t.row("SELECT action FROM redo ORDER BY action DESC LIMIT 1").Scan(&action)
			if errors.Is(err, sql.ErrNoRows) {
				return ErrNothingToRedo
			}
			if err == nil {
				redone, err = t.unwind(ctx, action, fromUser, progress)
			}
			if err == nil {
				_, err = t.exec("DELETE FROM redo WHERE action = ?", action)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Undone{}, fmt.Errorf("redo: %w", err)
	}
	redone.Operation = inverse(redone.Operation)
	return redone, nil
}

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
	undone, err := t.unwind(ctx, action, fromUndo, progress)
	if err != nil {
		return Undone{}, err
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
	switch {
	case len(asked) > 0: // the answers are not kept: what lies before can't be done again in its place
		err = t.endRedo()
	case len(undone.IDs) > 0:
		_, err = t.exec("INSERT INTO redo (action) VALUES (?)", t.action)
	}
	return undone, err
}

// endRedo leaves nothing to do again.
func (t *tx) endRedo() error {
	_, err := t.exec("DELETE FROM redo")
	return err
}

// unwind takes the values of an action back by new edits of an origin, as far as they still stand. A contact that it wrote twice goes back
// the way it came.
func (t *tx) unwind(ctx context.Context, action int64, origin string, progress func(done, of int)) (Undone, error) {
	type step struct {
		id int64
		op string
	}
	steps := map[string][]step{}
	var did operations
	all := 0
	err := t.each("SELECT id, record_id, operation FROM change_log WHERE id >= ? AND action = ? AND lost = 0 ORDER BY id", func(row scanner) error {
		var st step
		var of string
		if err := row.Scan(&st.id, &of, &st.op); err != nil {
			return err
		}
		steps[of] = append(steps[of], st)
		did.add(of, st.op)
		all++
		return nil
	}, action, action)
	if err != nil {
		return Undone{}, err
	}
	var undone Undone
	done := 0
	for _, id := range did.ids {
		current, err := t.must(id)
		if err != nil {
			return Undone{}, err
		}
		if err := t.mustWrite(current.book); errors.Is(err, ErrReadOnly) {
			done += len(steps[id])
			continue // the rest of the action can be taken back
		} else if err != nil {
			return Undone{}, err
		}
		changed := false
		for _, st := range slices.Backward(steps[id]) {
			if done++; done%100 == 0 {
				if err := ctx.Err(); err != nil {
					return Undone{}, err
				}
				progress(done, all)
			}
			after, err := t.undoStep(current, st.id, st.op, origin)
			if err != nil {
				return Undone{}, fmt.Errorf("contact %s: %w", id, err)
			}
			changed = changed || after != current
			current = after
		}
		if changed {
			undone.add(id, did.of[id], current.Card.DisplayName())
		}
	}
	_, err = t.exec("UPDATE change_log SET undone = 1 WHERE id >= ? AND action = ?", action, action)
	return undone, err
}

// undoStep takes one log entry back by a three-way merge: from the card after it to the card before it, with what came since on top.
func (t *tx) undoStep(current *record, logID int64, op, origin string) (*record, error) {
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
	return t.edit(current, card, deleted, origin)
}
