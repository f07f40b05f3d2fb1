package data

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"kith/contact"
	"kith/contact/duplicate"
)

// ErrNotDeleted is what a contact outside the trash is not removed for good with.
var ErrNotDeleted = errors.New("the contact is not in the trash: delete it first")

// SettingTrash is the setting of how many days contacts stay in the trash: a number, "" : 30, or TrashForEver.
const (
	SettingTrash = "trash.days"
	TrashForEver = "never"

	defaultTrashDays = 30
)

// ForEver is DaysLeft of a contact that stays in the trash for as long as it is not emptied.
const ForEver = -1

// TrashDays is how many days contacts stay in the trash; ForEver: until it is emptied.
func (s *Store) TrashDays(ctx context.Context) (int, error) {
	v, err := s.Setting(ctx, SettingTrash)
	return ParseTrashDays(v), err
}

// ParseTrashDays reads a value of SettingTrash.
func ParseTrashDays(v string) int {
	if v == TrashForEver {
		return ForEver
	}
	if n, err := strconv.Atoi(v); err == nil && n > 0 && n < 100_000 {
		return n
	}
	return defaultTrashDays
}

// Purged counts what a removal did: Gone contacts are removed for good; Waiting ones have something that is not synced or not settled
// (purgeable), and go when they have not.
type Purged struct{ Gone, Waiting int }

// purgeable is the condition of a contact c that nothing is left to be done about: nothing of it is unsynced, in flight, parked,
// refused, held or set aside, no walk is under way that will ask what became of it, and nobody is writing on it.
const purgeable = `c.deleted_at <> 0 AND c.pending = 0 AND c.conflicts = 0 AND c.rejected = ''
	AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.contact = c.row_id)
	AND NOT EXISTS (SELECT 1 FROM aside a WHERE a.book = c.book AND a.id = ` + uidColumn + `)
	AND NOT EXISTS (SELECT 1 FROM books b WHERE b.id = c.book AND b.reconcile <> '')
	AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.id = c.id)`

// due is purgeable, of those whose time (?1, by the trash clock) has come, and of which the user has nothing to review; and of those
// that were removed once, and are here again only to be deleted at a server that was put back to a time before (trashAgain).
const due = purgeable + ` AND (c.trashed <= ?1 AND NOT EXISTS (SELECT 1 FROM settled s WHERE s.contact = c.row_id AND s.closed = 0)
	OR EXISTS (SELECT 1 FROM purged p WHERE p.book = c.book AND p.id = ` + uidColumn + `))`

// purgeBatch is how many contacts one transaction removes: an edit by the user waits no longer for it than is seen.
const purgeBatch = 100

// Tidy does what is to be done behind the user's back, in transactions that no edit waits for: contacts that were in the trash for as
// long as SettingTrash says are removed for good, with blobs that nothing refers to any more, and the file becomes smaller. Where there is
// nothing to do, it costs a look at an index. Call it now and then; Open does.
func (s *Store) Tidy(ctx context.Context) (Purged, error) {
	var p Purged
	err := s.lookAtClock(ctx)
	if err == nil {
		p, err = s.purgeDue(ctx)
	}
	if err == nil {
		_, err = s.CollectBlobs(ctx)
	}
	if err == nil {
		err = s.reclaim(ctx)
	}
	if err != nil {
		return p, fmt.Errorf("tidy up: %w", s.explain(err))
	}
	return p, nil
}

func (s *Store) purgeDue(ctx context.Context) (Purged, error) {
	var p Purged
	days, err := s.TrashDays(ctx)
	if err != nil {
		return p, err
	}
	var clock trashClock
	if err := s.read(ctx, trashClockQuery, clock.scan); err != nil {
		return p, err
	}
	limit := int64(math.MinInt64) // before all
	if days != ForEver {
		limit = clock.at(s.now().UnixMicro()) - int64(days)*day.Microseconds()
	}
	var rows []RowID
	err = s.read(ctx, "SELECT c.row_id FROM contacts c WHERE "+due, func(row scanner) error {
		rows = append(rows, 0)
		return row.Scan(&rows[len(rows)-1])
	}, limit)
	if err != nil {
		return p, err
	}
	return p, s.purge(ctx, rows, due, []any{limit}, &p, func(int, int) {})
}

