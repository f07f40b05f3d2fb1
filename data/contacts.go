package data

import (
	"context"
	"fmt"
	"time"

	"kith/contact"
)

// Contact is one stored contact.
type Contact struct {
	ID, Book  string
	Row       RowID // its key in lists
	Card      contact.Card
	Rev       int64     // the server's, 0 before the first push
	Pending   bool      // has edits that the server does not, also while they wait for the user or were refused
	Deleted   time.Time // in the trash since; zero: not
	EditedAt  int64     // hybrid logical time, microseconds
	Conflicts int       // fields that wait for the user
	Rejected  string    // why the server refused the last edit; "" : it did not
}

func (r *record) public() Contact {
	return Contact{ID: r.id, Book: r.book, Row: RowID(r.row), Card: r.Card, Rev: r.rev, Pending: r.dirty, Deleted: fromMicros(r.deletedAt),
		EditedAt: r.EditedAt, Conflicts: r.conflicts, Rejected: r.rejected}
}

// Add stores a new contact in the book that new ones go to (NewContactsBook), and returns it; its id is the card's uid, unless another
// book has that already. Errors: *contact.ValidationError, ErrExists.
func (s *Store) Add(ctx context.Context, c contact.Card) (Contact, error) {
	return s.AddTo(ctx, "", c)
}

// AddTo is Add to a book; "" : the one that new contacts go to. Errors also: ErrNoBook, ErrReadOnly.
func (s *Store) AddTo(ctx context.Context, book string, c contact.Card) (Contact, error) {
	var added *record
	err := s.write(ctx, func(t *tx) (err error) {
		b, err := t.bookForNew(book)
		if err != nil {
			return err
		}
		added, err = t.add(b, c)
		return err
	})
	if err != nil {
		return Contact{}, fmt.Errorf("add contact: %w", err)
	}
	return added.public(), nil
}

