package data

import (
	"context"
	"errors"
	"fmt"

	"kith/contact"
)

// EditAll changes contacts by one rule, in one transaction and as one undoable action, and returns how many it changed. change gets
// each card as it is now, and returns it as it should be. Errors: ErrNotFound, *contact.ValidationError; none is changed then.
func (s *Store) EditAll(ctx context.Context, ids []string, change func(contact.Card) contact.Card) (changed int, err error) {
	err = s.write(ctx, func(t *tx) error {
		changed = 0
		return t.forEachID(ctx, ids, func(current *record) error {
			did, err := t.change(current, change)
			if did {
				changed++
			}
			return err
		})
	})
	if err != nil {
		return 0, fmt.Errorf("edit contacts: %w", err)
	}
	return changed, nil
}

func (t *tx) change(current *record, change func(contact.Card) contact.Card) (did bool, err error) {
	card := change(current.Card)
	if card.Equal(current.Card) {
		return false, nil
	}
	if err := card.Validate(); err != nil {
		return false, fmt.Errorf("%q: %w", current.Card.DisplayName(), err)
	}
	_, err = t.edit(current, card, current.Deleted, fromUser)
	return true, err
}

// RenameLabel gives a label another name on every contact that has it, also on those in the trash, as one undoable action; a name
// that is there already joins the two. "" takes the label off. It returns on how many contacts it was. In books that can't be changed the
// label stays; ErrReadOnly: it is in no other.
func (s *Store) RenameLabel(ctx context.Context, from, to string) (changed int, err error) {
	err = s.write(ctx, func(t *tx) error {
		changed = 0
		writable, fixed := 0, 0
		err := t.forEachRow(ctx, `SELECT contact FROM labels WHERE label = ? UNION
			SELECT c.row_id FROM contacts c, json_each(c.card, '$.keywords') k WHERE c.deleted_at <> 0 AND k.key = ?`, func(current *record) error {
			if err := t.mustWrite(current.book); err != nil {
				fixed++
				if errors.Is(err, ErrReadOnly) {
					return nil
				}
				return err
			}
			writable++
			did, err := t.change(current, func(c contact.Card) contact.Card {
				if c = c.WithLabel(from, false); to != "" {
					c = c.WithLabel(to, true)
				}
				return c
			})
			if did && !current.Deleted {
				changed++
			}
			return err
		}, from, from)
		if err == nil && writable == 0 && fixed > 0 {
			err = ErrReadOnly
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("rename label %q: %w", from, err)
	}
	return changed, nil
}
