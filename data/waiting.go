package data

import (
	"context"
	"fmt"
)

// Waiting says what a book holds back from the server, in contacts.
type Waiting struct {
	Newest    int64 // id of the newest edit by the user that TakePush would send, or that is in flight; 0: none. Only an edit can raise it
	Sendable  int   // would be taken by TakePush, or are in flight
	Conflicts int   // have fields that wait for the user
	Rejected  int   // were refused by the server, and not edited since
}

// Waiting counts what is unsynced. The syncer starts a pass when Newest has risen, so its own writes never start one.
func (s *Store) Waiting(ctx context.Context, book string) (Waiting, error) {
	var w Waiting
	err := s.read(ctx, `SELECT coalesce(max(last_edit) FILTER (WHERE conflicts = 0 AND rejected = ''), 0),
		count(*) FILTER (WHERE conflicts = 0 AND rejected = ''), count(*) FILTER (WHERE conflicts > 0), count(*) FILTER (WHERE rejected <> '')
		FROM contacts WHERE pending <> 0 AND book = ?`, func(row scanner) error {
		return row.Scan(&w.Newest, &w.Sendable, &w.Conflicts, &w.Rejected)
	}, book)
	if err != nil {
		return Waiting{}, fmt.Errorf("count what waits in book %s: %w", book, err)
	}
	return w, nil
}
