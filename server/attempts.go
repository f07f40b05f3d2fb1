package server

import (
	"context"
	"time"

	"kith/server/store"
)

// SignInLimits bound failed sign-ins, and separately wrong codes of invitations: a bucket for each account and one for each address. A right password gives back what it took.
type SignInLimits struct {
	Account, Address           int           // failures at once
	AccountEvery, AddressEvery time.Duration // and one more each
}

// DefaultSignInLimits let a person mistype, and a guesser wait.
var DefaultSignInLimits = SignInLimits{Account: 10, AccountEvery: 30 * time.Second, Address: 50, AddressEvery: 5 * time.Second}

// attempts counts sign-ins, in the database: all nodes together allow no more than one would.
type attempts struct {
	limits SignInLimits
	store  *store.Store
}

// begin takes one attempt from both buckets; wait > 0: one of them is empty for that long, and nothing was taken. A sign-in that
// was right, or was not decided, is given back with undo.
func (a *attempts) begin(ctx context.Context, account, address string) (undo func() error, wait time.Duration, err error) {
	return a.take(ctx, "account "+account, "address "+address)
}

// beginCode is begin for the code of an invitation: whoever guesses those must not lock anybody out of signing in.
func (a *attempts) beginCode(ctx context.Context, account, address string) (undo func() error, wait time.Duration, err error) {
	return a.take(ctx, "code account "+account, "code address "+address)
}

func (a *attempts) take(ctx context.Context, account, address string) (undo func() error, wait time.Duration, err error) {
	buckets := []store.Bucket{
		{Name: account, Every: a.limits.AccountEvery, Burst: a.limits.Account},
		{Name: address, Every: a.limits.AddressEvery, Burst: a.limits.Address},
	}
	if wait, err = a.store.Take(ctx, buckets...); err != nil || wait > 0 {
		return nil, wait, err
	}
	return func() error { return a.store.GiveBack(context.WithoutCancel(ctx), buckets...) }, 0, nil
}
