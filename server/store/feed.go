package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"
)

// Operations of a change.
const (
	Insert = "INSERT"
	Update = "UPDATE"
	Delete = "DELETE"
)

// Change is a contact's latest state.
type Change struct {
	ID         string
	Rev        int64
	Operation  string
	Card       json.RawMessage // nil after a DELETE
	EditedAt   int64
	Device     string // id
	DeviceName string
	User       string
}

// FeedQuery asks for the page after Since ("" : from the beginning).
type FeedQuery struct {
	Book, Since string
	Limit       int // changes
	Bytes       int // of cards; the page ends after the card that reaches it
}

// Page is a page of a book's feed. Total counts the changes from its first to the feed's end.
type Page struct {
	Changes []Change
	Cursor  string
	More    bool
	Total   int
}

// head is a book's state, read in one statement.
type head struct {
	seq, tombstoneFloor, commitFloor int64
	tag                              int64 // of the newest commit
	epoch                            string
}

// taken are the seqs that the transaction has taken already: the head is the book as it was before.
func (s *Store) head(ctx context.Context, db bun.IDB, book string, taken int64) (head, error) {
	var h head
	var tag sql.NullInt64
	err := db.NewSelect().TableExpr("books AS b").Join("LEFT JOIN commits AS c ON c.book_id = b.id AND c.seq = b.seq - ?", taken).
		ColumnExpr("b.seq, b.tombstone_floor, b.commit_floor, c.tag, (SELECT value FROM meta WHERE name = ?)", metaEpoch).
		Where("b.id = ?", book).Scan(ctx, &h.seq, &h.tombstoneFloor, &h.commitFloor, &tag, &h.epoch)
	if errors.Is(err, sql.ErrNoRows) {
		return head{}, ErrNotFound
	}
	if err != nil {
		return head{}, fmt.Errorf("read book: %w", err)
	}
	h.seq -= taken
	h.tag = tag.Int64
	return h, nil
}

// tagAt returns the tag of the commit that seq belongs to; 0 when there is none.
func (s *Store) tagAt(ctx context.Context, db bun.IDB, book string, seq int64) (int64, error) {
	if seq == 0 {
		return 0, nil
	}
	var tag int64
	err := db.NewSelect().Model((*commitRow)(nil)).Column("tag").Where("book_id = ?", book).Where("seq >= ?", seq).Order("seq").Limit(1).Scan(ctx, &tag)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read commit: %w", err)
	}
	return tag, nil
}

// check decides whether the cursor is one of this history and still tells a device all that it missed.
func (s *Store) check(ctx context.Context, db bun.IDB, book string, c cursor, h head) error {
	top := c.top()
	switch {
	case top == 0:
	case top > h.seq:
		return ErrCursorUnknown // of a future that this database never had
	case top <= h.commitFloor:
		return ErrCursorExpired // too old to tell whose history it is
	default:
		tag := h.tag
		if top != h.seq {
			var err error
			if tag, err = s.tagAt(ctx, db, book, top); err != nil {
				return err
			}
		}
		if tag != c.tag {
			return ErrCursorUnknown
		}
	}
	if c.baseline() < h.tombstoneFloor && (c.seq > 0 || c.start > 0) {
		return ErrCursorExpired
	}
	return nil
}

// Changes returns the page after the cursor. ErrNotFound, ErrCursorUnknown, ErrCursorExpired.
//
// The statements need no common snapshot: the book's seq is read first, so whatever is committed up to it is seen by those that
// follow, and what a contact's newer change moved further back in the feed is met there.
func (s *Store) Changes(ctx context.Context, q FeedQuery) (Page, error) {
	page, _, err := s.changes(ctx, q)
	return page, err
}

// changes also returns the book's seq, up to which the page is complete.
func (s *Store) changes(ctx context.Context, q FeedQuery) (Page, int64, error) {
	h, err := s.head(ctx, s.reads, q.Book, 0)
	if err != nil {
		return Page{}, 0, err
	}
	c, err := decodeCursor(q.Since, h.epoch, q.Book)
	if err != nil {
		return Page{}, 0, err
	}
	if err := s.check(ctx, s.reads, q.Book, c, h); err != nil {
		return Page{}, 0, err
	}
	before := c
	if q.Since == "" {
		c.start = h.seq
	}
	page := Page{Changes: []Change{}}
	if c.seq < h.seq {
		if page.Changes, page.More, err = s.changesAfter(ctx, q, c); err != nil {
			return Page{}, 0, err
		}
	}
	if n := len(page.Changes); page.More {
		if c.remaining == 0 {
			if c.remaining, err = s.countAfter(ctx, q.Book, c); err != nil {
				return Page{}, 0, err
			}
		}
		page.Total = max(int(c.remaining), n+1)
		c.remaining = int64(page.Total - n)
		c = c.advance(page.Changes[n-1].Rev)
	} else {
		page.Total = n
		c.remaining = 0
		c = c.advance(h.seq)
		if n > 0 {
			c = c.advance(page.Changes[n-1].Rev)
		}
	}
	if c.tag, err = s.tagFor(ctx, s.reads, q.Book, c, before, h); err != nil {
		return Page{}, 0, err
	}
	page.Cursor = c.encode(h.epoch, q.Book)
	return page, h.seq, s.nameDevices(ctx, page.Changes)
}

