package data

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"kith/contact"
)

// Foreseen is what an import would make of one card.
type Foreseen struct {
	Becomes Becomes
	Name    string // of the contact as it is here, or of the card
	Repeats bool   // the card's contact stands earlier in the same import: the two are joined
	Adds    []contact.Edit
	Keeps   []contact.Conflict // fields of which the card says otherwise: Local stays
	Refused error              // *contact.ValidationError; nothing else is set then but the name
}

// Preview says what an import would do, and writes nothing. It holds a few bytes per new card, and nothing of the book. For one
// goroutine.
type Preview struct {
	store *Store
	book  string                // "" : see BeginImport
	new   map[[16]byte][16]byte // of the cards that come: their uid, their content
}

func (s *Store) BeginPreview() *Preview { return s.BeginPreviewTo("") }

// BeginPreviewTo is a preview of BeginImportTo.
func (s *Store) BeginPreviewTo(book string) *Preview {
	return &Preview{store: s, book: book, new: map[[16]byte][16]byte{}}
}

// Look says of each card of a batch what Take would make of it, if the batches before were taken and nobody else edits meanwhile.
// Of a card that repeats one of the same import, and differs, it does not tell apart whether it brings something: Becomes is Grows.
func (p *Preview) Look(ctx context.Context, cards []contact.Card) ([]Foreseen, error) {
	seen, err := p.look(ctx, cards)
	if err != nil {
		return nil, fmt.Errorf("preview import: %w", p.store.explain(err))
	}
	return seen, nil
}

func (p *Preview) look(ctx context.Context, cards []contact.Card) ([]Foreseen, error) {
	tx, err := p.store.readers.BeginTx(ctx, nil) // one view of the contacts and of their histories
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	q := func(sql string, scan func(scanner) error, args ...any) error {
		rows, err := tx.QueryContext(ctx, sql, args...)
		if err != nil {
			return err
		}
		return drain(rows, scan)
	}
	there, err := recordsOf(q, p.book, cards)
	if err != nil {
		return nil, err
	}
	seen := make([]Foreseen, len(cards))
	for i, c := range cards {
		if seen[i], err = p.foresee(q, there, c); err != nil {
			return nil, fmt.Errorf("%q: %w", c.DisplayName(), err)
		}
	}
	return seen, nil
}

// recordsOf reads the contacts of the cards' uids: in a book, or ("") wherever Take looks for them.
func recordsOf(q query, book string, cards []contact.Card) (map[string]*record, error) {
	ids := make([]string, len(cards))
	for i, c := range cards {
		ids[i] = c.UID()
	}
	asked, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	fixed, first := map[string]bool{}, cmp.Or(book, DefaultBook)
	err = q("SELECT b.id, b.role, b.id = coalesce((SELECT value FROM settings WHERE key = ?), '') FROM books b", func(row scanner) error {
		var id, role string
		var chosen bool
		err := row.Scan(&id, &role, &chosen)
		if fixed[id] = role == RoleReader; chosen && book == "" && !fixed[id] {
			first = id
		}
		return err
	}, settingNewBook)
	if err != nil {
		return nil, err
	}
	there := map[string]*record{}
	err = q("SELECT "+recordColumns+` FROM contacts WHERE id IN (SELECT value FROM json_each(?1)) AND remote_id = ''
		OR remote_id IN (SELECT value FROM json_each(?1)) AND remote_id <> ''`, func(row scanner) error {
		r := new(record)
		err := r.scan(row)
		before := there[r.uid()]
		if r.book == first || book == "" && !fixed[r.book] && (before == nil || before.book != first && before.remote != "") {
			there[r.uid()] = r
		}
		return err
	}, string(asked))
	return there, err
}

func (p *Preview) foresee(q query, there map[string]*record, c contact.Card) (Foreseen, error) {
	f := Foreseen{Name: c.DisplayName()}
	c, err := withoutBlobs(c)
	if err != nil {
		return f, err
	}
	if f.Refused = importable(c); f.Refused != nil {
		return f, nil
	}
	current := there[c.UID()]
	if current == nil {
		uid, content := short([]byte(c.UID())), short(c.JSON())
		before, repeats := p.new[uid]
		switch {
		case !repeats:
			p.new[uid] = content
		case before == content:
			f.Repeats, f.Becomes = true, Stays
		default:
			f.Repeats, f.Becomes = true, Grows
		}
		return f, nil
	}
	j, err := join(q, current, c)
	if err != nil {
		return f, err
	}
	f.Name, f.Becomes, f.Refused = current.Card.DisplayName(), j.becomes, j.refused
	if f.Refused == nil {
		f.Adds, f.Keeps = contact.Diff(current.Card, j.card), j.kept
	}
	return f, nil
}

// withoutBlobs is the card as detach leaves it; nothing is kept.
func withoutBlobs(c contact.Card) (contact.Card, error) {
	if c.InlineBytes() < largeInline {
		return c, nil
	}
	return c.DetachBlobs(func(contact.Blob) error { return nil })
}

// short is a hash that two different texts of one import do not have in common.
func short(b []byte) [16]byte {
	sum := sha256.Sum256(b)
	return [16]byte(sum[:16])
}