// Purge removes contacts of the trash for good, here: their cards, histories and photos. It can't be undone. What waits to be synced or
// settled stays (Purged.Waiting). It is no news for the server and for other devices: the deletion was (docs/SYNC.md). progress hears of
// each batch, from this goroutine; what is done when ctx ends, is done. Errors: ErrNotDeleted, and then nothing has gone.
func (s *Store) Purge(ctx context.Context, rows []RowID, progress func(done, of int)) (Purged, error) {
	var p Purged
	asked, err := json.Marshal(rows)
	if err == nil {
		err = s.read(ctx, "SELECT name FROM contacts WHERE deleted_at = 0 AND row_id IN (SELECT value FROM json_each(?)) LIMIT 1", func(row scanner) error {
			var name string
			return errors.Join(row.Scan(&name), fmt.Errorf("%q: %w", name, ErrNotDeleted))
		}, string(asked))
	}
	if err == nil {
		err = s.purge(ctx, rows, purgeable, nil, &p, progress)
	}
	if err != nil {
		return p, fmt.Errorf("remove for good: %w", s.explain(err))
	}
	return p, nil
}

func (s *Store) purge(ctx context.Context, rows []RowID, condition string, args []any, p *Purged, progress func(done, of int)) error {
	plain := map[int64]bool{}
	for done := 0; done < len(rows); {
		batch := rows[done:min(done+purgeBatch, len(rows))]
		gone := 0
		err := s.write(ctx, func(t *tx) error {
			chosen, err := t.chosen(batch, condition, args)
			if err != nil {
				return err
			}
			gone, t.plain = len(chosen), plain
			return t.purge(chosen)
		})
		if err != nil {
			return err
		}
		done += len(batch)
		p.Gone, p.Waiting = p.Gone+gone, p.Waiting+len(batch)-gone
		progress(done, len(rows))
	}
	return nil
}

// chosen are those of the rows that meet a condition on contacts c.
func (t *tx) chosen(rows []RowID, condition string, args []any) (chosen []int64, err error) {
	asked, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	place := strconv.Itoa(len(args) + 1)
	err = t.each("SELECT c.row_id FROM contacts c WHERE c.row_id IN (SELECT value FROM json_each(?"+place+")) AND "+condition, func(row scanner) error {
		chosen = append(chosen, 0)
		return row.Scan(&chosen[len(chosen)-1])
	}, append(args, string(asked))...)
	return chosen, err
}

