package data

import (
	"context"
	"fmt"

	"kith/contact"
)

// Setting and SetSetting hold what the user chose (interval, theme, window size), as strings; "" : not set.
func (s *Store) Setting(ctx context.Context, key string) (string, error) {
	value := ""
	err := s.read(ctx, "SELECT value FROM settings WHERE key = ?", func(row scanner) error { return row.Scan(&value) }, key)
	if err != nil {
		return "", fmt.Errorf("read setting %s: %w", key, err)
	}
	return value, nil
}

func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	err := s.write(ctx, func(t *tx) error {
		query, args := "INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", []any{key, value}
		if value == "" {
			query, args = "DELETE FROM settings WHERE key = ?", args[:1]
		}
		_, err := t.exec(query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("write setting %s: %w", key, err)
	}
	return nil
}

// Draft is an edit that was begun and not saved. ID "" : a new contact. From is the card that the edit began from; Book is the one that was
// chosen to save into, "" : none was.
type Draft struct {
	ID, Book string
	From, To contact.Card
}

// Draft returns the one draft, if there is one.
func (s *Store) Draft(ctx context.Context) (Draft, bool, error) {
	var d Draft
	found := false
	err := s.read(ctx, "SELECT id, book, from_card, to_card FROM draft", func(row scanner) error {
		found = true
		var from, to []byte
		err := row.Scan(&d.ID, &d.Book, &from, &to)
		if err == nil && from != nil {
			d.From, err = contact.Parse(from)
		}
		if err == nil {
			d.To, err = contact.Parse(to)
		}
		return err
	})
	if err != nil {
		return Draft{}, false, fmt.Errorf("read draft: %w", err)
	}
	return d, found, nil
}

// SetDraft replaces the draft. Watchers do not hear of drafts: they are nobody else's.
func (s *Store) SetDraft(ctx context.Context, d Draft) error {
	err := s.writer.transact(ctx, func(t *tx) error {
		_, err := t.exec("INSERT OR REPLACE INTO draft (one, id, book, from_card, to_card) VALUES (1, ?, ?, ?, ?)", d.ID, d.Book, cardText(d.From), string(d.To.JSON()))
		return err
	})
	if err != nil {
		return fmt.Errorf("write draft: %w", err)
	}
	return nil
}

func (s *Store) DropDraft(ctx context.Context) error {
	err := s.writer.transact(ctx, func(t *tx) error {
		_, err := t.exec("DELETE FROM draft")
		return err
	})
	if err != nil {
		return fmt.Errorf("drop draft: %w", err)
	}
	return nil
}
