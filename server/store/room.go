package store

import (
	"context"
	"fmt"
	"sync"

	"github.com/uptrace/bun"
)

// counts remembers how many contacts some books held at one seq. Since each change takes a seq, a book can't have grown by more than
// its seq has: so a count is taken once in a while, and near the limit, not with each push.
type counts struct {
	mu    sync.Mutex
	books map[string]counted
}

type counted struct{ seq, contacts int64 }

// maxCounts bounds the memory; what is dropped is counted again.
const maxCounts = 10_000

// room is how many more contacts the push may add to its book, whose newest change is at seq.
func (s *Store) room(ctx context.Context, tx bun.Tx, r PushRequest, seq int64) (int64, error) {
	limit, n := int64(r.BookContacts), int64(len(r.Changes))
	if limit == 0 {
		return 1 << 40, nil // more than anybody has
	}
	if seq+n <= limit {
		return n, nil // even if nothing was ever changed twice
	}
	s.counts.mu.Lock()
	was, ok := s.counts.books[r.Book]
	s.counts.mu.Unlock()
	if ok && was.seq <= seq && was.contacts+seq-was.seq+n <= limit {
		return n, nil
	}
	have, err := tx.NewSelect().Model((*contactRow)(nil)).Where("book_id = ?", r.Book).Where("operation <> ?", Delete).Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("count contacts: %w", err)
	}
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	if s.counts.books == nil || len(s.counts.books) >= maxCounts {
		s.counts.books = map[string]counted{}
	}
	s.counts.books[r.Book] = counted{seq, int64(have)}
	return limit - int64(have), nil
}
