package syncer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kith/data"
)

// goodbye is how long a sign-out waits for the server before it forgets the session on this side alone.
const goodbye = 5 * time.Second

// SignIn checks, then saves the account, then kicks a pass. Nothing is changed by a sign-in that did not succeed. Errors:
// ErrOffline, ErrNotKith, ErrCredentials, ErrUpdateNeeded.
func (e *Engine) SignIn(ctx context.Context, r SignInRequest) error {
	before, err := e.store.Account(ctx)
	if err != nil && !errors.Is(err, data.ErrNotSignedIn) {
		return fmt.Errorf("read the account: %w", err)
	}
	a, token, err := e.connector.SignIn(ctx, r, before.DeviceID)
	if err != nil {
		return fmt.Errorf("sign in at %s: %w", r.Server, err)
	}
	err = e.exclusively(ctx, func() error {
		if err := e.secrets.SetToken(ctx, a, token); err != nil {
			return fmt.Errorf("keep the token: %w", err)
		}
		if err := e.store.SetAccount(ctx, a); err != nil {
			return fmt.Errorf("save the account: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if before != (Account{}) && (before.Server != a.Server || before.User != a.User) {
		e.endSession(ctx, before)
	}
	return nil
}

// SignOut ends the session at the server if it can, and forgets it here. Contacts and unsent edits stay.
func (e *Engine) SignOut(ctx context.Context) error {
	a, err := e.store.Account(ctx)
	if errors.Is(err, data.ErrNotSignedIn) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the account: %w", err)
	}
	if err := e.exclusively(ctx, func() error { return e.store.DropAccount(ctx) }); err != nil {
		return fmt.Errorf("drop the account: %w", err)
	}
	e.endSession(ctx, a)
	return nil
}

// endSession revokes an account's token, best effort: without the token on this machine, it is worth nothing to anyone here.
func (e *Engine) endSession(ctx context.Context, a Account) {
	ctx, cancel := context.WithTimeout(ctx, goodbye)
	defer cancel()
	if token, err := e.secrets.Token(ctx, a); err == nil {
		_ = e.connector.Open(a, token).SignOut(ctx)
	}
	_ = e.secrets.DropToken(ctx, a)
}

// exclusively changes the account while no pass of any process runs: passes of this engine are broken off, others waited for. A
// page of the old account's book can therefore never be applied to the new one's. It kicks the loop: what was broken off goes on.
func (e *Engine) exclusively(ctx context.Context, change func() error) error {
	e.mu.Lock()
	e.changes++
	for cancel := range e.passes {
		(*cancel)(errAccountChanged)
	}
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		e.changes--
		e.mu.Unlock()
		e.SyncNow()
	}()
	unlock, err := e.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if err := change(); err != nil {
		return err
	}
	e.mu.Lock()
	e.session, e.refused = nil, ""
	e.mu.Unlock()
	return nil
}
