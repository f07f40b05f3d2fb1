package data

import (
	"context"
	"errors"
	"fmt"

	"kith/contact"
	"kith/contact/locale"
)

const collatePage = 500 // contacts whose keys are made at a time

var errCollatesAnother = errors.New("another order is being made")

// Collation is the name of the order that lists follow (see locale.CollationName); chosen says whether anybody has chosen it.
func (s *Store) Collation(ctx context.Context) (name string, chosen bool, err error) {
	err = s.read(ctx, "SELECT collation FROM state", func(row scanner) error { return row.Scan(&name) })
	if err != nil {
		return "", false, fmt.Errorf("read the order of names: %w", err)
	}
	if name == "" {
		return locale.CollationName(""), false, nil
	}
	return name, true, nil
}

// Collate makes lists follow the order of a locale, such as "sv_SE.UTF-8", for this and every later process, and returns when they do. The
// order belongs to the profile: the window sets it when it starts and when its language changes, and other programs follow.
//
// New keys are made beside the old ones, and take their place in one transaction, so that no list is ever ordered half and half, and a reader
// never waits. What was made when ctx ends, or the process, is there for the next call. progress, which may be nil, hears how far it is.
func (s *Store) Collate(ctx context.Context, forLocale string, progress func(done, total int)) error {
	name := locale.CollationName(forLocale)
	begun, err := s.beginCollation(ctx, name)
	if err == nil && begun {
		err = s.makeKeys(ctx, locale.Collate(name), progress)
	}
	if errors.Is(err, errCollatesAnother) {
		return nil // a later choice
	}
	if err != nil {
		return fmt.Errorf("order names for %s: %w", name, s.explain(err))
	}
	return nil
}

// beginCollation says whether there is anything to do, and notes what.
func (s *Store) beginCollation(ctx context.Context, name string) (begun bool, err error) {
	var now, making string
	err = s.read(ctx, "SELECT collation, collating FROM state", func(row scanner) error { return row.Scan(&now, &making) })
	if err != nil || now == name && making == "" {
		return false, err
	}
	err = s.writer.transact(ctx, func(t *tx) error { // quietly: nothing that shows has changed
		if err := t.row("SELECT collation, collating FROM state").Scan(&now, &making); err != nil {
			return err
		}
		if making != name {
			if _, err := t.exec("DELETE FROM collated"); err != nil {
				return err
			}
		}
		if name == now || now == "" && name == locale.CollationName("") { // the keys are there
			_, err := t.exec("UPDATE state SET collation = ?, collating = ''", name)
			return err
		}
		begun = true
		_, err := t.exec("UPDATE state SET collating = ?", name)
		return err
	})
	return begun, err
}

// Contacts without new keys: a page of them, and, where they are few, all.
const (
	unkeyedColumns = "SELECT row_id, card, sort_key, section, family_key, family_section FROM contacts WHERE "
	unkeyedPage    = unkeyedColumns + "row_id > ? AND row_id NOT IN (SELECT row_id FROM collated) ORDER BY row_id LIMIT ?"
	unkeyed        = unkeyedColumns + "row_id IN (SELECT row_id FROM contacts EXCEPT SELECT row_id FROM collated)"
)

func (s *Store) makeKeys(ctx context.Context, order *locale.Collation, progress func(done, total int)) error {
	var done, total int
	err := s.read(ctx, "SELECT (SELECT count(*) FROM collated), (SELECT count(*) FROM contacts)", func(row scanner) error { return row.Scan(&done, &total) })
	if err != nil {
		return err
	}
	for after := int64(0); ; {
		var page []keyedRow
		err := s.read(ctx, unkeyedPage, func(row scanner) (err error) {
			page, err = appendKeys(page, row, order)
			return err
		}, after, collatePage)
		if err != nil {
			return err
		}
		if err := s.putKeys(ctx, order, page); err != nil {
			return err
		}
		if done += len(page); progress != nil {
			progress(min(done, total), total)
		}
		if len(page) < collatePage {
			return s.takeKeys(ctx, order)
		}
		after = page[len(page)-1].row
	}
}

// keyedRow is a contact's keys, and the card that they were made from.
type keyedRow struct {
	row     int64
	card    string
	keys    orderKeys
	differs bool // from those in force
}

func appendKeys(page []keyedRow, row scanner, order *locale.Collation) ([]keyedRow, error) {
	var k keyedRow
	var now orderKeys
	if err := row.Scan(&k.row, &k.card, &now.key, &now.section, &now.familyKey, &now.familySection); err != nil {
		return nil, err
	}
	card, err := contact.Parse([]byte(k.card))
	if err != nil {
		return nil, fmt.Errorf("row %d: %w", k.row, err)
	}
	k.keys = keysOf(card, order)
	if k.differs = !k.keys.equal(now); !k.differs {
		k.keys = orderKeys{key: []byte{}, familyKey: []byte{}} // nobody will need them
	}
	return append(page, k), nil
}

// putKeys keeps a page of keys, save of cards that were changed meanwhile.
func (s *Store) putKeys(ctx context.Context, order *locale.Collation, page []keyedRow) error {
	return s.writer.transact(ctx, func(t *tx) error { // quietly: nothing that shows has changed
		if err := t.collates(order); err != nil {
			return err
		}
		return t.insertKeys(page)
	})
}

func (t *tx) insertKeys(page []keyedRow) error {
	for _, k := range page {
		_, err := t.exec(`INSERT OR REPLACE INTO collated (row_id, sort_key, section, family_key, family_section, differs)
			SELECT row_id, ?, ?, ?, ?, ? FROM contacts WHERE row_id = ? AND card = ?`,
			k.keys.key, k.keys.section, k.keys.familyKey, k.keys.familySection, k.differs, k.row, k.card)
		if err != nil {
			return err
		}
	}
	return nil
}

// collates fails if another order has been chosen meanwhile.
func (t *tx) collates(order *locale.Collation) error {
	var making string
	if err := t.row("SELECT collating FROM state").Scan(&making); err != nil {
		return err
	}
	if making != order.Name() {
		return errCollatesAnother
	}
	return nil
}

// takeKeys puts the new keys into force, with those of what was written since. Most names have the same keys in many languages: what does
// not differ is not written.
func (s *Store) takeKeys(ctx context.Context, order *locale.Collation) error {
	return s.write(ctx, func(t *tx) error {
		if err := t.collates(order); err != nil {
			return err
		}
		var late []keyedRow
		err := t.each(unkeyed, func(row scanner) (err error) {
			late, err = appendKeys(late, row, order)
			return err
		})
		if err != nil {
			return err
		}
		if err := t.insertKeys(late); err != nil {
			return err
		}
		for _, statement := range []string{
			`UPDATE contacts SET sort_key = k.sort_key, section = k.section, family_key = k.family_key, family_section = k.family_section
				FROM collated k WHERE k.differs = 1 AND k.row_id = contacts.row_id`,
			"DELETE FROM collated",
			"UPDATE state SET collation = collating, collating = ''",
		} {
			if _, err := t.exec(statement); err != nil {
				return err
			}
		}
		t.state.listVersion++
		return nil
	})
}

// collation is the order that this transaction writes keys of.
func (t *tx) collation() (*locale.Collation, error) {
	if t.order == nil {
		var name string
		if err := t.row("SELECT collation FROM state").Scan(&name); err != nil {
			return nil, fmt.Errorf("read the order of names: %w", err)
		}
		t.order = locale.Collate(name)
	}
	return t.order, nil
}
