package syncer

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// lock waits for the profile's sync lock, which keeps passes of several processes (the window, kithctl) and a change of account
// apart, and returns its release.
func (e *Engine) lock(ctx context.Context) (func(), error) {
	f := flock.New(filepath.Join(e.store.Dir(), "sync.lock"))
	if _, err := f.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return nil, fmt.Errorf("lock the profile for a sync: %w", err)
	}
	return func() { _ = f.Close() }, nil // the lock ends with its file
}
