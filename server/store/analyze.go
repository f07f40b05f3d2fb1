package store

import (
	"context"
	"errors"

	"github.com/uptrace/bun"
)

// analyzer is a backend whose planner takes a table for small until it was told otherwise.
type analyzer interface {
	analyze(ctx context.Context, db *bun.DB) error
}

// analyzeFirst is after how many changes the planner is told for the first time, and then each time that they are three times as many. The
// database does it by itself too, within a minute; but a first import fills a book in less, and until then each page of the feed
// would read and sort all that lies after it.
const analyzeFirst = 2000

// analyze tells the planner how large the tables have grown, when this process has made them grow much. Only the sender calls it.
func (h *hub) analyze(ctx context.Context) {
	a, ok := h.store.backend.(analyzer)
	if !ok || h.store.grown.Load() < h.analyzeAt || ctx.Err() != nil {
		return
	}
	h.analyzeAt *= 3
	err := a.analyze(ctx, h.store.db)
	if errors.Is(err, errUnknownHere) || ctx.Err() != nil {
		return
	}
	if err != nil {
		h.store.log.WarnContext(ctx, "tell the database's planner of its tables' sizes", "error", err)
	}
}

func (b *postgres) analyze(ctx context.Context, db *bun.DB) error {
	for _, table := range []string{"contacts", "results", "commits", "blob_refs"} {
		if _, err := db.ExecContext(ctx, "ANALYZE "+table); err != nil {
			return known(err)
		}
	}
	return nil
}
