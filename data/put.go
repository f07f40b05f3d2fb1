package data

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"kith/contact"
)

// Operations and origins in the change log.
const (
	opInsert = "INSERT" // it came to be, or came back
	opUpdate = "UPDATE"
	opDelete = "DELETE" // it went to the trash, with its card
	opMove   = "MOVE"   // of Undone alone: it came to be in one book and went from another

	fromUser   = "local"
	fromUndo   = "undo"
	fromRemote = "remote"
	fromMerge  = "merge"
)

// record is a contact as the store holds it, with its sync state. Values are changed by put alone.
type record struct {
	row      int64 // 0: not stored yet
	id, book string
	remote   string // its id at the server, if that is another one; see uid
	contact.Version
	deletedAt int64
	trashed   int64            // deletedAt by the trash clock
	rev       int64            // the server's; 0: it has none that we know of
	base      *contact.Version // dirty: what the server has at rev; with rev 0: what another history of it had last, or nil
	dirty     bool             // has edits that the server does not
	oldest    int64            // dirty: the oldest unsynced log entry
	lastEdit  int64            // the newest log entry by this device's user
	conflicts int
	rejected  string
	walk      int64
}

const recordColumns = `row_id, id, book, remote_id, rev, edited_at, deleted_at, trashed, pending, last_edit, conflicts, rejected, walk, card`

func (r *record) scan(row scanner) error {
	var card []byte
	err := row.Scan(&r.row, &r.id, &r.book, &r.remote, &r.rev, &r.EditedAt, &r.deletedAt, &r.trashed, &r.oldest, &r.lastEdit, &r.conflicts, &r.rejected, &r.walk, &card)
	if err != nil {
		return err
	}
	r.Deleted, r.dirty = r.deletedAt != 0, r.oldest != 0
	if r.Card, err = contact.Parse(card); err != nil {
		return fmt.Errorf("read card of %s: %w", r.id, err)
	}
	return nil
}

// load returns the record of an id, or nil if there is none.
func (t *tx) load(id string) (*record, error) {
	return t.loadWhere("id = ?", id)
}

func (t *tx) loadRow(row int64) (*record, error) {
	return t.loadWhere("row_id = ?", row)
}

func (t *tx) loadWhere(where string, keys ...any) (*record, error) {
	r := new(record)
	err := r.scan(t.row("SELECT "+recordColumns+" FROM contacts WHERE "+where, keys...))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if r.dirty {
		if r.base, err = t.loadBase(r.row); err != nil {
			return nil, fmt.Errorf("read base of %s: %w", r.id, err)
		}
	}
	return r, nil
}

func (t *tx) loadBase(row int64) (*contact.Version, error) {
	var v contact.Version
	var card []byte
	err := t.row("SELECT deleted, edited_at, card FROM base WHERE contact = ?", row).Scan(&v.Deleted, &v.EditedAt, &card)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err == nil && card != nil {
		v.Card, err = contact.Parse(card)
	}
	return &v, err
}

// entry is what the change log says of one put.
type entry struct {
	origin   string
	device   string // whose edit it was; "" for this device's
	user     string // the account that made it, where the server says so
	at       int64  // when it was made
	changeID string // the push that settled older entries, if one did
}

// put writes one contact: its row, its labels and media, its search text, its base and its log entry. Nothing else writes these six, so that none of
// them can be forgotten. before is nil for a new contact. after.dirty says whether the server lacks something of it; after.base
// is then what the server has. put sets the rest of after: row, oldest, lastEdit.
func (t *tx) put(before, after *record, e entry) error {
	if after.Card.IsZero() {
		return fmt.Errorf("contact %s has no card", after.id)
	}
	if !after.dirty {
		after.base = nil
	}
	if !after.dirty {
		after.rejected = ""
	}
	if err := t.stamp(before, after); err != nil {
		return fmt.Errorf("note when %s went to the trash: %w", after.id, err)
	}
	logged, err := t.log(before, after, e)
	if err != nil {
		return fmt.Errorf("log change of %s: %w", after.id, err)
	}
	if err := t.settle(before, after, logged, e.changeID); err != nil {
		return fmt.Errorf("settle log of %s: %w", after.id, err)
	}
	if err := t.putRow(before, after); err != nil {
		return fmt.Errorf("write contact %s: %w", after.id, err)
	}
	if err := t.putLabels(before, after); err != nil {
		return fmt.Errorf("list the labels of %s: %w", after.id, err)
	}
	if err := t.putMedia(before, after); err != nil {
		return fmt.Errorf("list the media of %s: %w", after.id, err)
	}
	if err := t.putWords(before, after); err != nil {
		return fmt.Errorf("index contact %s: %w", after.id, err)
	}
	if err := t.putBase(before, after); err != nil {
		return fmt.Errorf("write base of %s: %w", after.id, err)
	}
	if e.origin == fromUser && !t.redoing { // an undo and a redo take their action back whole, the other ends too
		t.noteRelations(before, after)
	}
	return nil
}

