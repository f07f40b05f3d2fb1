package data

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"kith/contact"
)

// relating is a contact of which a person's write changed the relations: as it was before the transaction, and as it is now.
type relating struct {
	before contact.Card
	after  *record
}

// noteRelations remembers that a contact's relations changed, for relate. Few writes change any.
func (t *tx) noteRelations(before, after *record) {
	r := t.relating[after.row]
	if r == nil {
		var was contact.Card
		if before != nil {
			was = before.Card
		}
		if slices.Equal(was.Relations(), after.Card.Relations()) {
			return
		}
		if t.relating == nil {
			t.relating = map[int64]*relating{}
		}
		r = &relating{before: was}
		t.relating[after.row] = r
		t.relatingRows = append(t.relatingRows, after.row)
	}
	r.after = after
}

// uidIn is the name by which the contacts of a book speak of one of them.
type uidIn struct{ book, uid string }

// otherEnd is what a changed relation means for the contact at its other end.
type otherEnd struct {
	of   uidIn            // whose relation it is
	was  string           // what of was to the other end, as that one sees it; "" : nothing, or it still is
	is   contact.Relation // what it is now
	gone bool             // of has no such relation any more
}

// relate writes what a person's edits of relations mean for the others into them, in the edits' own transaction, so that one undo
// takes all of it back: a child has a parent, a spouse a spouse. What the other says of its own accord is not overwritten. It runs once
// all of the transaction is written, and so does not care in which order two contacts that name each other came.
func (t *tx) relate() error {
	if len(t.relatingRows) == 0 && len(t.awaited) == 0 {
		return nil
	}
	var others []uidIn // in the order of the writes
	ends := map[uidIn][]otherEnd{}
	note := func(other uidIn, e otherEnd) {
		if ends[other] == nil {
			others = append(others, other)
		}
		ends[other] = append(ends[other], e)
	}
	for _, row := range t.relatingRows {
		r := t.relating[row]
		if r.after.Deleted {
			continue
		}
		of := uidIn{r.after.book, r.after.uid()}
		was, is := r.before.Relations(), r.after.Card.Relations()
		for _, w := range was {
			now := slices.IndexFunc(is, func(n contact.Relation) bool { return n.Key == w.Key })
			if now < 0 || is[now].Kind != w.Kind {
				note(uidIn{of.book, w.Key}, otherEnd{of: of, was: w.Inverse(), gone: true})
			}
		}
		for _, n := range is {
			if !slices.ContainsFunc(was, func(w contact.Relation) bool { return w.Key == n.Key && w.Kind == n.Kind }) {
				note(uidIn{of.book, n.Key}, inverseEnd(of, r.after.Card, n))
			}
		}
	}
	for _, met := range t.awaited {
		for _, e := range met.ends {
			note(met.other, e)
		}
	}
	t.relating, t.relatingRows, t.awaited = nil, nil, nil
	for _, other := range others {
		if err := t.relateOther(other, ends[other]); err != nil {
			return err
		}
	}
	t.relating, t.relatingRows = nil, nil // what was written into the other ends agrees with these
	return nil
}

// inverseEnd is what a contact's relation is to the other end.
func inverseEnd(of uidIn, card contact.Card, r contact.Relation) otherEnd {
	return otherEnd{of: of, is: contact.Relation{Key: of.uid, Name: card.DisplayName(), Kind: r.Inverse()}}
}

// relateOther changes the other end of relations, if it is a contact of the same book, outside the trash, that can hold the change. Of what
// stands in one book, another is not told: other people may read it.
func (t *tx) relateOther(other uidIn, ends []otherEnd) error {
	r, err := t.loadIn(other.book, other.uid)
	if err != nil {
		return err
	}
	if r == nil && t.missing != nil {
		t.missing(other, ends)
	}
	if r == nil || r.Deleted {
		return nil
	}
	card := r.Card
	for _, e := range ends {
		if e.of == other {
			continue
		}
		said := slices.IndexFunc(card.Relations(), func(o contact.Relation) bool { return o.Key == e.of.uid })
		switch {
		case e.gone && said >= 0 && card.Relations()[said].Kind == e.was:
			card = card.WithoutRelation(e.of.uid)
		case !e.gone && said < 0:
			card = card.WithRelation(e.is)
		}
	}
	if card.Equal(r.Card) || card.Validate() != nil {
		return nil
	}
	_, err = t.edit(r, card, false, fromUser)
	if err != nil && !errors.Is(err, ErrReadOnly) {
		return fmt.Errorf("relate %s to %s: %w", other.uid, ends[0].of.uid, err)
	}
	return nil
}

// awaited are other ends that were missing until now.
type awaited struct {
	other uidIn
	ends  []otherEnd
}

// strays are relations to contacts that are not there (yet), by whom they are to.
type strays map[uidIn][]otherEnd

func (s strays) add(other uidIn, ends []otherEnd) {
	for _, e := range ends {
		if !e.gone {
			s[other] = append(s[other], e)
		}
	}
}

// await lets relate look again at the relations to a contact that has come.
func (t *tx) await(s strays, r *record) {
	if other := (uidIn{r.book, r.uid()}); s[other] != nil {
		t.awaited = append(t.awaited, awaited{other, s[other]})
	}
}

// related reads which relations there are in the books, by whom they are to. Few contacts have any, and no index says which: this
// reads all contacts once.
func (s *Store) related(ctx context.Context) (strays, error) {
	found := strays{}
	err := s.read(ctx, `SELECT c.book, `+uidColumn+`, c.card FROM contacts c WHERE c.deleted_at = 0 AND instr(c.card, '"relatedTo":{') > 0`,
		func(row scanner) error {
			var of uidIn
			var text []byte
			if err := row.Scan(&of.book, &of.uid, &text); err != nil {
				return err
			}
			card, err := contact.Parse(text)
			if err != nil {
				return err
			}
			for _, r := range card.Relations() {
				found.add(uidIn{of.book, r.Key}, []otherEnd{inverseEnd(of, card, r)})
			}
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("read relations: %w", err)
	}
	return found, nil
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
