package data

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kith/contact"
)

// Conflict is one field of one contact that both sides changed to different values. It waits for the user, who resolves it with
// Decide; or, where Review is not 0, time has decided it, by the book's strategy, and the user may look at it and decide otherwise.
type Conflict struct {
	Row                     RowID
	ID, Field               string // Field: JSON pointer as in contact.Edit; "" : the whole contact was deleted on one side
	Name                    string // the contact's display name
	Base, Local, Remote     json.RawMessage
	Device, User            string // whose remote edit
	LocalDevice, LocalUser  string // whose local edit: this device and its account
	LocalAt, RemoteAt       time.Time
	LocalEntry, RemoteEntry json.RawMessage // what stands at contact.EntryPath(Field) on each side: a number with its label

	Review  int64           // names the question in a Decision; 0: the field waits
	Stands  contact.Side    // Review: whose value time chose
	Now     json.RawMessage // what the field holds now: Local, or of a Review maybe what was typed since
	InTrash bool
}

func (c *Conflict) describe(w waiting) {
	c.Field, c.Base, c.Device, c.User = w.path, w.base, w.device, w.user
	c.LocalAt, c.RemoteAt = fromMicros(w.localAt), fromMicros(w.remoteAt)
}

// CanKeepBoth reports whether the field has room for both values.
func (c Conflict) CanKeepBoth() bool {
	if c.Review != 0 {
		lost := c.Local
		if c.Stands == contact.Local {
			lost = c.Remote
		}
		return contact.CanKeepBoth(c.Field, c.Now, lost)
	}
	return contact.CanKeepBoth(c.Field, c.Local, c.Remote)
}

// Newer is the side whose value was saved later.
func (c Conflict) Newer() contact.Side { return newer(micros(c.LocalAt), micros(c.RemoteAt)) }

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
	all, err := s.conflicts(ctx, s.read, "1")
	if err != nil {
		return nil, fmt.Errorf("read conflicts: %w", err)
	}
	return all, nil
}

// ConflictsOf returns what Conflicts and Reviews have of one contact.
func (s *Store) ConflictsOf(ctx context.Context, id string) (waiting, reviews []Conflict, err error) {
	if waiting, err = s.conflicts(ctx, s.read, "c.id = ?", id); err == nil {
		reviews, err = s.reviews(ctx, s.read, "c.id = ?", id)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read conflicts of %s: %w", id, err)
	}
	return waiting, reviews, nil
}

func (s *Store) conflicts(ctx context.Context, read reading, where string, args ...any) ([]Conflict, error) {
	var all []Conflict
	err := read(ctx, `SELECT c.row_id, c.id, c.name, c.deleted_at <> 0, c.card, b.deleted, b.card, coalesce(a.user, ''), coalesce(a.device, ''),
		w.path, w.base, w.device, w.user, w.local_at, w.remote_at
		FROM conflicts w JOIN contacts c ON c.row_id = w.contact JOIN base b ON b.contact = w.contact LEFT JOIN account a
		WHERE `+where+` ORDER BY c.sort_key, c.row_id, w.path`, func(row scanner) error {
		var c Conflict
		var w waiting
		var local, remote contact.Version
		var localCard, remoteCard []byte
		err := row.Scan(append([]any{&c.Row, &c.ID, &c.Name, &local.Deleted, &localCard, &remote.Deleted, &remoteCard, &c.LocalUser, &c.LocalDevice}, w.dest()...)...)
		if err == nil {
			local.Card, err = contact.Parse(localCard)
		}
		if err == nil && remoteCard != nil {
			remote.Card, err = contact.Parse(remoteCard)
		}
		c.describe(w)
		c.Local, c.Remote = valueAt(local, w.path), valueAt(remote, w.path)
		c.Now, c.InTrash = c.Local, local.Deleted
		entry := contact.EntryPath(w.path)
		c.LocalEntry, c.RemoteEntry = valueAt(local, entry), valueAt(remote, entry)
		all = append(all, c)
		return err
	}, args...)
	return all, err
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
