package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// CheckNews sends itself a message through the database, as nodes do to wake each other; nil: it came. ErrUnsupported: this kind of
// database carries none, and nodes look for themselves.
func (s *Store) CheckNews(ctx context.Context) error {
	an, ok := s.backend.(announcer)
	if !ok {
		return ErrUnsupported
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	payload, err := json.Marshal(announcement{Node: newID()})
	if err != nil {
		return err
	}
	came := false
	var sent error
	err = an.listen(ctx, func() {
		if sent = an.announce(ctx, s.db, string(payload)); sent != nil {
			cancel()
		}
	}, func(got string) {
		if got == string(payload) {
			came = true
			cancel()
		}
	})
	switch {
	case came:
		return nil
	case errors.Is(sent, errUnknownHere), errors.Is(err, errUnknownHere):
		return ErrUnsupported
	case sent != nil:
		return sent
	case ctx.Err() != nil:
		return errors.New("a message to itself did not come within 10 s")
	}
	return err
}
