package data

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// A contact has an id on this device, by which everything here speaks of it, and one in its book, by which the server and the cards of
// other contacts do (its uid). They differ only where the same uid stands in two books: the book that it came to second has the odd one.

// uid is the contact's id in its book.
func (r *record) uid() string {
	if r.remote != "" {
		return r.remote
	}
	return r.id
}

// uidColumn is uid, of a contact c.
const uidColumn = `iif(c.remote_id = '', c.id, c.remote_id)`

// rowOf is the row of the contact with a uid in a book, as an expression of two others; NULL: there is none.
func rowOf(book, uid string) string {
	return `coalesce((SELECT n.row_id FROM contacts n WHERE n.id = ` + uid + ` AND n.book = ` + book + ` AND n.remote_id = ''),
		(SELECT n.row_id FROM contacts n WHERE n.book = ` + book + ` AND n.remote_id = ` + uid + ` AND n.remote_id <> ''))`
}

// contactOfAside is the row of the contact that a row a of aside is about.
var contactOfAside = rowOf("a.book", "a.id")

// loadIn returns the record of a uid in a book, or nil if there is none.
func (t *tx) loadIn(book, uid string) (*record, error) {
	r, err := t.load(uid)
	if err != nil || r != nil && r.book == book && r.remote == "" {
		return r, err
	}
	if odd, err := t.anyOdd(); err != nil || !odd {
		return nil, err
	}
	return t.loadWhere("book = ? AND remote_id = ? AND remote_id <> ''", book, uid)
}

// rowIn is the row of the contact with a uid in a book, 0 if there is none. It does not look into the card.
func (t *tx) rowIn(book, uid string) (row int64, err error) {
	err = t.row("SELECT coalesce("+rowOf("?1", "?2")+", 0)", book, uid).Scan(&row)
	return row, err
}

// anyOdd reports whether the ids of any contact differ.
func (t *tx) anyOdd() (bool, error) {
	if t.odd == nil { // almost always none does, and a page has many changes
		t.odd = new(bool)
		if err := t.row("SELECT EXISTS (SELECT 1 FROM contacts WHERE remote_id <> '')").Scan(t.odd); err != nil {
			return false, err
		}
	}
	return *t.odd, nil
}

// name gives a new record its ids: the uid, which its book has not got yet, and one for this device. That is the uid if no other book
// has it; else one that follows from the two, so that it is the same again should the contact go and come back.
func (t *tx) name(r *record, uid string) error {
	space := uuid.NewSHA1(uuid.NameSpaceOID, []byte("kith book "+r.book))
	for _, id := range []string{uid, uuid.NewSHA1(space, []byte(uid)).String(), uuid.NewString()} {
		err := t.row("SELECT 1 FROM contacts WHERE id = ?", id).Scan(new(int))
		if errors.Is(err, sql.ErrNoRows) {
			if r.id = id; id != uid {
				r.remote, t.odd = uid, nil
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("find an id for contact %s of book %s: all are taken", uid, r.book)
}