// log appends the entry of a change, if there is one, and returns its id.
func (t *tx) log(before, after *record, e entry) (int64, error) {
	var op string
	var patch contact.Patch
	switch {
	case before == nil:
		op = opInsert
	default:
		patch = contact.Diff(before.Card, after.Card)
		switch {
		case before.Deleted && !after.Deleted:
			op = opInsert
		case !before.Deleted && after.Deleted:
			op = opDelete
		case len(patch) == 0:
			return 0, nil
		default:
			op = opUpdate
		}
	}
	return t.appendLog(after, op, patch, false, e)
}

// appendLog writes one entry. An entry of this device's user is unsynced while the record is dirty; what came from the server,
// the server has.
func (t *tx) appendLog(r *record, op string, patch contact.Patch, lost bool, e entry) (int64, error) {
	var text any
	if len(patch) > 0 {
		b, err := json.Marshal(patch)
		if err != nil {
			return 0, err
		}
		text = string(b)
	}
	ours := e.origin == fromUser || e.origin == fromUndo
	if e.origin == fromUser && !t.redoing && !t.ended {
		if err := t.endRedo(); err != nil {
			return 0, err
		}
		t.ended = true
	}
	id, err := t.nextLogID()
	if err != nil {
		return 0, err
	}
	if t.action == 0 {
		t.action = id
	}
	device, err := t.whose(e)
	if err != nil {
		return 0, err
	}
	_, err = t.exec(`INSERT INTO change_log (id, table_name, record_id, operation, timestamp, synced, origin, action, lost, device, patch)
		VALUES (?, 'contacts', ?, ?, ?, ?, ?, ?, ?, ?, ?)`, id, r.id, op, e.at, !(ours && r.dirty), e.origin, t.action, lost, device, text)
	if err != nil {
		return 0, err
	}
	t.logged = id
	if ours {
		r.lastEdit = id
	}
	return id, nil
}

// whose names the device of an edit for the history, and the person where it is not this account's: "eve (Phone)".
func (t *tx) whose(e entry) (string, error) {
	if e.user == "" {
		return e.device, nil
	}
	if t.user == nil {
		t.user = new(string)
		if err := t.row("SELECT user FROM account").Scan(t.user); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return "", err
		}
	}
	switch {
	case e.user == *t.user, *t.user == "": // signed out, nobody can say whose it is not
		return e.device, nil
	case e.device == "":
		return e.user, nil
	}
	return e.user + " (" + e.device + ")", nil
}

// nextLogID is the id that the next log entry gets, later than all that ever were: this transaction is alone.
func (t *tx) nextLogID() (int64, error) {
	if t.logged == 0 {
		if err := t.row("SELECT max(coalesce((SELECT max(id) FROM change_log), 0), (SELECT logged FROM state))").Scan(&t.logged); err != nil {
			return 0, err
		}
	}
	return t.logged + 1, nil
}

// settle makes the log say what after.dirty says: a clean record has no unsynced entry, a dirty one has.
func (t *tx) settle(before, after *record, logged int64, changeID string) error {
	wasDirty := before != nil && before.dirty
	after.oldest = 0
	switch {
	case !after.dirty && wasDirty:
		_, err := t.exec("UPDATE change_log SET synced = 1, change_id = ? WHERE record_id = ? AND synced = 0", changeID, after.id)
		return err
	case !after.dirty:
		return nil
	case wasDirty:
		err := t.row("SELECT coalesce(min(id), 0) FROM change_log WHERE record_id = ? AND synced = 0", after.id).Scan(&after.oldest)
		if err != nil {
			return err
		}
	case logged != 0 && after.lastEdit == logged:
		after.oldest = logged
	}
	if after.oldest != 0 {
		return nil
	}
	// It is to be sent, though no edit waits: the server has lost something of it. Its newest entry stands for that.
	if err := t.row("SELECT max(id) FROM change_log WHERE record_id = ? AND lost = 0", after.id).Scan(&after.oldest); err != nil {
		return err
	}
	_, err := t.exec("UPDATE change_log SET synced = 0 WHERE id = ?", after.oldest)
	return err
}

