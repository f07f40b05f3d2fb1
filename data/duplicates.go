package data

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kith/contact"
	"kith/contact/duplicate"
)

// Duplicates are contacts that seem to be one, as sure as the lane says.
type Duplicates struct {
	Lane    duplicate.Lane
	Score   int
	Reasons []duplicate.Reason // of the surest two
	Rows    []Row              // two or more, the one that has been there the longest first
}

// Duplicates returns what FindDuplicates has found last, the surest first. A contact stands in one group at most. Contacts of different
// books are no duplicates of each other, and those of a book that can't be changed are nobody's question.
func (s *Store) Duplicates(ctx context.Context) ([]Duplicates, error) {
	var pairs []duplicate.Pair
	err := s.read(ctx, "SELECT "+pairColumns+" FROM duplicate_pairs", func(row scanner) error {
		p, err := scanPair(row)
		pairs = append(pairs, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read duplicates: %w", err)
	}
	groups := duplicate.Groups(pairs)
	var members []RowID
	for _, g := range groups {
		for _, m := range g.Members {
			members = append(members, RowID(m))
		}
	}
	rows, err := s.Rows(ctx, members)
	if err != nil {
		return nil, fmt.Errorf("read duplicates: %w", err)
	}
	fixed, err := s.readOnlyBooks(ctx)
	if err != nil {
		return nil, fmt.Errorf("read duplicates: %w", err)
	}
	byID := make(map[RowID]Row, len(rows))
	for _, r := range rows {
		byID[r.RowID] = r
	}
	found := make([]Duplicates, 0, len(groups))
	for _, g := range groups {
		d := Duplicates{Lane: g.Lane, Score: g.Score, Reasons: g.Reasons}
		for _, m := range g.Members {
			if r, there := byID[RowID(m)]; there && r.Deleted.IsZero() && !fixed[r.Book] { // the search may be a moment behind
				d.Rows = append(d.Rows, r)
			}
		}
		if len(d.Rows) > 1 {
			found = append(found, d)
		}
	}
	return found, nil
}

const pairColumns = "a, b, lane, score, reasons"

func scanPair(row scanner) (duplicate.Pair, error) {
	var p duplicate.Pair
	var reasons []byte
	err := row.Scan(&p.A, &p.B, &p.Lane, &p.Score, &reasons)
	if err == nil {
		err = json.Unmarshal(reasons, &p.Reasons)
	}
	return p, err
}

// TellApart notes that none of the contacts is another of them, book by book, as one undoable action. It is kept in the contacts themselves, and so goes
// to all machines. Errors: ErrNotFound, *contact.ValidationError.
func (s *Store) TellApart(ctx context.Context, ids ...string) error {
	err := s.write(ctx, func(t *tx) error {
		all := make([]*record, len(ids))
		for i, id := range ids {
			var err error
			if all[i], err = t.must(id); err != nil {
				return err
			}
		}
		for _, current := range all {
			card := current.Card
			for _, other := range all {
				if other == current || other.book != current.book {
					continue
				}
				var err error
				if card, err = duplicate.WithNotDuplicate(card, other.uid(), true); err != nil {
					return err
				}
			}
			if err := card.Validate(); err != nil {
				return err
			}
			if _, err := t.edit(current, card, current.Deleted, fromUser); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("tell contacts apart: %w", err)
	}
	return nil
}

// Merge is contacts that are to become one: the first of them, the survivor.
type Merge struct {
	IDs     []string
	Choices duplicate.Choices // by their places in IDs
}

// CertainMerges are the merges of all groups of which there is no doubt, and how many contacts are in them.
func CertainMerges(groups []Duplicates) (merges []Merge, contacts int) {
	for _, g := range groups {
		if g.Lane != duplicate.Certain {
			continue
		}
		var m Merge
		for _, r := range g.Rows {
			m.IDs = append(m.IDs, r.ID)
		}
		merges = append(merges, m)
		contacts += len(m.IDs)
	}
	return merges, contacts
}

// MergeContacts makes one contact of several, for each merge, all in one transaction and as one undoable action. The survivor gets what the
// others have, as contact/duplicate combines them with the choices; the others go to the trash, with a link to it (MergedInto); relations
// and members of other contacts that point to them follow. What is combined is what the contacts are now, not what a caller has seen
// of them: an edit made meanwhile is in it. All are of one book (ErrBooksDiffer). For the server this is an edit and deletions: an edit elsewhere of a contact that went brings
// it back, as it does with any deletion. Errors: ErrNotFound, ErrDeleted, *contact.ValidationError; nothing is changed then.
func (s *Store) MergeContacts(ctx context.Context, merges ...Merge) error {
	err := s.write(ctx, func(t *tx) error {
		gone := map[string]map[string]string{}
		for _, m := range merges {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := t.mergeContacts(m, gone); err != nil {
				return err
			}
		}
		return t.repoint(gone)
	})
	if err != nil {
		return fmt.Errorf("merge contacts: %w", err)
	}
	return nil
}

// mergeContacts makes one merge, and adds to gone who went where: uids, by book.
func (t *tx) mergeContacts(m Merge, gone map[string]map[string]string) error {
	records := make([]*record, len(m.IDs))
	cards := make([]contact.Card, len(m.IDs))
	for i, id := range m.IDs {
		r, err := t.must(id)
		if err != nil {
			return err
		}
		if r.Deleted {
			return fmt.Errorf("%q: %w", r.Card.DisplayName(), ErrDeleted)
		}
		records[i], cards[i] = r, r.Card
		if r.book != records[0].book {
			return fmt.Errorf("%q and %q: %w", records[0].Card.DisplayName(), r.Card.DisplayName(), ErrBooksDiffer)
		}
	}
	if err := t.mustWrite(records[0].book); err != nil {
		return err
	}
	went := gone[records[0].book]
	if went == nil {
		went = map[string]string{}
		gone[records[0].book] = went
	}
	combined, err := duplicate.Combine(cards, m.Choices)
	if err != nil {
		return err
	}
	if err := combined.Validate(); err != nil {
		return fmt.Errorf("%q: %w", combined.DisplayName(), err)
	}
	if _, err := t.edit(records[0], combined, false, fromUser); err != nil {
		return err
	}
	for _, r := range records[1:] {
		trashed, err := t.edit(r, r.Card, true, fromUser)
		if err != nil {
			return err
		}
		went[r.uid()] = records[0].uid()
		if _, err := t.exec("INSERT OR REPLACE INTO merged (contact, survivor, entry) VALUES (?, ?, ?)", trashed.row, records[0].id, trashed.lastEdit); err != nil {
			return fmt.Errorf("link %s to its survivor: %w", r.id, err)
		}
		// However many go at once, no guard need ask: what they held is in the survivors.
		if err := t.letGo(trashed); err != nil {
			return err
		}
	}
	return nil
}

// repoint lets relations and members of other contacts follow those that went. Few contacts have any, and no index says which: this
// reads the book once for all merges of a transaction.
func (t *tx) repoint(gone map[string]map[string]string) error {
	if len(gone) == 0 {
		return nil
	}
	type moved struct {
		row int64
		to  contact.Card
	}
	var all []moved
	err := t.each(`SELECT row_id, book, card FROM contacts WHERE deleted_at = 0 AND (instr(card, '"relatedTo":{') > 0 OR instr(card, '"members":{') > 0)`,
		func(row scanner) error {
			var id int64
			var book string
			var text []byte
			if err := row.Scan(&id, &book, &text); err != nil {
				return err
			}
			if len(gone[book]) == 0 {
				return nil
			}
			card, err := contact.Parse(text)
			if err != nil {
				return err
			}
			to, err := duplicate.Repoint(card, gone[book])
			if err == nil && !to.Equal(card) {
				all = append(all, moved{id, to})
			}
			return err
		})
	if err != nil {
		return fmt.Errorf("find who points to merged contacts: %w", err)
	}
	for _, m := range all {
		current, err := t.loadRow(m.row)
		if err != nil {
			return err
		}
		if _, err := t.edit(current, m.to, false, fromUser); err != nil {
			return err
		}
	}
	return nil
}

// MergedInto returns the contact that a contact in the trash was merged into, if that is why it is there.
func (s *Store) MergedInto(ctx context.Context, id string) (survivor Contact, ok bool, err error) {
	into := ""
	err = s.read(ctx, `SELECT m.survivor FROM merged m JOIN contacts c ON c.row_id = m.contact
		WHERE c.id = ? AND c.deleted_at <> 0 AND c.last_edit = m.entry`, func(row scanner) error { return row.Scan(&into) }, id)
	if err != nil {
		return Contact{}, false, fmt.Errorf("read where %s was merged into: %w", id, err)
	}
	if into == "" {
		return Contact{}, false, nil
	}
	survivor, err = s.Contact(ctx, into)
	if errors.Is(err, ErrNotFound) {
		return Contact{}, false, nil // it was removed for good
	}
	return survivor, err == nil, err
}