// purge erases contacts, and notes of each what it takes not to bring it back by mistake.
func (t *tx) purge(rows []int64) error {
	if len(rows) == 0 {
		return nil
	}
	list, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT OR REPLACE INTO purged (book, id, rev, edited_at, deleted_at)
		SELECT c.book, `+uidColumn+`, c.rev, c.edited_at, c.deleted_at FROM contacts c WHERE c.row_id IN (SELECT value FROM json_each(?))`, string(list))
	if err != nil {
		return fmt.Errorf("note what is removed: %w", err)
	}
	t.anyPurged = nil
	return t.erase(rows)
}

// erase removes contacts from every table: what they are, were, and are known by. Nothing may be left of them to be sent. Ids of rows
// and log entries that are gone are not given out again, for what has seen one elsewhere: a list, a search, another program.
func (t *tx) erase(rows []int64) error {
	list, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	if err := t.forgetDuplicates(rows); err != nil {
		return fmt.Errorf("forget duplicates: %w", err)
	}
	const these = "(SELECT value FROM json_each(?))"
	if err := t.endActions(string(list)); err != nil {
		return fmt.Errorf("end what can't be undone: %w", err)
	}
	_, err = t.exec(`UPDATE state SET logged = max(logged, (SELECT coalesce(max(id), 0) FROM change_log)),
		row_floor = max(row_floor, (SELECT coalesce(max(row_id), 0) FROM contacts))`)
	if err != nil {
		return fmt.Errorf("keep ids from coming twice: %w", err)
	}
	for _, query := range []string{
		`DELETE FROM change_log WHERE record_id IN (SELECT id FROM contacts WHERE row_id IN ` + these + `)`,
		`DELETE FROM search WHERE rowid IN ` + these,
		`DELETE FROM outbox WHERE contact IN ` + these,
		`DELETE FROM conflicts WHERE contact IN ` + these,
		`DELETE FROM labels WHERE contact IN ` + these,
		`DELETE FROM media WHERE contact IN ` + these,
		`DELETE FROM base WHERE contact IN ` + these,
		`DELETE FROM merged WHERE contact IN ` + these,
		`DELETE FROM contacts WHERE row_id IN ` + these, // settled and the guards' tables follow by their foreign keys
	} {
		if _, err := t.exec(query, string(list)); err != nil {
			return fmt.Errorf("erase: %w", err)
		}
	}
	t.state.listVersion++
	// What nothing is left of can't be done again.
	_, err = t.exec("DELETE FROM redo WHERE NOT EXISTS (SELECT 1 FROM change_log l WHERE l.id >= redo.action AND l.action = redo.action)")
	return err
}

// endActions keeps those actions from being undone, or done again, that put contacts of a JSON list into the trash and did something else with
// others: a merge, or a move to another book. Taken back by halves, they would take values from one contact and give them to none.
func (t *tx) endActions(list string) error {
	var actions []int64
	err := t.each(`SELECT DISTINCT l.action FROM contacts c JOIN change_log l ON l.id = c.last_edit
		WHERE c.row_id IN (SELECT value FROM json_each(?)) AND l.operation = 'DELETE'`, func(row scanner) error {
		actions = append(actions, 0)
		return row.Scan(&actions[len(actions)-1])
	}, list)
	if err != nil {
		return err
	}
	if t.plain == nil {
		t.plain = map[int64]bool{}
	}
	for _, action := range actions {
		if t.plain[action] {
			continue
		}
		mixed := false
		// The entries of one transaction follow each other.
		err := t.row(`SELECT EXISTS (SELECT 1 FROM change_log WHERE id >= ?1 AND action = ?1 AND operation <> 'DELETE'
			AND id < coalesce((SELECT min(id) FROM change_log WHERE id > ?1 AND action <> ?1), id + 1))`, action).Scan(&mixed)
		if err != nil {
			return err
		}
		if t.plain[action] = true; !mixed {
			continue
		}
		if _, err := t.exec("UPDATE change_log SET undone = 1 WHERE id >= ?1 AND action = ?1", action); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM redo WHERE action = ?", action); err != nil {
			return err
		}
	}
	return nil
}

// forgetDuplicates takes contacts out of the search for duplicates, which may be behind: it learns of changes from the log, and what is
// erased leaves none.
func (t *tx) forgetDuplicates(rows []int64) error {
	var st searchState
	if err := st.scan(t.row(searchStateQuery)); err != nil {
		return err
	}
	anew := func() error { // whoever is building it, perhaps in another process, from contacts that were there, begins again
		_, err := t.exec("UPDATE duplicate_state SET version = 0, build = build + 1")
		return err
	}
	if st.version == 0 {
		return anew()
	}
	f := &follower{tx: t, region: st.region, profiles: map[int64]*duplicate.Profile{}, stats: map[duplicate.Key]blockStats{}}
	var known []int64
	for _, row := range rows {
		f.profiles[row] = nil
		keys, _, err := f.keysOf(row)
		if err != nil {
			return err
		}
		if len(keys) > 0 {
			known = append(known, row)
		}
	}
	switch {
	case len(known) == 0: // it knows already that they went to the trash
		return nil
	case len(known) > dirtyBatch:
		return anew()
	}
	dirty, err := f.takeIn(known)
	if err != nil {
		return err
	}
	_, err = f.compareAnew(dirty)
	return err
}

// ---- what was removed, and the server -------------------------------------------------------------------------------------

// purgedContact is a row of purged.
type purgedContact struct{ rev, editedAt, deletedAt int64 }

// purgedOf returns what is left of a contact that was removed for good; nil: there is none such.
func (t *tx) purgedOf(book, id string) (*purgedContact, error) {
	if t.anyPurged == nil { // a page has many changes
		t.anyPurged = new(bool)
		if err := t.row("SELECT EXISTS (SELECT 1 FROM purged)").Scan(t.anyPurged); err != nil {
			return nil, err
		}
	}
	if !*t.anyPurged {
		return nil, nil
	}
	var p *purgedContact
	err := t.each("SELECT rev, edited_at, deleted_at FROM purged WHERE book = ? AND id = ?", func(row scanner) error {
		p = new(purgedContact)
		return row.Scan(&p.rev, &p.editedAt, &p.deletedAt)
	}, book, id)
	return p, err
}

// forgetPurged: the contact is there again.
func (t *tx) forgetPurged(r *record) error {
	p, err := t.purgedOf(r.book, r.uid())
	if err != nil || p == nil {
		return err
	}
	_, err = t.exec("DELETE FROM purged WHERE book = ? AND id = ?", r.book, r.uid())
	return err
}

// meetPurged is pull for a contact that was removed here for good. done: nothing is left to do. What was edited elsewhere after its deletion
// comes back, as it would if it were still in the trash.
func (t *tx) meetPurged(b Book, c RemoteChange) (done bool, err error) {
	p, err := t.purgedOf(b.ID, c.ID)
	if err != nil || p == nil {
		return false, err
	}
	switch {
	case c.Deleted:
		_, err := t.exec("UPDATE purged SET rev = ?, edited_at = max(edited_at, ?) WHERE book = ? AND id = ?", c.Rev, c.EditedAt, b.ID, c.ID)
		return true, err
	case b.reconcile == walkUnknown || p.rev == 0: // its deletion is not of this history
		if c.EditedAt > p.editedAt {
			return false, nil
		}
		return true, t.trashAgain(b, c, *p)
	}
	return c.Rev <= p.rev, nil // a page that was asked for before the deletion
}

// trashAgain takes a contact that was removed for good, and that a server that was put back to a time before has again, by itself or from
// another device, into the trash until the server has heard of its deletion.
func (t *tx) trashAgain(b Book, c RemoteChange, p purgedContact) error {
	remote := c.version()
	deleted := contact.Version{Card: c.Card, Deleted: true, EditedAt: p.editedAt}
	again := &record{book: b.ID, Version: deleted, deletedAt: p.deletedAt, rev: c.Rev, base: &remote, dirty: true, walk: b.walk}
	if err := t.name(again, c.ID); err != nil {
		return err
	}
	return t.put(nil, again, entry{origin: fromMerge, at: p.editedAt})
}

// ---- how long --------------------------------------------------------------------------------------------------------------

// daysLeft returns a function that says how many days a contact stays in the trash that is there since a time of the trash clock.
func (s *Store) daysLeft(ctx context.Context) (func(trashed int64) int, error) {
	days, err := s.TrashDays(ctx)
	if err != nil || days == ForEver {
		return func(int64) int { return ForEver }, err
	}
	var c trashClock
	err = s.read(ctx, trashClockQuery, c.scan)
	now := c.at(s.now().UnixMicro())
	return func(trashed int64) int {
		left := time.Duration(trashed-now)*time.Microsecond + time.Duration(days)*day
		return int(max((left+day-1)/day, 0))
	}, err
}
