package store

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/uptrace/bun"
)

// PushRequest is one device's batch of changes for one book.
type PushRequest struct {
	Book, Device string
	User         string // the device's account, which must be a writer when it is applied; "" : whoever asks has seen to that
	Cursor       string // where the device stands; "" : it does not say
	Changes      []Push
	BookContacts int // most contacts that the book may hold; 0: no limit
	AnswerBytes  int // most bytes of cards in the answer to more than one change; 0: no limit
}

// PushAnswer has one Result for each Push, in the same order. Cursor is the request's, moved past this push; "" : it can't be moved.
type PushAnswer struct {
	Results []Result
	Cursor  string
}

// Push applies a batch in one transaction. A change that was answered before is answered the same again. ErrNotFound: no such
// book, or not the user's. ErrForbidden: a reader's. ErrCursorUnknown: the device's base_revs are of another history and could match by chance, so nothing was applied.
// ErrAnswerTooLarge: so many conflict that the answer would not end; nothing was applied, and fewer changes at once will do.
func (s *Store) Push(ctx context.Context, r PushRequest) (PushAnswer, error) {
	if len(r.Changes) == 0 {
		return PushAnswer{Cursor: r.Cursor}, nil
	}
	var answer PushAnswer
	var news News
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) (err error) {
		answer, news, err = s.push(ctx, tx, r)
		return err
	})
	if err != nil {
		return PushAnswer{}, fmt.Errorf("push: %w", err)
	}
	if err := s.nameCurrent(ctx, answer.Results); err != nil {
		return PushAnswer{}, fmt.Errorf("push: %w", err)
	}
	if news.Seq > 0 {
		s.grown.Add(int64(len(r.Changes)))
		s.tell(news)
	}
	return answer, nil
}

func (s *Store) push(ctx context.Context, tx bun.Tx, r PushRequest) (PushAnswer, News, error) {
	n := int64(len(r.Changes))
	if err := takeSeqs(ctx, tx, r.Book, n); err != nil {
		return PushAnswer{}, News{}, err
	}
	if r.User != "" { // under the book's lock: whoever's role was lowered before this gets nothing in
		switch role, err := roleOf(ctx, tx, r.User, r.Book); {
		case err != nil:
			return PushAnswer{}, News{}, err
		case !atLeast(role, Writer):
			return PushAnswer{}, News{}, ErrForbidden
		}
	}
	h, err := s.head(ctx, tx, r.Book, n)
	if err != nil {
		return PushAnswer{}, News{}, err
	}
	at, movable, err := s.standing(ctx, tx, r, h)
	if err != nil {
		return PushAnswer{}, News{}, err
	}
	p, err := s.plan(ctx, tx, r, h.seq+1)
	if err != nil {
		return PushAnswer{}, News{}, err
	}
	if p.used < n { // give back what was not needed: seqs have no gaps, so each belongs to a commit
		if err := takeSeqs(ctx, tx, r.Book, p.used-n); err != nil {
			return PushAnswer{}, News{}, err
		}
	}
	tag := randomTag()
	if err := s.store(ctx, tx, r.Book, p, h.seq+p.used, tag); err != nil {
		return PushAnswer{}, News{}, err
	}
	limit := r.AnswerBytes
	if n == 1 {
		limit = 0 // a single one is always answered
	}
	current, err := s.current(ctx, tx, r.Book, p.clashes, limit)
	if err != nil {
		return PushAnswer{}, News{}, err
	}
	for i, res := range p.results {
		if c, ok := current[r.Changes[i].ID]; ok && res.Status == Conflict {
			p.results[i].Current = &c
		}
	}
	answer := PushAnswer{Results: p.results}
	news := News{Book: r.Book}
	if p.used > 0 {
		news.Seq = h.seq + p.used
	}
	if movable {
		moved := at
		for _, o := range p.own {
			moved = moved.over(o)
		}
		if p.used > 0 {
			h.seq, h.tag = h.seq+p.used, tag
		}
		if moved.tag, err = s.tagFor(ctx, tx, r.Book, moved, at, h); err != nil {
			return PushAnswer{}, News{}, err
		}
		answer.Cursor = moved.encode(h.epoch, r.Book)
	}
	return answer, news, nil
}

// takeSeqs locks the book until the transaction ends and moves its counter.
func takeSeqs(ctx context.Context, tx bun.Tx, book string, n int64) error {
	res, err := tx.NewUpdate().Model((*bookRow)(nil)).Set("seq = seq + ?", n).Where("id = ?", book).Exec(ctx)
	if err != nil {
		return fmt.Errorf("lock book: %w", err)
	}
	if rows, err := res.RowsAffected(); err != nil || rows != 1 {
		return errors.Join(err, ErrNotFound)
	}
	return nil
}

// standing reads the device's cursor. An expired one is of this history, so the push is safe, but it can't be moved.
func (s *Store) standing(ctx context.Context, tx bun.Tx, r PushRequest, h head) (c cursor, movable bool, err error) {
	if r.Cursor == "" {
		return cursor{}, false, nil
	}
	if c, err = decodeCursor(r.Cursor, h.epoch, r.Book); err != nil {
		return cursor{}, false, err
	}
	switch err = s.check(ctx, tx, r.Book, c, h); {
	case errors.Is(err, ErrCursorExpired):
		return cursor{}, false, nil
	case err != nil:
		return cursor{}, false, err
	}
	return c, true, nil
}