// AddAll stores many as one undoable action, in one transaction.
func (s *Store) AddAll(ctx context.Context, cards []contact.Card) ([]string, error) {
	ids := make([]string, 0, len(cards))
	err := s.write(ctx, func(t *tx) error {
		b, err := t.bookForNew("")
		if err != nil {
			return err
		}
		for _, c := range cards {
			if err := ctx.Err(); err != nil {
				return err
			}
			added, err := t.add(b, c)
			if err != nil {
				return fmt.Errorf("%q: %w", c.DisplayName(), err)
			}
			ids = append(ids, added.id)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("add contacts: %w", err)
	}
	return ids, nil
}

// add stores a new contact in a book that can be written.
func (t *tx) add(book string, c contact.Card) (*record, error) {
	c, err := t.detach(c)
	if err != nil {
		return nil, err
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	uid := c.UID()
	if uid == "" {
		return nil, &contact.ValidationError{Problems: []contact.Problem{{Path: "/uid", Message: "a card needs a uid"}}}
	}
	old, err := t.rowIn(book, uid)
	if err != nil {
		return nil, err
	}
	if old != 0 {
		return nil, fmt.Errorf("%w: %s", ErrExists, uid)
	}
	at := t.tick()
	added := &record{book: book, Version: contact.Version{Card: c, EditedAt: at}, dirty: true}
	if err := t.name(added, uid); err != nil {
		return nil, err
	}
	return added, t.put(nil, added, entry{origin: fromUser, at: at})
}

// Save replaces the contact's card if it still is the one that the edit began from; what changed meanwhile is merged, field by
// field, with the edit's values on top. A contact that was deleted meanwhile comes back. Returns what is stored now. A Save that
// changes nothing writes nothing. Errors: *contact.ValidationError, ErrNotFound.
func (s *Store) Save(ctx context.Context, id string, from, to contact.Card) (Contact, error) {
	var saved *record
	err := s.write(ctx, func(t *tx) error {
		current, err := t.must(id)
		if err != nil {
			return err
		}
		saved = current
		if to.Equal(from) {
			return nil
		}
		if to, err = t.detach(to); err != nil {
			return err
		}
		if err := to.Validate(); err != nil {
			return err
		}
		if to.UID() != from.UID() {
			return &contact.ValidationError{Problems: []contact.Problem{{Path: "/uid", Message: "the uid of a contact can't be changed"}}}
		}
		card := to
		if !current.Card.Equal(from) {
			card, _ = contact.Merge(from, to, current.Card, contact.Local)
		}
		saved, err = t.edit(current, card, false, fromUser)
		return err
	})
	if err != nil {
		return Contact{}, fmt.Errorf("save contact: %w", err)
	}
	return saved.public(), nil
}

// Delete moves contacts to the trash, as one undoable action; Restore brings them back.
func (s *Store) Delete(ctx context.Context, ids ...string) error {
	if err := s.setDeleted(ctx, ids, true); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	return nil
}

func (s *Store) Restore(ctx context.Context, ids ...string) error {
	if err := s.setDeleted(ctx, ids, false); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

func (s *Store) setDeleted(ctx context.Context, ids []string, deleted bool) error {
	return s.write(ctx, func(t *tx) error {
		return t.forEachID(ctx, ids, func(current *record) error {
			_, err := t.edit(current, current.Card, deleted, fromUser)
			return err
		})
	})
}

// Contact returns one contact, deleted or not. ErrNotFound.
func (s *Store) Contact(ctx context.Context, id string) (Contact, error) {
	var r record
	found := false
	err := s.read(ctx, "SELECT "+recordColumns+" FROM contacts WHERE id = ?", func(row scanner) error {
		found = true
		return r.scan(row)
	}, id)
	if err == nil && !found {
		err = ErrNotFound
	}
	if err != nil {
		return Contact{}, fmt.Errorf("read contact %s: %w", id, err)
	}
	return r.public(), nil
}

// must is load for an id that a caller names.
func (t *tx) must(id string) (*record, error) {
	r, err := t.load(id)
	if err == nil && r == nil {
		err = fmt.Errorf("%w: %s", ErrNotFound, id)
	}
	return r, err
}

// forEachID calls fn with the record of each of the ids that a caller names.
func (t *tx) forEachID(ctx context.Context, ids []string, fn func(*record) error) error {
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := t.must(id)
		if err != nil {
			return err
		}
		if err := fn(r); err != nil {
			return err
		}
	}
	return nil
}

// edit makes an edit of this device's user: it is to be sent unless it leads back to what the server has, and it takes a contact
// that the server refused out of its corner. ErrReadOnly.
func (t *tx) edit(current *record, card contact.Card, deleted bool, origin string) (*record, error) {
	if current.Deleted == deleted && current.Card.Equal(card) {
		return current, nil
	}
	if err := t.mustWrite(current.book); err != nil {
		return nil, err
	}
	after := *current
	if current.Deleted && !deleted {
		var err error
		if card, err = t.rejoinParked(current, card); err != nil {
			return nil, err
		}
	}
	after.Version = contact.Version{Card: card, Deleted: deleted, EditedAt: t.tick()}
	switch {
	case !deleted:
		after.deletedAt = 0
	case !current.Deleted:
		after.deletedAt = t.wall()
	}
	after.rejected = ""
	after.dirty = true
	if !current.dirty && current.rev != 0 {
		agreed := current.Version
		after.base = &agreed
	}
	if err := t.endEqualConflicts(&after); err != nil {
		return nil, err
	}
	if err := t.endAnsweredReviews(&after); err != nil {
		return nil, err
	}
	if after.needless() {
		busy, err := t.inFlight(after.row)
		if err != nil {
			return nil, err
		}
		after.dirty = busy // what is under way may have changed the server already
	}
	return &after, t.put(current, &after, entry{origin: origin, at: after.EditedAt})
}

// needless says that the server need not hear of the record: it has the same, or never knew what is in the trash now.
func (r *record) needless() bool {
	if r.rev == 0 {
		return r.Deleted
	}
	return r.conflicts == 0 && same(r.Version, *r.base)
}
