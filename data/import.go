package data

import (
	"context"
	"fmt"

	"kith/contact"
)

// Imported says what became of cards, in contacts.
type Imported struct {
	Added     int
	Updated   int // there already, and the card had something new
	Restored  int // from the trash
	Unchanged int
}

// Total is how many cards found their contact.
func (i Imported) Total() int { return i.Added + i.Updated + i.Restored + i.Unchanged }

// Changed is how many contacts are not as they were: what Undo would take back.
func (i Imported) Changed() int { return i.Added + i.Updated + i.Restored }

// Plus is the sum of two.
func (i Imported) Plus(o Imported) Imported {
	return Imported{i.Added + o.Added, i.Updated + o.Updated, i.Restored + o.Restored, i.Unchanged + o.Unchanged}
}

// Import brings cards in, a batch at a time; all batches together are one action, which one Undo takes back. For one goroutine.
type Import struct {
	store  *Store
	book   string // "" : new contacts go where new contacts go, and those that are there stay in their books
	action int64
	strays strays // relations to contacts that may come yet; nil: not looked up
}

// BeginImport starts an import. It writes nothing yet. A card's contact is looked for in all books that can be written.
func (s *Store) BeginImport() *Import { return s.BeginImportTo("") }

// BeginImportTo starts an import to a book, as if there were no others; "" : BeginImport. Take's errors are then also ErrNoBook and
// ErrReadOnly.
func (s *Store) BeginImportTo(book string) *Import { return &Import{store: s, book: book} }

// Take stores a batch in one transaction. A card whose uid is there already is joined with the contact: what stands here stays, and
// what only the card has is added; a card that the contact has been before brings nothing, so that a file may be read twice. A
// contact in the trash comes back. refused[i] is the *contact.ValidationError of cards[i], or nil.
func (im *Import) Take(ctx context.Context, cards []contact.Card) (done Imported, refused []error, err error) {
	if im.strays == nil {
		if im.strays, err = im.store.related(ctx); err != nil {
			return Imported{}, nil, fmt.Errorf("import contacts: %w", err)
		}
	}
	missing := strays{}
	err = im.store.write(ctx, func(t *tx) error {
		t.action, t.missing = im.action, missing.add
		done, refused = Imported{}, make([]error, len(cards))
		book, err := t.bookForNew(im.book)
		if err != nil {
			return err
		}
		for i, c := range cards {
			if err := ctx.Err(); err != nil {
				return err
			}
			c, err := t.detach(c)
			if err != nil {
				return err
			}
			if refused[i] = importable(c); refused[i] != nil {
				continue
			}
			if refused[i], err = t.take(book, im.book == "", c, im.strays, &done); err != nil {
				return fmt.Errorf("%q: %w", c.DisplayName(), err)
			}
		}
		im.action = t.action
		return nil
	})
	if err != nil {
		return Imported{}, nil, fmt.Errorf("import contacts: %w", err)
	}
	for other, ends := range missing {
		im.strays.add(other, ends)
	}
	return done, refused, nil
}

func importable(c contact.Card) error {
	if c.UID() == "" {
		return &contact.ValidationError{Problems: []contact.Problem{{Path: "/uid", Message: "a card needs a uid"}}}
	}
	return c.Validate()
}

// take stores one card, or says why its contact can't take it. anywhere: its contact may be in another book. Relations to it are among waiting.
func (t *tx) take(book string, anywhere bool, c contact.Card, waiting strays, done *Imported) (refused, err error) {
	current, err := t.loadIn(book, c.UID())
	if err == nil && current == nil && anywhere {
		current, err = t.loadWhere("row_id = ("+writableWith+" LIMIT 1)", c.UID())
	}
	if err != nil {
		return nil, err
	}
	if current == nil {
		done.Added++
		added, err := t.add(book, c)
		if err == nil {
			t.await(waiting, added)
		}
		return nil, err
	}
	j, err := join(t.each, current, c)
	if err != nil || j.refused != nil {
		return j.refused, err
	}
	switch j.becomes {
	case Comes:
		done.Added++
	case Returns:
		done.Restored++
	case Grows:
		done.Updated++
	case Stays:
		done.Unchanged++
	}
	taken, err := t.edit(current, j.card, false, fromUser)
	if err == nil && current.Deleted {
		t.await(waiting, taken)
	}
	return nil, err
}

// writableWith are the contacts with a uid in the books that can be written, the one that had it first before the others.
const writableWith = `SELECT c.row_id FROM contacts c JOIN books b ON b.id = c.book AND b.role <> 'reader'
	WHERE c.row_id IN (SELECT row_id FROM contacts WHERE id = ?1 AND remote_id = '' UNION ALL SELECT row_id FROM contacts WHERE remote_id = ?1 AND remote_id <> '')
	ORDER BY c.remote_id <> ''`

// Becomes is what an import makes of a card.
type Becomes int

const (
	Comes   Becomes = iota // a new contact
	Grows                  // there already, and the card has something new
	Returns                // there already, in the trash
	Stays                  // there already, and the card has nothing new
)

// joined is a contact and a card of its uid put together.
type joined struct {
	card    contact.Card
	becomes Becomes
	kept    []contact.Conflict // fields of which the card says otherwise
	refused error              // *contact.ValidationError: together they are no contact
}

// query calls scan for every row of a query.
type query func(sql string, scan func(scanner) error, args ...any) error

// join puts a card together with its contact, as Take says.
func join(q query, current *record, c contact.Card) (joined, error) {
	known, err := hasBeen(q, current, c)
	if err != nil {
		return joined{}, err
	}
	j := joined{card: current.Card}
	if !known {
		j.card, j.kept = contact.Merge(contact.Card{}, current.Card, c.WithKeysOf(current.Card), contact.Local)
		if j.refused = j.card.Validate(); j.refused != nil {
			return j, nil
		}
	}
	switch {
	case current.Deleted:
		j.becomes = Returns
	case j.card.Equal(current.Card):
		j.becomes = Stays
	default:
		j.becomes = Grows
	}
	return j, nil
}

// hasBeen reports whether the card is what the contact is now, or what an edit that was not undone made of it on this device.
func hasBeen(q query, r *record, c contact.Card) (bool, error) {
	if r.Card.Equal(c) {
		return true, nil
	}
	var history []HistoryEntry
	err := q(logQuery, func(row scanner) error {
		e, err := scanEntry(row)
		history = append(history, e)
		return err
	}, r.id)
	if err != nil {
		return false, err
	}
	undone := map[int64]bool{}
	err = q("SELECT id FROM change_log WHERE record_id = ? AND undone = 1", func(row scanner) error {
		var id int64
		err := row.Scan(&id)
		undone[id] = true
		return err
	}, r.id)
	if err != nil {
		return false, err
	}
	card := r.Card // as the entry left it
	for i, e := range history {
		if !e.Lost && !undone[e.ID] && card.Equal(c) {
			return true, nil
		}
		if i == len(history)-1 {
			break // what began the contact has nothing before it
		}
		if card, err = rewind(card, history[i:i+1]); err != nil {
			return false, err
		}
	}
	return false, nil
}
