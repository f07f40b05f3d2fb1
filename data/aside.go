package data

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"kith/contact"
)

// SetAside is a contact that sync could not take along, in one of two directions. Out: the server refused this device's version.
// Else: this version of the program can't read, or can't store, what the server has; a newer one may.
type SetAside struct {
	ID, Name     string // Name may be empty. ID: of the contact here; of none, its id at the server
	Book         string
	Out          bool
	Here         bool // there is such a contact on this device; if not Out, an older version of it
	Rev          int64
	Reason       string
	Device, User string    // who made what the server has; "" : not known, or Out
	EditedAt     int64     // hybrid logical time
	At           time.Time // when it was put aside; zero if Out
	Raw          []byte    // the card, as it is here or as it came

	uid string // not Out: its id at the server
}

// SetAside lists what sync could not take along: first what the server refused, in list order, then what can't be read.
func (s *Store) SetAside(ctx context.Context) ([]SetAside, error) {
	var all []SetAside
	err := s.read(ctx, "SELECT id, book, name, rev, rejected, edited_at, card FROM contacts WHERE attention = 1 AND rejected <> '' ORDER BY sort_key, row_id",
		func(row scanner) error {
			a := SetAside{Out: true, Here: true}
			err := row.Scan(&a.ID, &a.Book, &a.Name, &a.Rev, &a.Reason, &a.EditedAt, &a.Raw)
			all = append(all, a)
			return err
		})
	if err == nil {
		err = s.read(ctx, `SELECT coalesce(c.id, a.id), a.book, a.id, coalesce(c.name, ''), c.id IS NOT NULL, a.rev, a.reason, a.device, a.user, a.edited_at, a.at, a.raw
			FROM aside a LEFT JOIN contacts c ON c.row_id = `+contactOfAside+` ORDER BY a.at, a.id`, func(row scanner) error {
			var a SetAside
			var at int64
			err := row.Scan(&a.ID, &a.Book, &a.uid, &a.Name, &a.Here, &a.Rev, &a.Reason, &a.Device, &a.User, &a.EditedAt, &at, &a.Raw)
			if a.At = fromMicros(at); a.Name == "" {
				a.Name = nameIn(a.Raw)
			}
			all = append(all, a)
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("list what is set aside: %w", err)
	}
	return all, nil
}

// nameIn finds the name in what may not be a card; "" : there is none to be found.
func nameIn(raw []byte) string {
	var like struct {
		Name struct {
			Full string `json:"full"`
		} `json:"name"`
	}
	_ = json.Unmarshal(raw, &like) // as far as it goes
	return like.Name.Full
}

// Unreadable counts the contacts that the server has and this version can't read, in a book; "" : in all.
func (s *Store) Unreadable(ctx context.Context, book string) (n int, err error) {
	err = s.read(ctx, "SELECT count(*) FROM aside WHERE ?1 = '' OR book = ?1", func(row scanner) error { return row.Scan(&n) }, book)
	if err != nil {
		return 0, fmt.Errorf("count what can't be read: %w", err)
	}
	return n, nil
}

// TryAgain lets what the server refused be sent once more, as it is, and reads anew what could not be read; no ids: all of it. It
// returns how many of them are still set aside.
func (s *Store) TryAgain(ctx context.Context, ids ...string) (left int, err error) {
	all, err := s.SetAside(ctx)
	if err != nil {
		return 0, err
	}
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	err = s.write(ctx, func(t *tx) error {
		for _, a := range all {
			if len(ids) > 0 && !wanted[a.ID] {
				continue
			}
			if a.Out {
				if err := t.sendAgain(a.ID); err != nil {
					return fmt.Errorf("contact %s: %w", a.ID, err)
				}
				continue
			}
			read, err := t.readAgain(a)
			if err != nil {
				return fmt.Errorf("contact %s: %w", a.ID, err)
			}
			if !read {
				left++
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("try what is set aside again: %w", err)
	}
	return left, nil
}

// sendAgain takes a contact out of the corner that the server's refusal put it in.
func (t *tx) sendAgain(id string) error {
	current, err := t.load(id)
	if err != nil || current == nil || current.rejected == "" {
		return err
	}
	after := *current
	after.rejected = ""
	return t.put(current, &after, entry{origin: fromMerge, at: current.EditedAt})
}

// readAgain takes in what was put aside, if this version can read it, as if it came just now.
func (t *tx) readAgain(a SetAside) (bool, error) {
	card, err := contact.Parse(a.Raw)
	if err != nil {
		return false, nil
	}
	var rev int64
	err = t.row("SELECT rev FROM aside WHERE book = ? AND id = ?", a.Book, a.uid).Scan(&rev)
	if err != nil {
		return false, err
	}
	b, err := t.book(a.Book)
	if err != nil {
		return false, err
	}
	c := RemoteChange{ID: a.uid, Rev: rev, Card: card, EditedAt: a.EditedAt, DeviceName: a.Device, User: a.User}
	if rev == 0 {
		return t.adopt(b, c)
	}
	fault, err := t.attempt(func() error { return t.pull(b, c, new(Applied)) })
	return fault == "", err
}

// adopt takes in a contact that only this device has left: the server that had it was put back to a time before. Where the contact
// is here in an older version, that one has gone back to the server, and this stays aside.
func (t *tx) adopt(b Book, c RemoteChange) (bool, error) {
	current, err := t.loadIn(b.ID, c.ID)
	if err != nil || current != nil {
		return false, err
	}
	fault, err := t.attempt(func() error {
		added := &record{book: b.ID, Version: c.version(), dirty: true, walk: b.walk}
		if err := t.name(added, c.ID); err != nil {
			return err
		}
		if err := t.put(nil, added, c.entry(fromMerge)); err != nil {
			return err
		}
		_, err := t.takeUp(b, c)
		return err
	})
	return fault == "", err
}

// putAside keeps a change that can't be taken in, as it came. The contact stays what it is here.
func (t *tx) putAside(b Book, c RemoteChange) error {
	raw := c.Raw
	if raw == nil {
		raw = c.Card.JSON()
	}
	if raw == nil {
		raw = []byte{}
	}
	_, err := t.exec(`INSERT OR REPLACE INTO aside (id, book, rev, edited_at, device, user, at, reason, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, b.ID, c.Rev, c.EditedAt, c.DeviceName, c.User, t.wall(), c.Unreadable, raw)
	if err != nil {
		return fmt.Errorf("put %s aside: %w", c.ID, err)
	}
	t.aside = nil
	return nil
}

// pullUnreadable is pull for a change that can't be read. The contact, if it is here, is not looked into: it may be what is wrong.
func (t *tx) pullUnreadable(b Book, c RemoteChange) error {
	row, err := t.rowIn(b.ID, c.ID)
	if err != nil {
		return err
	}
	if b.reconcile != "" && row != 0 {
		if _, err := t.exec("UPDATE contacts SET walk = ? WHERE row_id = ?", b.walk, row); err != nil {
			return err
		}
	}
	if b.reconcile != walkUnknown {
		var known int64
		err := t.row("SELECT max(coalesce((SELECT rev FROM contacts WHERE row_id = ?), 0), coalesce((SELECT rev FROM aside WHERE book = ? AND id = ?), 0))", row, b.ID, c.ID).Scan(&known)
		if err != nil || c.Rev <= known {
			return err
		}
	}
	return t.putAside(b, c)
}

// takeUp forgets what was put aside of a contact, as c is there in its place; unless that is newer than c.
func (t *tx) takeUp(b Book, c RemoteChange) (newer bool, err error) {
	if t.aside == nil { // almost always nothing is set aside, and a page has many changes
		t.aside = new(bool)
		if err := t.row("SELECT EXISTS (SELECT 1 FROM aside)").Scan(t.aside); err != nil {
			return false, err
		}
	}
	if !*t.aside {
		return false, nil
	}
	err = t.row("SELECT EXISTS (SELECT 1 FROM aside WHERE book = ? AND id = ? AND rev > ?)", b.ID, c.ID, c.Rev).Scan(&newer)
	if err == nil && !newer {
		_, err = t.exec("DELETE FROM aside WHERE book = ? AND id = ?", b.ID, c.ID)
	}
	return newer, err
}

// takeChange takes one change of a page in. If it can't be stored, it is put aside, and what it had begun is taken back.
func (t *tx) takeChange(b Book, c RemoteChange, applied *Applied) error {
	before := *applied
	fault, err := t.attempt(func() error { return t.pull(b, c, applied) })
	if err != nil || fault == "" {
		return err
	}
	*applied = before
	c.Unreadable = fault
	return t.pull(b, c, applied)
}

// attempt runs fn in a part of the transaction of its own. It returns what was wrong with the record that fn is about, after
// taking back what fn had done; err is everything else: the disk, the database, a caller who gives up.
func (t *tx) attempt(fn func() error) (fault string, err error) {
	if _, err := t.exec("SAVEPOINT attempt"); err != nil {
		return "", err
	}
	state, logged, action := t.state, t.logged, t.action
	err = safely(fn)
	if err == nil {
		_, err = t.exec("RELEASE attempt")
		return "", err
	}
	if !isRecordFault(err) {
		return "", err
	}
	t.state, t.logged, t.action = state, logged, action
	if _, err := t.exec("ROLLBACK TO attempt"); err != nil {
		return "", err
	}
	if _, err := t.exec("RELEASE attempt"); err != nil {
		return "", err
	}
	return err.Error(), nil
}

// safely makes an error of a panic: a card that the code did not expect must not stop all others.
func safely(fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it can't be processed: %v", r)
		}
	}()
	return fn()
}

// isRecordFault tells what is wrong with one record from what is wrong with the store or its world.
func isRecordFault(err error) bool {
	err = explain(err)
	for _, ours := range []error{context.Canceled, context.DeadlineExceeded, ErrNotADatabase, ErrDiskFull, ErrDiskFault, ErrNotWritable} {
		if errors.Is(err, ours) {
			return false
		}
	}
	var coded *sqlite.Error
	if !errors.As(err, &coded) {
		return true
	}
	switch coded.Code() & 0xff {
	case sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH:
		return true
	}
	return false
}
