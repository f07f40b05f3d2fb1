package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"kith/contact"
)

// Outgoing is one change to push. It is frozen when it is first taken: a repeat after a lost reply is byte for byte the same.
type Outgoing struct {
	ChangeID  string
	ID        string
	Operation string // INSERT, UPDATE, DELETE
	BaseRev   int64
	Card      json.RawMessage // canonical JSON; nil for DELETE
	Blobs     []string
	EditedAt  int64
}

// frozen is an Outgoing that was taken and not answered yet.
type frozen struct {
	Outgoing
	row     int64
	covered int64 // the newest log entry that it holds
	card    contact.Card
}

func (f *frozen) version() contact.Version {
	return contact.Version{Card: f.card, Deleted: f.Operation == opDelete, EditedAt: f.EditedAt}
}

const frozenQuery = `SELECT o.contact, o.change_id, ` + uidColumn + `, o.operation, o.base_rev, o.edited_at, o.covered, o.card
	FROM outbox o JOIN contacts c ON c.row_id = o.contact`

func (f *frozen) scan(row scanner) error {
	var card []byte
	err := row.Scan(&f.row, &f.ChangeID, &f.ID, &f.Operation, &f.BaseRev, &f.EditedAt, &f.covered, &card)
	f.Outgoing.Card = card
	if err == nil {
		f.Blobs, err = blobsIn(card)
	}
	return err
}

// frozen returns what is under way of a contact, or nil.
func (t *tx) frozen(row int64) (*frozen, error) {
	return t.frozenWhere("o.contact = ?", row)
}

func (t *tx) frozenWhere(where string, key any) (*frozen, error) {
	f := new(frozen)
	err := f.scan(t.row(frozenQuery+" WHERE "+where, key))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil && f.Outgoing.Card != nil {
		f.card, err = contact.Parse(f.Outgoing.Card)
	}
	if err != nil {
		return nil, fmt.Errorf("read outbox: %w", err)
	}
	return f, nil
}

func (t *tx) dropFrozen(row int64) error {
	_, err := t.exec("DELETE FROM outbox WHERE contact = ?", row)
	return err
}

func (t *tx) inFlight(row int64) (under bool, err error) {
	err = t.row("SELECT EXISTS (SELECT 1 FROM outbox WHERE contact = ?)", row).Scan(&under)
	return under, err
}

// InFlight returns changes that were taken before and never answered: they must be answered before a pull.
func (s *Store) InFlight(ctx context.Context, book string) ([]Outgoing, error) {
	var out []Outgoing
	err := s.read(ctx, frozenQuery+" WHERE c.book = ? ORDER BY o.covered, o.rowid", func(row scanner) error {
		var f frozen
		err := f.scan(row)
		out = append(out, f.Outgoing)
		return err
	}, book)
	if err != nil {
		return nil, fmt.Errorf("read changes in flight: %w", err)
	}
	return out, nil
}

