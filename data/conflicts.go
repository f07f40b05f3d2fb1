package data

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kith/contact"
)

// Conflict is one field of one contact that waits for the user.
type Conflict struct {
	ID, Field           string // Field: JSON pointer; "" : the whole contact was deleted on one side
	Name                string // the contact's display name
	Base, Local, Remote json.RawMessage
	Device, User        string // whose remote edit
	LocalAt, RemoteAt   time.Time
}

// waiting is a row of the table conflicts. The two values are not in it: they are in the record and in its base, at path.
type waiting struct {
	path              string
	base              json.RawMessage
	device, user      string
	localAt, remoteAt int64
}

const waitingColumns = "path, base, device, user, local_at, remote_at"

func (w *waiting) dest() []any {
	return []any{&w.path, (*[]byte)(&w.base), &w.device, &w.user, &w.localAt, &w.remoteAt}
}

// waitingOf returns the fields of a record that wait.
func (t *tx) waitingOf(r *record) ([]waiting, error) {
	if r.conflicts == 0 {
		return nil, nil
	}
	var all []waiting
	err := t.each("SELECT "+waitingColumns+" FROM conflicts WHERE contact = ? ORDER BY path", func(row scanner) error {
		var w waiting
		err := row.Scan(w.dest()...)
		all = append(all, w)
		return err
	}, r.row)
	if err != nil {
		return nil, fmt.Errorf("read conflicts of %s: %w", r.id, err)
	}
	return all, nil
}

