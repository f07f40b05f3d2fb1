package data

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"kith/contact"
)

// settledField is a row of the table settled.
type settledField struct {
	waiting
	id            int64
	row           int64
	local, remote json.RawMessage
	stands        contact.Side
	rev           int64
	waited        bool
}

const settledColumns = "s.id, s.contact, s.path, s.base, s.device, s.user, s.local_at, s.remote_at, s.local, s.remote, s.stands, s.rev, s.waited"

func (f *settledField) dest() []any {
	return append(append([]any{&f.id, &f.row}, f.waiting.dest()...), (*[]byte)(&f.local), (*[]byte)(&f.remote), &f.stands, &f.rev, &f.waited)
}

// side is one side's value.
func (f *settledField) side(s contact.Side) json.RawMessage {
	if s == contact.Local {
		return f.local
	}
	return f.remote
}

// gaveWay is the value that does not stand.
func (f *settledField) gaveWay() json.RawMessage { return f.side(f.stands.Other()) }

// noteSettled writes a row; closed is 0 for one that the user is to see, else closedNow, until the transaction knows its action.
func (t *tx) noteSettled(f settledField, closed int64) error {
	_, err := t.exec(`INSERT INTO settled (contact, path, base, device, user, local_at, remote_at, local, remote, stands, rev, waited, closed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, f.row, f.path, nullable(f.base), f.device, f.user, f.localAt, f.remoteAt,
		nullable(f.local), nullable(f.remote), f.stands, f.rev, f.waited, closed)
	if err != nil {
		return fmt.Errorf("note how field %q was settled: %w", f.path, err)
	}
	return nil
}

// closedNow marks the rows that this transaction has closed.
const closedNow = -1

// endClosing gives the rows that were closed in this transaction the action that an undo knows them by. What changed nothing can't
// be undone.
func (t *tx) endClosing() error {
	query, args := "DELETE FROM settled WHERE closed = ?", []any{closedNow}
	if t.action != 0 {
		query, args = "UPDATE settled SET closed = ? WHERE closed = ?", []any{t.action, closedNow}
	}
	_, err := t.exec(query, args...)
	return err
}

// review lists fields that time has decided, for the user to look at. One that is to be looked at already because of the same value
// stands once, with the newer times.
func (t *tx) review(current, after *record, c RemoteChange, fields []contact.Conflict, lost contact.Side) error {
	for _, f := range fields {
		s := settledField{row: after.row, local: f.Local, remote: f.Remote, stands: lost.Other(), rev: after.rev,
			waiting: waiting{path: f.Path, base: f.Base, device: c.DeviceName, user: c.User, localAt: current.EditedAt, remoteAt: c.EditedAt}}
		if f.Path == "" { // of a deletion and an edit, the one that the contact shows stands
			s.stands = contact.Local
			if after.Deleted != (f.Local == nil) {
				s.stands = contact.Remote
			}
		}
		if err := t.dropReviews(after.row, func(old settledField) bool {
			return old.path == s.path && bytes.Equal(old.gaveWay(), s.gaveWay())
		}); err != nil {
			return err
		}
		if err := t.noteSettled(s, 0); err != nil {
			return err
		}
	}
	return nil
}

// reviewParked lists the fields of a record that wait as ones for the user to look at, before they are decided over his head.
func (t *tx) reviewParked(r *record) error {
	all, err := t.waitingOf(r)
	if err != nil {
		return err
	}
	for _, w := range all {
		if decided(w.path, r.Version, *r.base) {
			continue
		}
		s := settledField{waiting: w, row: r.row, local: valueAt(r.Version, w.path), remote: valueAt(*r.base, w.path), rev: r.rev}
		if err := t.noteSettled(s, 0); err != nil {
			return err
		}
	}
	return nil
}

// reviewsOf returns the fields of a contact that the user is to look at, as they came.
func (t *tx) reviewsOf(row int64) ([]settledField, error) {
	return t.settledWhere("s.closed = 0 AND s.contact = ?", row)
}

func (t *tx) settledWhere(where string, arg int64) ([]settledField, error) {
	var all []settledField
	err := t.each("SELECT "+settledColumns+" FROM settled s WHERE "+where+" ORDER BY s.id", func(row scanner) error {
		var f settledField
		err := row.Scan(f.dest()...)
		all = append(all, f)
		return err
	}, arg)
	if err != nil {
		return nil, fmt.Errorf("read settled fields: %w", err)
	}
	return all, nil
}

func (t *tx) dropReviews(row int64, drop func(settledField) bool) error {
	all, err := t.reviewsOf(row)
	if err != nil {
		return err
	}
	for _, f := range all {
		if !drop(f) {
			continue
		}
		if _, err := t.exec("DELETE FROM settled WHERE id = ?", f.id); err != nil {
			return err
		}
	}
	return nil
}

// endAnsweredReviews drops what there is no question about any more: the user has put the value that gave way there himself.
func (t *tx) endAnsweredReviews(r *record) error {
	return t.dropReviews(r.row, func(f settledField) bool {
		if f.path == "" {
			return r.Deleted == (f.gaveWay() == nil)
		}
		return !r.Deleted && bytes.Equal(valueAt(r.Version, f.path), f.gaveWay())
	})
}

// reopen takes back how an action settled fields. What waited waits again if the server has not heard of the decision; if it has,
// and for what time had decided, the user may look again. It returns the contacts.
func (t *tx) reopen(action int64) ([]*record, error) {
	all, err := t.settledWhere("s.closed = ?", action)
	if err != nil {
		return nil, err
	}
	var records []*record
	for _, f := range all {
		r, err := t.loadRow(f.row)
		if err != nil {
			return nil, err
		}
		if len(records) == 0 || records[len(records)-1].row != r.row {
			records = append(records, r)
		}
		parked, err := t.repark(r, f)
		if err != nil {
			return nil, fmt.Errorf("ask again about field %q: %w", f.path, err)
		}
		query := "UPDATE settled SET closed = 0, waited = 0, stands = ? WHERE id = ?"
		args := []any{contact.Local, f.id}
		if parked {
			query, args = "DELETE FROM settled WHERE id = ?", args[1:]
		} else if f.waited && bytes.Equal(valueAt(r.Version, f.path), f.remote) || !f.waited && f.stands == contact.Remote {
			args[0] = contact.Remote
		}
		if _, err := t.exec(query, args...); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// repark makes a decided field one that waits again, if both its values are still what they were.
func (t *tx) repark(r *record, f settledField) (parked bool, err error) {
	if !f.waited || !r.dirty || r.base == nil || r.rev != f.rev ||
		!bytes.Equal(valueAt(r.Version, f.path), f.local) || !bytes.Equal(valueAt(*r.base, f.path), f.remote) {
		return false, nil
	}
	if busy, err := t.inFlight(r.row); err != nil || busy {
		return false, err
	}
	_, err = t.exec("INSERT INTO conflicts (device, user, remote_at, local_at, base, contact, path) VALUES (?, ?, ?, ?, ?, ?, ?)",
		f.device, f.user, f.remoteAt, f.localAt, nullable(f.base), r.row, f.path)
	if err != nil {
		return false, err
	}
	after := *r
	after.conflicts++
	after.rejected = ""
	return true, t.put(r, &after, entry{origin: fromUndo, at: r.EditedAt})
}

// Reviews returns every field that time has decided and that the user has not looked at, by contact in list order; see Conflict.
func (s *Store) Reviews(ctx context.Context) ([]Conflict, error) {
	all, err := s.reviews(ctx, s.read, "1")
	if err != nil {
		return nil, fmt.Errorf("read what to review: %w", err)
	}
	return all, nil
}

// NewReviews returns those of Reviews that came after a number, and the newest number; the first time, ask after -1: it returns only
// that.
func (s *Store) NewReviews(ctx context.Context, after int64) (reviews []Conflict, newest int64, err error) {
	err = s.read(ctx, "SELECT coalesce(max(id), 0) FROM settled", func(row scanner) error { return row.Scan(&newest) })
	if newest = max(newest, after); err == nil && after >= 0 && newest > after {
		reviews, err = s.reviews(ctx, s.read, "s.id > ? AND s.id <= ?", after, newest)
	}
	if err != nil {
		return nil, after, fmt.Errorf("read what is new to review: %w", err)
	}
	return reviews, newest, nil
}

// entryWith is what stands at the EntryPath of a field if the field has that value.
func entryWith(c contact.Card, path string, value json.RawMessage) json.RawMessage {
	if path == "" {
		return value
	}
	made, err := c.WithAt(path, value)
	if err != nil {
		return nil // what leads to the field is something else today
	}
	return made.At(contact.EntryPath(path))
}

func (s *Store) reviews(ctx context.Context, read reading, where string, args ...any) ([]Conflict, error) {
	var all []Conflict
	err := read(ctx, `SELECT c.row_id, c.id, c.name, c.deleted_at <> 0, c.card, coalesce(a.user, ''), coalesce(a.device, ''), `+settledColumns+`
		FROM settled s JOIN contacts c ON c.row_id = s.contact LEFT JOIN account a
		WHERE s.closed = 0 AND `+where+` ORDER BY c.sort_key, c.row_id, s.path, s.id`, func(row scanner) error {
		var c Conflict
		var f settledField
		var now contact.Version
		var card []byte
		err := row.Scan(append([]any{&c.Row, &c.ID, &c.Name, &now.Deleted, &card, &c.LocalUser, &c.LocalDevice}, f.dest()...)...)
		if err == nil {
			now.Card, err = contact.Parse(card)
		}
		c.Base, c.Local, c.Remote, c.Now = f.base, f.local, f.remote, valueAt(now, f.path)
		c.Review, c.Stands, c.InTrash = f.id, f.stands, now.Deleted
		c.describe(f.waiting)
		c.LocalEntry, c.RemoteEntry = entryWith(now.Card, f.path, f.local), entryWith(now.Card, f.path, f.remote)
		all = append(all, c)
		return err
	}, args...)
	return all, err
}
