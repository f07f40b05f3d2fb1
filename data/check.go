package data

import (
	"context"
	"errors"
	"fmt"

	"kith/contact"
)

// Check reads everything and says what is wrong; nil: sound. It looks at the file itself, at what the tables promise each other,
// and at every card.
func (s *Store) Check(ctx context.Context) error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	for _, pragma := range []string{"integrity_check", "foreign_key_check"} {
		err := s.read(ctx, "SELECT * FROM pragma_"+pragma, func(row scanner) error {
			var what string
			if pragma == "foreign_key_check" {
				var rowid, parent, key any
				if err := row.Scan(&what, &rowid, &parent, &key); err != nil {
					return err
				}
				fault("table %s: row %v points to no row of %v", what, rowid, parent)
				return nil
			}
			if err := row.Scan(&what); err != nil {
				return err
			}
			if what != "ok" {
				fault("file: %s", what)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("check database: %w", err)
		}
	}
	for _, p := range promises {
		err := s.read(ctx, p.breach, func(row scanner) error {
			var id string
			err := row.Scan(&id)
			fault("contact %s: %s", id, p.fault)
			return err
		})
		if err != nil {
			return fmt.Errorf("check whether %q: %w", p.fault, err)
		}
	}
	if err := s.checkCards(ctx, fault); err != nil {
		return fmt.Errorf("check cards: %w", err)
	}
	if len(faults) > 0 {
		return fmt.Errorf("check database: %w", errors.Join(faults...))
	}
	return nil
}

// promises are what the tables promise each other. Each query names the contacts that break one.
var promises = []struct{ fault, breach string }{
	{"pending is not its oldest unsynced log entry", `SELECT c.id FROM contacts c WHERE c.pending <>
		coalesce((SELECT min(l.id) FROM change_log l WHERE l.record_id = c.id AND l.synced = 0), 0)`},
	{"last_edit is not its newest edit", `SELECT c.id FROM contacts c WHERE c.last_edit <>
		coalesce((SELECT max(l.id) FROM change_log l WHERE l.record_id = c.id AND l.origin IN ('local', 'undo')), 0)`},
	{"it has no log entry", `SELECT id FROM contacts c WHERE NOT EXISTS (SELECT 1 FROM change_log l WHERE l.record_id = c.id AND l.lost = 0)`},
	{"a log entry is of no contact", `SELECT record_id FROM change_log WHERE record_id NOT IN (SELECT id FROM contacts)`},
	{"it has a base, or lacks one, against its state", `SELECT c.id FROM contacts c
		WHERE (c.pending <> 0 AND c.rev <> 0) <> EXISTS (SELECT 1 FROM base b WHERE b.contact = c.row_id)`},
	{"it is clean and not in the trash, yet the server never had it", `SELECT id FROM contacts WHERE pending = 0 AND rev = 0 AND deleted_at = 0`},
	{"it is in flight without an unsynced edit, or parked, or refused", `SELECT c.id FROM contacts c JOIN outbox o ON o.contact = c.row_id
		WHERE c.pending = 0 OR c.conflicts > 0 OR c.rejected <> ''`},
	{"conflicts is not the number of its conflicts", `SELECT c.id FROM contacts c
		WHERE c.conflicts <> (SELECT count(*) FROM conflicts w WHERE w.contact = c.row_id)`},
	{"fields wait, yet it has no base", `SELECT c.id FROM contacts c
		WHERE c.conflicts > 0 AND NOT EXISTS (SELECT 1 FROM base b WHERE b.contact = c.row_id)`},
	{"it was refused, yet nothing is unsynced", `SELECT id FROM contacts WHERE rejected <> '' AND pending = 0`},
	{"it is not in the search index", `SELECT id FROM contacts WHERE row_id NOT IN (SELECT rowid FROM search)`},
	{"the search index knows it, and there is none", `SELECT rowid FROM search WHERE rowid NOT IN (SELECT row_id FROM contacts)`},
}

// checkCards parses every card, and compares it with what the list shows of it.
func (s *Store) checkCards(ctx context.Context, fault func(string, ...any)) error {
	query := "SELECT c.id, c.card, c.name, c.sort_key, c.section, c.subtitle, c.starred, b.card FROM contacts c LEFT JOIN base b ON b.contact = c.row_id"
	return s.read(ctx, query, func(row scanner) error {
		var id, name, section, subtitle string
		var text, key, base []byte
		var starred bool
		if err := row.Scan(&id, &text, &name, &key, &section, &subtitle, &starred, &base); err != nil {
			return err
		}
		card, err := contact.Parse(text)
		if err != nil {
			fault("contact %s: card: %w", id, err)
			return nil
		}
		if base != nil {
			if _, err := contact.Parse(base); err != nil {
				fault("contact %s: base: %w", id, err)
			}
		}
		want := card.DisplayName()
		if name != want || string(key) != string(contact.SortKey(want)) || section != contact.Section(want) ||
			subtitle != card.Subtitle() || starred != card.Starred() {
			fault("contact %s: the list shows it as %q, not as %q", id, name, want)
		}
		return nil
	})
}