// tagFor returns the tag that c must carry after it moved on from before, which was checked.
func (s *Store) tagFor(ctx context.Context, db bun.IDB, book string, c, before cursor, h head) (int64, error) {
	switch top := c.top(); top {
	case before.top():
		return before.tag, nil
	case h.seq:
		return h.tag, nil
	default:
		return s.tagAt(ctx, db, book, top)
	}
}

// after selects what the cursor has not shown yet.
func after(q *bun.SelectQuery, book string, c cursor) *bun.SelectQuery {
	q = q.Where("book_id = ?", book).Where("seq > ?", c.seq)
	if c.start > 0 {
		q = q.Where("(operation <> ? OR seq > ?)", Delete, c.start)
	}
	for _, s := range c.skips {
		q = q.Where("NOT (seq BETWEEN ? AND ?)", s.first, s.last)
	}
	return q
}

func (s *Store) countAfter(ctx context.Context, book string, c cursor) (int64, error) {
	n, err := after(s.reads.NewSelect().Model((*contactRow)(nil)), book, c).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count changes: %w", err)
	}
	return int64(n), nil
}

func (s *Store) changesAfter(ctx context.Context, q FeedQuery, c cursor) (out []Change, more bool, err error) {
	rows, err := after(s.reads.NewSelect().Model((*contactRow)(nil)), q.Book, c).
		Column("id", "seq", "operation", "card", "edited_at", "device_id").Order("seq").Limit(int64(q.Limit) + 1).Rows(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("read changes: %w", err)
	}
	defer rows.Close()
	out = []Change{}
	for bytes := 0; rows.Next(); {
		if len(out) == q.Limit || q.Bytes > 0 && bytes >= q.Bytes {
			return out, true, nil
		}
		var ch Change
		if ch, err = scanChange(rows); err != nil {
			return nil, false, fmt.Errorf("read changes: %w", err)
		}
		bytes += len(ch.Card)
		out = append(out, ch)
	}
	if err := rows.Err(); err != nil {
		return nil, false, fmt.Errorf("read changes: %w", err)
	}
	return out, false, nil
}

func scanChange(rows *sql.Rows) (Change, error) {
	var c Change
	var card []byte
	err := rows.Scan(&c.ID, &c.Rev, &c.Operation, &card, &c.EditedAt, &c.Device)
	if c.Operation != Delete {
		c.Card = card
	}
	return c, err
}

// current returns the contacts' latest states, by id. counts says how often each stands in the answer; ErrAnswerTooLarge: all of
// that is more than limit bytes (0: there is none), and was not even read.
func (s *Store) current(ctx context.Context, db bun.IDB, book string, counts map[string]int, limit int) (map[string]Change, error) {
	if len(counts) == 0 {
		return nil, nil
	}
	ids := slices.Collect(maps.Keys(counts))
	rows, err := db.NewSelect().Model((*contactRow)(nil)).Column("id", "seq", "operation", "card", "edited_at", "device_id").
		Where("book_id = ?", book).Where("id IN (?)", bun.List(ids)).Rows(ctx)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	defer rows.Close()
	out := make(map[string]Change, len(ids))
	bytes := 0
	for rows.Next() {
		c, err := scanChange(rows)
		if err != nil {
			return nil, fmt.Errorf("read contacts: %w", err)
		}
		if bytes += counts[c.ID] * len(c.Card); limit > 0 && bytes > limit {
			return nil, ErrAnswerTooLarge
		}
		out[c.ID] = c
	}
	return out, rows.Err()
}

// nameDevices fills in whose edits they are; of a removed account only the device's id is left.
func (s *Store) nameDevices(ctx context.Context, changes []Change) error {
	names := map[string][2]string{}
	var ids []string
	for _, c := range changes {
		if _, ok := names[c.Device]; !ok {
			names[c.Device] = [2]string{}
			ids = append(ids, c.Device)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := s.reads.NewSelect().TableExpr("devices AS d").Join("JOIN users AS u ON u.id = d.user_id").
		ColumnExpr("d.id, d.name, u.name").Where("d.id IN (?)", bun.List(ids)).Rows(ctx)
	if err != nil {
		return fmt.Errorf("read devices: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, device, user string
		if err := rows.Scan(&id, &device, &user); err != nil {
			return fmt.Errorf("read devices: %w", err)
		}
		names[id] = [2]string{device, user}
	}
	for i := range changes {
		n := names[changes[i].Device]
		changes[i].DeviceName, changes[i].User = n[0], n[1]
	}
	return rows.Err()
}
