package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"
)

// Bucket bounds how often something may be tried: Burst times at once, and once more each Every. What the database holds of it is
// one time: the moment at which all attempts are paid for. So every node on the database counts the same.
type Bucket struct {
	Name  string // kept as its hash: it may be an address, or whatever somebody typed as a name
	Every time.Duration
	Burst int
}

type attemptRow struct {
	bun.BaseModel `bun:"table:attempts"`
	Bucket        string `bun:"bucket,pk"`
	Paid          int64  `bun:"paid"`
}

func (b Bucket) key() string {
	sum := sha256.Sum256([]byte(b.Name))
	return hex.EncodeToString(sum[:])
}

// wait is how long the bucket stays empty for one more attempt.
func (b Bucket) wait(paid, now int64) time.Duration {
	every := b.Every.Microseconds()
	if paid > b.latest(now) {
		paid = now
	}
	return time.Duration(max(0, max(paid, now)+every-now-int64(b.Burst)*every)) * time.Microsecond
}

// latest is the latest that a bucket can be paid for. What stands further ahead is from before the clock was set back (twice
// the most that attempts can owe, since nodes' clocks differ), and must not lock everybody out until that time comes again.
func (b Bucket) latest(now int64) int64 { return now + 2*int64(b.Burst)*b.Every.Microseconds() }

// errTaken : others emptied the bucket, or it was forgotten, since it was looked at.
var errTaken = errors.New("the bucket is another one now")

// Take takes one attempt from each bucket, or from none: then it returns how long one of them is empty. Whoever is made to wait
// costs the database a read and no write.
func (s *Store) Take(ctx context.Context, buckets ...Bucket) (wait time.Duration, err error) {
	for range 8 {
		now := s.nowMicro()
		paid, err := s.paid(ctx, buckets)
		if err != nil {
			return 0, fmt.Errorf("read attempts: %w", err)
		}
		for _, b := range buckets {
			wait = max(wait, b.wait(paid[b.key()], now))
		}
		if wait > 0 {
			return wait, nil
		}
		err = s.write(ctx, func(ctx context.Context, tx bun.Tx) error { return takeAll(ctx, tx, buckets, paid, now) })
		if err == nil {
			return 0, nil
		}
		if !errors.Is(err, errTaken) && !s.backend.duplicate(err) {
			return 0, fmt.Errorf("note an attempt: %w", err)
		}
	}
	return time.Second, nil // so many at once that none gets through: each may try again
}

func (s *Store) paid(ctx context.Context, buckets []Bucket) (map[string]int64, error) {
	keys := make([]string, len(buckets))
	for i, b := range buckets {
		keys[i] = b.key()
	}
	var rows []attemptRow
	if err := s.reads.NewSelect().Model(&rows).Where("bucket IN (?)", bun.List(keys)).Scan(ctx); err != nil {
		return nil, err
	}
	out := make(map[string]int64, len(rows))
	for _, r := range rows {
		out[r.Bucket] = r.Paid
	}
	return out, nil
}

func takeAll(ctx context.Context, tx bun.Tx, buckets []Bucket, known map[string]int64, now int64) error {
	for _, b := range buckets {
		key, every := b.key(), b.Every.Microseconds()
		if _, ok := known[key]; !ok {
			if _, err := tx.NewInsert().Model(&attemptRow{Bucket: key, Paid: now + every}).Exec(ctx); err != nil {
				return err
			}
			continue
		}
		// The row's lock puts those who come at once in a line; the last condition lets only as many through as the bucket holds.
		r, err := tx.NewUpdate().Model((*attemptRow)(nil)).Set("paid = CASE WHEN paid > ? AND paid <= ? THEN paid + ? ELSE ? END", now, b.latest(now), every, now+every).
			Where("bucket = ?", key).Where("(paid <= ? OR paid > ?)", now+int64(b.Burst-1)*every, b.latest(now)).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, errTaken)
		}
	}
	return nil
}

// GiveBack undoes a Take: the attempt was a right one, or was not decided.
func (s *Store) GiveBack(ctx context.Context, buckets ...Bucket) error {
	err := s.write(ctx, func(ctx context.Context, tx bun.Tx) error {
		for _, b := range buckets {
			_, err := tx.NewUpdate().Model((*attemptRow)(nil)).Set("paid = paid - ?", b.Every.Microseconds()).Where("bucket = ?", b.key()).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("give an attempt back: %w", err)
	}
	return nil
}

// ForgetAttempts removes the buckets that are full again: there is nothing to remember of them.
func (s *Store) ForgetAttempts(ctx context.Context) error {
	if _, err := s.db.NewDelete().Model((*attemptRow)(nil)).Where("paid < ?", s.nowMicro()).Exec(ctx); err != nil {
		return fmt.Errorf("forget attempts: %w", err)
	}
	return nil
}
