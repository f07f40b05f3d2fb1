package data

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"kith/contact"
)

// HistoryEntry is one change of one contact, newest first in History.
type HistoryEntry struct {
	ID        int64
	Time      time.Time
	Operation string // INSERT: added, or came back (then the Patch may be empty); UPDATE; DELETE: to the trash
	Origin    string // "local", "remote", "merge", "undo"
	Device    string // whose edit: a device's name, "" for this one; of another person: "eve (Phone)"
	Patch     contact.Patch
	Lost      bool // the values in Old gave way in a merge: kept here, restorable
}

// History returns everything that happened to a contact on this device, newest first. ErrNotFound.
func (s *Store) History(ctx context.Context, id string) ([]HistoryEntry, error) {
	tx, err := s.readers.BeginTx(ctx, nil) // one view of the card and of its log
	if err != nil {
		return nil, fmt.Errorf("read history of %s: %w", id, s.explain(err))
	}
	defer tx.Rollback()
	current, history, err := readHistory(ctx, tx, id)
	if err != nil {
		return nil, fmt.Errorf("read history of %s: %w", id, s.explain(err))
	}
	if last := len(history) - 1; last >= 0 {
		first, err := rewind(current.Card, history[:last])
		if err != nil {
			return nil, fmt.Errorf("read history of %s: %w", id, err)
		}
		history[last].Patch = contact.Diff(contact.Card{}, first)
	}
	return history, nil
}

// Version is a contact as it was right after an entry of its history: the changes since then are taken back from what it is now.
// ErrNotFound: there is no such contact, or no such entry.
func (s *Store) Version(ctx context.Context, id string, entry int64) (contact.Card, error) {
	tx, err := s.readers.BeginTx(ctx, nil) // one view of the card and of its log
	if err != nil {
		return contact.Card{}, fmt.Errorf("read version %d of %s: %w", entry, id, s.explain(err))
	}
	defer tx.Rollback()
	current, history, err := readHistory(ctx, tx, id)
	if err != nil {
		return contact.Card{}, fmt.Errorf("read version %d of %s: %w", entry, id, s.explain(err))
	}
	at := slices.IndexFunc(history, func(e HistoryEntry) bool { return e.ID == entry })
	if at < 0 {
		return contact.Card{}, fmt.Errorf("read version %d of %s: %w", entry, id, ErrNotFound)
	}
	card, err := rewind(current.Card, history[:at])
	if err != nil {
		return contact.Card{}, fmt.Errorf("read version %d of %s: %w", entry, id, err)
	}
	return card, nil
}

// readHistory reads a contact and its log, newest first.
func readHistory(ctx context.Context, tx *sql.Tx, id string) (current *record, history []HistoryEntry, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+recordColumns+" FROM contacts WHERE id = ?", id)
	if err == nil {
		err = drain(rows, func(row scanner) error { current = new(record); return current.scan(row) })
	}
	if err == nil && current == nil {
		err = ErrNotFound
	}
	if err == nil {
		rows, err = tx.QueryContext(ctx, logQuery, id)
	}
	if err == nil {
		err = drain(rows, func(row scanner) error {
			e, err := scanEntry(row)
			history = append(history, e)
			return err
		})
	}
	return current, history, err
}

const logQuery = "SELECT id, timestamp, operation, origin, device, lost, patch FROM change_log WHERE record_id = ? ORDER BY id DESC"

func scanEntry(row scanner) (HistoryEntry, error) {
	var e HistoryEntry
	var at int64
	var patch []byte
	err := row.Scan(&e.ID, &at, &e.Operation, &e.Origin, &e.Device, &e.Lost, &patch)
	if err == nil && patch != nil {
		err = json.Unmarshal(patch, &e.Patch)
	}
	e.Time = fromMicros(at)
	return e, err
}

// rewind takes changes, newest first, back from the card that they led to.
func rewind(card contact.Card, changes []HistoryEntry) (contact.Card, error) {
	for _, e := range changes {
		if e.Lost {
			continue // it changed nothing
		}
		before, err := e.Patch.Invert().Apply(card)
		if err != nil {
			return card, fmt.Errorf("take back log entry %d: %w", e.ID, err)
		}
		card = before
	}
	return card, nil
}