// TakePush freezes and returns the next batch of unsynced contacts, oldest edit first, at most changes and bytes big (a single
// one may be bigger). Parked and rejected contacts, those in flight, and
// deletions that the guard holds (Held), and edits of what the server has in a form that can't be read (SetAside), are left out. Empty: nothing to push.
func (s *Store) TakePush(ctx context.Context, book string, changes, bytes int) ([]Outgoing, error) {
	var batch []Outgoing
	err := s.writer.transact(ctx, func(t *tx) error { // quietly: nothing that shows has changed
		if err := s.guardPush(t, book); err != nil {
			return err
		}
		var rows []int64
		err := t.each(`SELECT row_id FROM contacts c WHERE pending <> 0 AND book = ? AND conflicts = 0 AND rejected = '' AND `+notHeld+`
			AND NOT EXISTS (SELECT 1 FROM outbox WHERE contact = c.row_id) ORDER BY pending LIMIT ?`, func(row scanner) error {
			var id int64
			err := row.Scan(&id)
			rows = append(rows, id)
			return err
		}, book, changes)
		if err != nil {
			return err
		}
		size := 0
		for _, row := range rows {
			if err := ctx.Err(); err != nil {
				return err
			}
			out, err := t.outgoing(row)
			if err != nil {
				return err
			}
			if size += len(out.Card) + len(out.ID) + pushOverhead; size > bytes && len(batch) > 0 {
				return nil
			}
			if err := t.freeze(row, out); err != nil {
				return err
			}
			batch = append(batch, out)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("take changes to push: %w", err)
	}
	return batch, nil
}

// pushOverhead is about what a change weighs on the wire besides its card and id.
const pushOverhead = 200

// outgoing is a contact as it is sent: the card's text as it is stored, which is the canonical form.
func (t *tx) outgoing(row int64) (Outgoing, error) {
	change, err := uuid.NewV7()
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{ChangeID: change.String(), Operation: opUpdate}
	var deleted int64
	var card []byte
	err = t.row("SELECT "+uidColumn+", rev, edited_at, deleted_at, card FROM contacts c WHERE row_id = ?", row).
		Scan(&out.ID, &out.BaseRev, &out.EditedAt, &deleted, &card)
	if err != nil {
		return Outgoing{}, fmt.Errorf("read contact: %w", err)
	}
	switch {
	case deleted != 0:
		out.Operation = opDelete
		return out, nil
	case out.BaseRev == 0:
		out.Operation = opInsert
	}
	out.Card = card
	out.Blobs, err = blobsIn(card)
	return out, err
}

func (t *tx) freeze(row int64, out Outgoing) error {
	next, err := t.nextLogID()
	if err != nil {
		return err
	}
	var card any
	if out.Card != nil {
		card = string(out.Card)
	}
	_, err = t.exec("INSERT INTO outbox (contact, change_id, operation, base_rev, edited_at, covered, card) VALUES (?, ?, ?, ?, ?, ?, ?)",
		row, out.ChangeID, out.Operation, out.BaseRev, out.EditedAt, next-1, card)
	if err != nil {
		return fmt.Errorf("freeze %s: %w", out.ID, err)
	}
	return nil
}

// PushResult is the server's answer to one Outgoing.
type PushResult struct {
	ChangeID string
	Status   string // "applied", "conflict", "rejected"
	Rev      int64
	EditedAt int64
	Current  *RemoteChange // conflict; nil: the server has none
	Reason   string        // rejected

	MissingBlob bool // rejected: only because a blob is not at the server
}

// ApplyResults settles a push, in one transaction: applied changes become the base, conflicts are merged by the strategy and stay
// pending, rejected ones are set aside. cursor "" : not moved; it is not moved either if the book does not stand at since any more.
// An answer to what is no longer in flight is no news.
func (s *Store) ApplyResults(ctx context.Context, book, since, cursor string, results []PushResult) (Applied, error) {
	var applied Applied
	err := s.write(ctx, func(t *tx) error {
		b, err := t.book(book)
		if err != nil {
			return err
		}
		for _, r := range results {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := t.answer(b, r, &applied); err != nil {
				return fmt.Errorf("change %s: %w", r.ChangeID, err)
			}
		}
		if cursor == "" || b.Cursor != since {
			return nil
		}
		_, err = t.exec("UPDATE books SET cursor = ? WHERE id = ?", cursor, book)
		return err
	})
	if err != nil {
		return Applied{}, fmt.Errorf("apply answer to push: %w", err)
	}
	return applied, nil
}

func (t *tx) answer(b Book, r PushResult, applied *Applied) error {
	if r.Status == "applied" {
		if done, err := t.settleWhole(b, r); err != nil || done {
			applied.Pushed++
			return err
		}
	}
	f, err := t.frozenWhere("o.change_id = ?", r.ChangeID)
	if err != nil || f == nil {
		return err
	}
	current, err := t.loadRow(f.row)
	if err != nil {
		return err
	}
	if err := t.dropFrozen(f.row); err != nil {
		return err
	}
	switch r.Status {
	case "applied":
		applied.Pushed++
		t.see(r.EditedAt)
		if b.reconcile != "" { // the walk that is under way may step over our own push
			if err := t.shown(current, b.walk); err != nil {
				return err
			}
		}
		return t.acknowledge(current, f, r.Rev, r.EditedAt)
	case "conflict":
		return t.refused(b, current, f, r.Current, applied)
	case "rejected":
		return t.reject(current, f, r.Reason, applied)
	}
	return fmt.Errorf("unknown status %q", r.Status)
}

// settleWhole is acknowledge for the usual case: nothing was edited since, so the record is what was frozen, byte for byte, and
// becomes clean. It reports whether that was so.
func (t *tx) settleWhole(b Book, r PushResult) (bool, error) {
	var row, walk int64
	var id string
	err := t.row(`SELECT c.row_id, c.id, c.walk FROM outbox o JOIN contacts c ON c.row_id = o.contact
		WHERE o.change_id = ? AND c.conflicts = 0
		AND CASE o.operation WHEN 'DELETE' THEN c.deleted_at <> 0 ELSE c.deleted_at = 0 AND c.card = o.card END`, r.ChangeID).Scan(&row, &id, &walk)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read outbox: %w", err)
	}
	t.see(r.EditedAt)
	if b.reconcile != "" { // the walk that is under way may step over our own push
		walk = b.walk
	}
	for _, s := range []struct {
		query string
		args  []any
	}{
		{"DELETE FROM outbox WHERE contact = ?", []any{row}},
		{"DELETE FROM base WHERE contact = ?", []any{row}},
		{"UPDATE change_log SET synced = 1, change_id = ? WHERE record_id = ? AND synced = 0", []any{r.ChangeID, id}},
		{"UPDATE contacts SET rev = ?, edited_at = ?, pending = 0, rejected = '', walk = ? WHERE row_id = ?", []any{r.Rev, r.EditedAt, walk, row}},
	} {
		if _, err := t.exec(s.query, s.args...); err != nil {
			return false, fmt.Errorf("settle %s: %w", id, err)
		}
	}
	return true, nil
}

// acknowledge notes that the server has what was frozen, at rev. Later edits stay unsynced, on top of it.
func (t *tx) acknowledge(current *record, f *frozen, rev, editedAt int64) error {
	_, err := t.exec("UPDATE change_log SET synced = 1, change_id = ? WHERE record_id = ? AND synced = 0 AND id <= ?",
		f.ChangeID, current.id, f.covered)
	if err != nil {
		return err
	}
	agreed := f.version()
	agreed.EditedAt = editedAt
	if agreed.Card.IsZero() && current.base != nil {
		agreed.Card = current.base.Card
	}
	after := *current
	after.rev, after.base = rev, &agreed
	after.dirty = current.conflicts > 0 || !same(current.Version, agreed)
	if !after.dirty {
		after.EditedAt = editedAt
	}
	return t.put(current, &after, entry{origin: fromMerge, changeID: f.ChangeID, at: editedAt})
}

// refused handles a contact whose version at the server is another one than the push began from. It may be what was pushed: a
// server does not remember for ever what it has answered.
func (t *tx) refused(b Book, current *record, f *frozen, now *RemoteChange, applied *Applied) error {
	if now == nil {
		return t.sendAsNew(current) // gone there without a trace
	}
	t.see(now.EditedAt)
	if now.Unreadable != "" {
		if err := t.putAside(b, *now); err != nil {
			return err
		}
		return t.again(current) // its edits wait until what they are to be merged with can be read
	}
	if now.Rev <= current.rev {
		return t.again(current) // a page has brought it meanwhile
	}
	if same(f.version(), now.version()) {
		return t.acknowledge(current, f, now.Rev, now.EditedAt)
	}
	return t.merge(b, current, *now, applied)
}

// reject sets the contact aside until it is edited again; an edit made while the push was under way is such a one.
func (t *tx) reject(current *record, f *frozen, reason string, applied *Applied) error {
	if current.lastEdit > f.covered {
		return t.again(current)
	}
	applied.Rejected++
	after := *current
	after.rejected = reason
	return t.put(current, &after, entry{origin: fromMerge, at: current.EditedAt})
}

// again leaves a record, of which nothing is in flight any more, for the next push, if there is something to push.
func (t *tx) again(current *record) error {
	after := *current
	after.dirty = !after.needless()
	return t.put(current, &after, entry{origin: fromMerge, at: current.EditedAt})
}
