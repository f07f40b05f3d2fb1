package data

import (
	"context"
	"fmt"
)

// Waiting says what a book holds back from the server, in contacts.
type Waiting struct {
	Newest    int64 // id of the newest edit by the user that is not parked or refused, or that is in flight; 0: none. Only an edit can raise it
	Sendable  int   // would be taken by TakePush, or are in flight
	Conflicts int   // have fields that wait for the user
	Rejected  int   // were refused by the server, and not edited since
	Held      int   // are deletions that the guard holds
	Blocked   int   // are edits of contacts whose newest version at the server can't be read here (SetAside)
}

// Waiting counts what is unsynced in a book; "" : in all. The syncer starts a pass when Newest has risen, so its own writes never start one.
func (s *Store) Waiting(ctx context.Context, book string) (Waiting, error) {
	var w Waiting
	err := s.read(ctx, `SELECT coalesce(max(last_edit) FILTER (WHERE conflicts = 0 AND rejected = ''), 0),
		count(*) FILTER (WHERE conflicts = 0 AND rejected = ''), count(*) FILTER (WHERE conflicts > 0), count(*) FILTER (WHERE rejected <> ''),
		(SELECT count(*) FROM `+deletionsOut+` WHERE d.allowed = 0 AND (?1 = '' OR c.book = ?1) AND NOT EXISTS (SELECT 1 FROM aside a WHERE a.book = c.book AND a.id = `+uidColumn+` AND a.rev <> 0)),
		(SELECT count(*) FROM aside a CROSS JOIN contacts c ON c.row_id = `+contactOfAside+` WHERE a.rev <> 0 AND (?1 = '' OR c.book = ?1) AND c.pending <> 0 AND c.conflicts = 0 AND c.rejected = '')
		FROM contacts WHERE pending <> 0 AND (?1 = '' OR book = ?1)`, func(row scanner) error {
		err := row.Scan(&w.Newest, &w.Sendable, &w.Conflicts, &w.Rejected, &w.Held, &w.Blocked)
		w.Sendable -= w.Held + w.Blocked
		return err
	}, book)
	if err != nil {
		return Waiting{}, fmt.Errorf("count what waits in book %s: %w", book, err)
	}
	return w, nil
}
