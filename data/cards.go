package data

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// Contacts returns a page of contacts, in the order asked; ids that are gone are left out.
func (s *Store) Contacts(ctx context.Context, rows []RowID) ([]Contact, error) {
	asked, err := json.Marshal(rows)
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	place := make(map[RowID]int, len(rows))
	for i, id := range rows {
		place[id] = i
	}
	page := make([]Contact, 0, len(rows))
	err = s.read(ctx, "SELECT "+recordColumns+" FROM contacts WHERE row_id IN (SELECT value FROM json_each(?))", func(row scanner) error {
		var r record
		err := r.scan(row)
		page = append(page, r.public())
		return err
	}, string(asked))
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	slices.SortFunc(page, func(a, b Contact) int { return place[a.Row] - place[b.Row] })
	return page, nil
}
