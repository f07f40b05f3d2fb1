package server

import (
	"sync"
	"time"
)

// SignInLimits bound failed sign-ins: a bucket for each account and one for each address. A right password gives back what it took.
type SignInLimits struct {
	Account, Address           int           // failures at once
	AccountEvery, AddressEvery time.Duration // and one more each
}

// DefaultSignInLimits let a person mistype, and a guesser wait.
var DefaultSignInLimits = SignInLimits{Account: 10, AccountEvery: 30 * time.Second, Address: 50, AddressEvery: 5 * time.Second}

// attempts counts sign-ins. A bucket is a time: the moment at which all failures are paid for.
type attempts struct {
	limits  SignInLimits
	now     func() time.Time
	mu      sync.Mutex
	buckets map[string]time.Time
	sweep   time.Time
}

func newAttempts(l SignInLimits, now func() time.Time) *attempts {
	return &attempts{limits: l, now: now, buckets: map[string]time.Time{}}
}

// begin takes one attempt from both buckets; wait > 0: one of them is empty for that long, and nothing was taken. A sign-in that
// was right, or was not decided, is given back with undo.
func (a *attempts) begin(account, address string) (undo func(), wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	a.forget(now)
	keys := [2]string{"account " + account, "address " + address}
	every := [2]time.Duration{a.limits.AccountEvery, a.limits.AddressEvery}
	burst := [2]int{a.limits.Account, a.limits.Address}
	for i, key := range keys {
		paid := later(a.buckets[key], now).Add(every[i])
		wait = max(wait, paid.Sub(now)-time.Duration(burst[i])*every[i])
	}
	if wait > 0 {
		return nil, wait
	}
	for i, key := range keys {
		a.buckets[key] = later(a.buckets[key], now).Add(every[i])
	}
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		for i, key := range keys {
			a.buckets[key] = a.buckets[key].Add(-every[i])
		}
	}, 0
}

// forget drops full buckets now and then, so that memory follows the attempts of the last minutes only.
func (a *attempts) forget(now time.Time) {
	if now.Before(a.sweep) {
		return
	}
	a.sweep = now.Add(time.Minute)
	for key, paid := range a.buckets {
		if !paid.After(now) {
			delete(a.buckets, key)
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