// nextRow is the id of a new row: no row gets one that another has had.
const nextRow = "(SELECT max(row_floor, coalesce((SELECT max(row_id) FROM contacts), 0)) + 1 FROM state)"

// stamp notes when a contact goes to the trash, by the clock of the trash; and that it is there again, if it had been removed.
func (t *tx) stamp(before, after *record) (err error) {
	switch there := before != nil && !before.Deleted; {
	case !after.Deleted && !there:
		after.trashed = 0
		return t.forgetPurged(after)
	case after.Deleted && (there || before == nil):
		after.trashed, err = t.trashTime()
	}
	return err
}

func (t *tx) putRow(before, after *record) error {
	if before != nil && before.shows(after) { // most of all the answers to pushes
		_, err := t.exec("UPDATE contacts SET rev = ?, edited_at = ?, pending = ?, last_edit = ?, conflicts = ?, rejected = ?, walk = ? WHERE row_id = ?",
			after.rev, after.EditedAt, after.oldest, after.lastEdit, after.conflicts, after.rejected, after.walk, after.row)
		return err
	}
	if before != nil && before.Card.Equal(after.Card) { // to the trash, or back: the card and what lists show of it stay
		t.state.listVersion++
		_, err := t.exec("UPDATE contacts SET rev = ?, edited_at = ?, deleted_at = ?, trashed = ?, pending = ?, last_edit = ?, conflicts = ?, rejected = ?, walk = ? WHERE row_id = ?",
			after.rev, after.EditedAt, after.deletedAt, after.trashed, after.oldest, after.lastEdit, after.conflicts, after.rejected, after.walk, after.row)
		return err
	}
	order, err := t.collation()
	if err != nil {
		return err
	}
	p := project(after.Card, order)
	if before == nil || before.Deleted != after.Deleted ||
		before.Card.SortName() != after.Card.SortName() || before.Card.FamilySortName() != after.Card.FamilySortName() {
		t.state.listVersion++
	}
	values := append(p.values(), after.rev, after.EditedAt, after.deletedAt, after.trashed, after.oldest, after.lastEdit, after.conflicts, after.rejected, after.walk,
		string(after.Card.JSON()))
	if after.row == 0 {
		result, err := t.exec(`INSERT INTO contacts (`+projectedColumns+`, rev, edited_at, deleted_at, trashed, pending, last_edit, conflicts, rejected, walk, card, id, book, remote_id, row_id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, `+nextRow+`)`, append(values, after.id, after.book, after.remote)...)
		if err != nil {
			return err
		}
		after.row, err = result.LastInsertId()
		return err
	}
	_, err = t.exec(`UPDATE contacts SET (`+projectedColumns+`, rev, edited_at, deleted_at, trashed, pending, last_edit, conflicts, rejected, walk, card)
		= (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE row_id = ?`, append(values, after.row)...)
	return err
}

// shows reports whether both records hold the same to look at, and differ at most in their sync state.
func (r *record) shows(o *record) bool {
	return r.deletedAt == o.deletedAt && r.Card.Equal(o.Card)
}

func (t *tx) putWords(before, after *record) error {
	if before != nil && before.Card.Equal(after.Card) {
		return nil
	}
	words := indexWords(after.Card)
	if before == nil {
		_, err := t.exec("INSERT INTO search (rowid, words) VALUES (?, ?)", after.row, words)
		return err
	}
	if words == indexWords(before.Card) {
		return nil
	}
	_, err := t.exec("INSERT OR REPLACE INTO search (rowid, words) VALUES (?, ?)", after.row, words)
	return err
}

func (t *tx) putBase(before, after *record) error {
	var old *contact.Version
	if before != nil {
		old = before.base
	}
	if old == after.base {
		return nil
	}
	if after.base == nil {
		_, err := t.exec("DELETE FROM base WHERE contact = ?", after.row)
		return err
	}
	_, err := t.exec("INSERT OR REPLACE INTO base (contact, deleted, edited_at, card) VALUES (?, ?, ?, ?)",
		after.row, after.base.Deleted, after.base.EditedAt, cardText(after.base.Card))
	return err
}

// cardText is a card as the database holds it: NULL for no card.
func cardText(c contact.Card) any {
	if c.IsZero() {
		return nil
	}
	return string(c.JSON())
}

// same says that two versions need no push between them. The card of a deleted contact is nobody else's business.
func same(a, b contact.Version) bool {
	return a.Deleted == b.Deleted && (a.Deleted || a.Card.Equal(b.Card))
}
