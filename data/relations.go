package data

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kith/contact"
)

// relate writes what an edit of a contact's relations means for the others into them, in the edit's own transaction, so that one undo
// takes both back: a child has a parent, a spouse a spouse. What the other says of its own accord is not overwritten.
func (t *tx) relate(before contact.Card, after *record) error {
	was, is := before.Relations(), after.Card.Relations()
	if slices.Equal(was, is) {
		return nil
	}
	for _, r := range was {
		now := slices.IndexFunc(is, func(n contact.Relation) bool { return n.Key == r.Key })
		if now >= 0 && is[now].Kind == r.Kind {
			continue
		}
		err := t.editOther(r.Key, after, func(c contact.Card) contact.Card {
			for _, o := range c.Relations() {
				if o.Key == after.uid() && o.Kind == r.Inverse() {
					return c.WithoutRelation(after.uid())
				}
			}
			return c
		})
		if err != nil {
			return err
		}
	}
	for _, r := range is {
		if slices.ContainsFunc(was, func(w contact.Relation) bool { return w.Key == r.Key && w.Kind == r.Kind }) {
			continue
		}
		err := t.editOther(r.Key, after, func(c contact.Card) contact.Card {
			if slices.ContainsFunc(c.Relations(), func(o contact.Relation) bool { return o.Key == after.uid() }) {
				return c
			}
			return c.WithRelation(contact.Relation{Key: after.uid(), Name: after.Card.DisplayName(), Kind: r.Inverse()})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// editOther changes the other end of a relation, if it is a contact of the same book, outside the trash, that can hold the change. Of what
// stands in one book, another is not told: other people may read it.
func (t *tx) editOther(uid string, one *record, change func(contact.Card) contact.Card) error {
	if uid == one.uid() {
		return nil
	}
	other, err := t.loadIn(one.book, uid)
	if err != nil || other == nil || other.Deleted {
		return err
	}
	card := change(other.Card)
	if card.Equal(other.Card) || card.Validate() != nil {
		return nil
	}
	if _, err := t.edit(other, card, false, fromUser); err != nil {
		return fmt.Errorf("relate %s to %s: %w", uid, one.uid(), err)
	}
	return nil
}

// Names returns what the contacts outside the trash with these ids are called now.
func (s *Store) Names(ctx context.Context, ids []string) (map[string]string, error) {
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	asked, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	err = s.read(ctx, "SELECT id, name FROM contacts WHERE deleted_at = 0 AND id IN (SELECT value FROM json_each(?))", func(row scanner) error {
		var id, name string
		err := row.Scan(&id, &name)
		names[id] = name
		return err
	}, string(asked))
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	return names, nil
}