// Conflicts returns every field that waits, by contact in list order.
func (s *Store) Conflicts(ctx context.Context) ([]Conflict, error) {
	var all []Conflict
	err := s.read(ctx, `SELECT c.id, c.name, c.deleted_at <> 0, c.card, b.deleted, b.card, `+waitingColumns+`
		FROM conflicts w JOIN contacts c ON c.row_id = w.contact JOIN base b ON b.contact = w.contact
		ORDER BY c.sort_key, c.row_id, w.path`, func(row scanner) error {
		var c Conflict
		var w waiting
		var local, remote contact.Version
		var localCard, remoteCard []byte
		err := row.Scan(append([]any{&c.ID, &c.Name, &local.Deleted, &localCard, &remote.Deleted, &remoteCard}, w.dest()...)...)
		if err == nil {
			local.Card, err = contact.Parse(localCard)
		}
		if err == nil && remoteCard != nil {
			remote.Card, err = contact.Parse(remoteCard)
		}
		c.Field, c.Base, c.Device, c.User = w.path, w.base, w.device, w.user
		c.LocalAt, c.RemoteAt = fromMicros(w.localAt), fromMicros(w.remoteAt)
		c.Local, c.Remote = valueAt(local, w.path), valueAt(remote, w.path)
		all = append(all, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read conflicts: %w", err)
	}
	return all, nil
}

// valueAt returns the value of a field in canonical form, nil if there is none; "" is the card, nil if it is deleted.
func valueAt(v contact.Version, path string) json.RawMessage {
	if path == "" && v.Deleted {
		return nil
	}
	return v.Card.At(path)
}

// decided says that two versions do not differ any more in a field that waited.
func decided(path string, local, remote contact.Version) bool {
	if path == "" {
		return local.Deleted == remote.Deleted
	}
	return bytes.Equal(valueAt(local, path), valueAt(remote, path))
}

// park brings the table conflicts to what waits in after, which is current merged with a change: what waited before and is still
// undecided, and what asks now.
func (t *tx) park(current, after *record, c RemoteChange, asks []contact.Conflict) error {
	before, err := t.waitingOf(current)
	if err != nil {
		return err
	}
	open := make(map[string]bool, len(before)+len(asks))
	asked := make(map[string]bool, len(asks))
	for _, a := range asks {
		asked[a.Path] = true
	}
	for _, w := range before {
		open[w.path] = asked[w.path] || !decided(w.path, after.Version, c.version())
		if !open[w.path] {
			if err := t.unpark(after.row, w.path); err != nil {
				return err
			}
		}
	}
	for _, a := range asks {
		query := `INSERT INTO conflicts (device, user, remote_at, local_at, base, contact, path) VALUES (?, ?, ?, ?, ?, ?, ?)`
		args := []any{c.DeviceName, c.User, c.EditedAt, current.EditedAt, nullable(a.Base), after.row, a.Path}
		if open[a.Path] { // the remote value is newer now; what both sides began from stays
			query = `UPDATE conflicts SET device = ?, user = ?, remote_at = ? WHERE contact = ? AND path = ?`
			args = []any{c.DeviceName, c.User, c.EditedAt, after.row, a.Path}
		}
		if _, err := t.exec(query, args...); err != nil {
			return fmt.Errorf("park field %q: %w", a.Path, err)
		}
		open[a.Path] = true
	}
	after.conflicts = 0
	for _, waits := range open {
		if waits {
			after.conflicts++
		}
	}
	if after.conflicts > 0 {
		after.rejected = "" // it is another card now
	}
	return nil
}

func nullable(value json.RawMessage) any {
	if value == nil {
		return nil
	}
	return string(value)
}

func (t *tx) unpark(row int64, path string) error {
	if _, err := t.exec("DELETE FROM conflicts WHERE contact = ? AND path = ?", row, path); err != nil {
		return fmt.Errorf("end conflict of field %q: %w", path, err)
	}
	return nil
}

// endEqualConflicts ends those conflicts of an edited record whose two values have become equal.
func (t *tx) endEqualConflicts(r *record) error {
	all, err := t.waitingOf(r)
	if err != nil {
		return err
	}
	for _, w := range all {
		if !decided(w.path, r.Version, *r.base) {
			continue
		}
		if err := t.unpark(r.row, w.path); err != nil {
			return err
		}
		r.conflicts--
	}
	return nil
}

// dropConflicts ends all conflicts of a record in favour of what it holds; the remote values go to its history.
func (t *tx) dropConflicts(r *record) error {
	all, err := t.waitingOf(r)
	if err != nil {
		return err
	}
	for _, w := range all {
		if err := t.unpark(r.row, w.path); err != nil {
			return err
		}
		if decided(w.path, r.Version, *r.base) {
			continue
		}
		e := entry{origin: fromMerge, device: w.device, at: w.remoteAt}
		if err := t.lost(r, givesWay(w.path, *r.base, r.Version), e); err != nil {
			return err
		}
	}
	return nil
}

// givesWay lists what of the version loser is not in the version winner, in a field or ("") in the whole contact.
func givesWay(path string, loser, winner contact.Version) contact.Patch {
	if path != "" {
		return contact.Patch{{Path: path, Old: valueAt(loser, path), New: valueAt(winner, path)}}
	}
	if loser.Card.IsZero() {
		return nil // deleted, and its last card is not known
	}
	return contact.Diff(loser.Card, winner.Card)
}

// Resolve decides fields of one contact: keep[field] says whose value stands. The contact is pushed once none of its fields waits.
// A nil keep with side decides all of them alike. ErrNotFound; an error too for a field that does not wait.
func (s *Store) Resolve(ctx context.Context, id string, all *contact.Side, keep map[string]contact.Side) error {
	err := s.write(ctx, func(t *tx) error {
		current, err := t.must(id)
		if err != nil {
			return err
		}
		fields, err := t.waitingOf(current)
		if err != nil {
			return err
		}
		named := 0
		after := *current
		after.EditedAt = t.tick()
		for _, w := range fields {
			side, ok := keep[w.path]
			if ok {
				named++
			} else if all == nil {
				continue
			} else {
				side = *all
			}
			if err := t.decide(&after, w, side); err != nil {
				return err
			}
		}
		if named < len(keep) || len(fields) == 0 {
			return errNoConflict
		}
		if after.conflicts == current.conflicts {
			return nil
		}
		if after.dirty = !after.needless(); !after.dirty {
			after.EditedAt = after.base.EditedAt
		}
		return t.put(current, &after, entry{origin: fromUser, at: t.state.clock})
	})
	if err != nil {
		return fmt.Errorf("resolve conflicts of %s: %w", id, err)
	}
	return nil
}

// decide ends one conflict. The value that gives way stays in the history: the local one as the old value of this edit, the
// remote one as a lost value.
func (t *tx) decide(r *record, w waiting, side contact.Side) error {
	if err := t.unpark(r.row, w.path); err != nil {
		return err
	}
	r.conflicts--
	remote := *r.base
	switch {
	case side == contact.Local:
		_, err := t.appendLog(r, opUpdate, givesWay(w.path, remote, r.Version), true, entry{origin: fromUser, device: w.device, at: t.state.clock})
		return err
	case w.path != "":
		card, err := r.Card.WithAt(w.path, valueAt(remote, w.path)) // a derived full name follows its components
		if err != nil {
			return fmt.Errorf("take the other value of %q: %w", w.path, err)
		}
		r.Card = card
		return nil
	case remote.Deleted:
		r.Deleted, r.deletedAt = true, t.wall()
		return nil
	}
	card, err := rejoin(r.Card, remote.Card, w.base)
	r.Card, r.Deleted, r.deletedAt = card, false, 0
	return err
}

// rejoin gives a contact that was deleted here, and edited elsewhere meanwhile, its life back: with the edits of both sides.
func rejoin(local, remote contact.Card, base json.RawMessage) (contact.Card, error) {
	began, err := parseBegan(base)
	if err != nil {
		return local, err
	}
	card, _ := contact.Merge(began, local, remote, contact.Remote)
	return card, nil
}

// parseBegan is the card that both sides of a conflict began from; the zero Card: there was none.
func parseBegan(base json.RawMessage) (contact.Card, error) {
	if base == nil {
		return contact.Card{}, nil
	}
	began, err := contact.Parse(base)
	if err != nil {
		return began, fmt.Errorf("read the card that both sides began from: %w", err)
	}
	return began, nil
}

// deletionBegan returns the card that a deletion which waits for a decision began from.
func (t *tx) deletionBegan(r *record) (began contact.Card, ok bool, err error) {
	fields, err := t.waitingOf(r)
	if err != nil {
		return began, false, err
	}
	for _, w := range fields {
		if w.path == "" {
			began, err = parseBegan(w.base)
			return began, err == nil, err
		}
	}
	return began, false, nil
}

// rejoinParked is rejoin for an edit that brings a contact back while its deletion waits for a decision: that is the decision.
func (t *tx) rejoinParked(current *record, card contact.Card) (contact.Card, error) {
	fields, err := t.waitingOf(current)
	if err != nil {
		return card, err
	}
	for _, w := range fields {
		if w.path == "" && !current.base.Deleted {
			return rejoin(card, current.base.Card, w.base)
		}
	}
	return card, nil
}