// plan reads what the batch is compared with, each in one statement, and decides.
func (s *Store) plan(ctx context.Context, tx bun.Tx, r PushRequest, first int64) (plan, error) {
	changeIDs := make([]string, len(r.Changes))
	ids := make(map[string]bool, len(r.Changes))
	need := map[string]bool{}
	for i, ch := range r.Changes {
		changeIDs[i] = ch.ChangeID
		if ch.Refused == nil { // what was refused may hold an id that no column takes
			ids[ch.ID] = true
			for _, hash := range ch.Blobs {
				need[hash] = true
			}
		}
	}
	known, err := s.answered(ctx, tx, r.Book, changeIDs)
	if err != nil {
		return plan{}, err
	}
	heads, err := s.versions(ctx, tx, r.Book, slices.Collect(maps.Keys(ids)))
	if err != nil {
		return plan{}, err
	}
	have, err := s.haveBlobs(ctx, tx, r.Book, slices.Collect(maps.Keys(need)))
	if err != nil {
		return plan{}, err
	}
	room, err := s.room(ctx, tx, r, first-1)
	if err != nil {
		return plan{}, err
	}
	return planPush(r.Book, r.Device, r.Changes, first, s.nowMicro(), known, heads, have, room), nil
}

func (s *Store) answered(ctx context.Context, tx bun.Tx, book string, changeIDs []string) (map[string]resultRow, error) {
	rows, err := tx.NewSelect().Model((*resultRow)(nil)).Column("change_id", "contact_id", "status", "rev", "edited_at", "code", "detail").
		Where("book_id = ?", book).Where("change_id IN (?)", bun.List(changeIDs)).Rows(ctx)
	if err != nil {
		return nil, fmt.Errorf("read earlier answers: %w", err)
	}
	defer rows.Close()
	out := map[string]resultRow{}
	for rows.Next() {
		var k resultRow
		if err := rows.Scan(&k.ChangeID, &k.ContactID, &k.Status, &k.Rev, &k.EditedAt, &k.Code, &k.Detail); err != nil {
			return nil, fmt.Errorf("read earlier answers: %w", err)
		}
		out[k.ChangeID] = k
	}
	return out, rows.Err()
}

func (s *Store) versions(ctx context.Context, tx bun.Tx, book string, ids []string) (map[string]version, error) {
	out := make(map[string]version, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := tx.NewSelect().Model((*contactRow)(nil)).Column("id", "seq", "operation").
		Where("book_id = ?", book).Where("id IN (?)", bun.List(ids)).Rows(ctx)
	if err != nil {
		return nil, fmt.Errorf("read revs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, operation string
		var rev int64
		if err := rows.Scan(&id, &rev, &operation); err != nil {
			return nil, fmt.Errorf("read revs: %w", err)
		}
		out[id] = version{rev, operation == Delete}
	}
	return out, rows.Err()
}

// insertRows is how many rows go into one INSERT: enough to save round trips, few enough for every database's packet.
const insertRows = 250

// store writes what was planned.
func (s *Store) store(ctx context.Context, tx bun.Tx, book string, p plan, last, tag int64) error {
	if err := writeContacts(ctx, tx, book, p); err != nil {
		return fmt.Errorf("write contacts: %w", err)
	}
	if err := writeBlobRefs(ctx, tx, book, p); err != nil {
		return fmt.Errorf("write what photos are needed: %w", err)
	}
	if err := insertAll(ctx, tx, p.keep); err != nil {
		return fmt.Errorf("write answers: %w", err)
	}
	if p.used == 0 {
		return nil
	}
	if _, err := tx.NewInsert().Model(&commitRow{BookID: book, Seq: last, Tag: tag, CreatedAt: s.nowMicro()}).Exec(ctx); err != nil {
		return fmt.Errorf("write commit: %w", err)
	}
	return nil
}

// writeContacts replaces rows rather than updating them, because that is one statement for many rows in each of the three
// databases. The one edit, which is what most pushes are, is an update: it touches fewer pages.
func writeContacts(ctx context.Context, tx bun.Tx, book string, p plan) error {
	rows := slices.SortedFunc(maps.Values(p.rows), func(a, b contactRow) int { return int(a.Seq - b.Seq) })
	if len(rows) == 1 && len(p.replace) == 1 {
		_, err := tx.NewUpdate().Model(&rows[0]).WherePK().Exec(ctx)
		return err
	}
	if len(p.replace) > 0 {
		_, err := tx.NewDelete().Model((*contactRow)(nil)).Where("book_id = ?", book).Where("id IN (?)", bun.List(p.replace)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return insertAll(ctx, tx, rows)
}

func insertAll[T any](ctx context.Context, tx bun.IDB, rows []T) error {
	for chunk := range slices.Chunk(rows, insertRows) {
		if _, err := tx.NewInsert().Model(&chunk).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) nameCurrent(ctx context.Context, results []Result) error {
	var changes []Change
	for _, r := range results {
		if r.Current != nil {
			changes = append(changes, *r.Current)
		}
	}
	if err := s.nameDevices(ctx, changes); err != nil {
		return err
	}
	for i := range results {
		if results[i].Current != nil {
			*results[i].Current = changes[0]
			changes = changes[1:]
		}
	}
	return nil
}

func randomTag() int64 {
	var b [8]byte
	rand.Read(b[:])
	return int64(binary.BigEndian.Uint64(b[:]))
}
