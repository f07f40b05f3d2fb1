// Package keychain keeps the tokens of signed-in devices: in the system's keyring, and where there is none in a file of the
// profile that only its owner can read.
package keychain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/zalando/go-keyring"

	"kith/syncer"
)

const (
	service  = "Kith"
	fileName = "credentials"
	patience = 3 * time.Second  // a keyring may put up a prompt that nobody sees
	lasting  = 10 * time.Minute // how long a keyring that did not answer is left alone
)

// Keychain is the syncer.Secrets of one profile. Safe for concurrent use.
type Keychain struct {
	dir string

	mu     sync.Mutex // guards the file and dead
	dead   time.Time  // when the keyring last gave no answer; zero: it works, as far as is known
	system ring
}

// ring is the system's keyring, or a test's.
type ring interface {
	Get(service, user string) (string, error)
	Set(service, user, password string) error
	Delete(service, user string) error
}

type systemRing struct{}

func (systemRing) Get(service, user string) (string, error) { return keyring.Get(service, user) }
func (systemRing) Set(service, user, password string) error {
	return keyring.Set(service, user, password)
}
func (systemRing) Delete(service, user string) error { return keyring.Delete(service, user) }

// New returns the secrets of the profile in dir.
func New(dir string) *Keychain { return &Keychain{dir: dir, system: systemRing{}} }

// entry names an account in the keyring. The profile stands in it: two profiles of one account are two devices.
func (k *Keychain) entry(a syncer.Account) string {
	dir, err := filepath.Abs(k.dir)
	if err != nil {
		dir = k.dir
	}
	return a.User + " at " + a.Server + " (" + dir + ")"
}

// Token returns the account's token; syncer.ErrSignIn if there is none. The file is asked first: what stands in it was put there
// because the keyring did not take it.
func (k *Keychain) Token(ctx context.Context, a syncer.Account) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	tokens, err := k.read()
	if err != nil {
		return "", err
	}
	if t, ok := tokens[key(a)]; ok {
		return t, nil
	}
	var token string
	err = k.ask(ctx, func() (err error) { token, err = k.system.Get(service, k.entry(a)); return err })
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil {
		return "", fmt.Errorf("%w: no token is kept for %s", syncer.ErrSignIn, a.User)
	}
	return token, nil
}

// SetToken keeps the token, in place of the one before.
func (k *Keychain) SetToken(ctx context.Context, a syncer.Account, token string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	tokens, err := k.read()
	if err != nil {
		return err
	}
	err = k.ask(ctx, func() error { return k.system.Set(service, k.entry(a), token) })
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		if _, ok := tokens[key(a)]; !ok {
			return nil
		}
		delete(tokens, key(a)) // an older one, from when there was no keyring
	default:
		tokens[key(a)] = token
	}
	return k.write(tokens)
}

// DropToken forgets the token, wherever it is.
func (k *Keychain) DropToken(ctx context.Context, a syncer.Account) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	tokens, err := k.read()
	if err != nil {
		return err
	}
	_ = k.ask(ctx, func() error { return k.system.Delete(service, k.entry(a)) }) // most often: not found there
	if _, ok := tokens[key(a)]; !ok {
		return nil
	}
	delete(tokens, key(a))
	return k.write(tokens)
}

var errNoAnswer = errors.New("the system's keyring does not answer")

// ask calls the keyring and gives up waiting after a while; the call itself can't be broken off and ends by itself.
func (k *Keychain) ask(ctx context.Context, f func() error) error {
	if !k.dead.IsZero() && time.Since(k.dead) < lasting {
		return errNoAnswer
	}
	done := make(chan error, 1)
	go func() { done <- f() }()
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		k.dead = time.Now()
		return errNoAnswer
	}
}

func key(a syncer.Account) string { return a.User + " at " + a.Server }

func (k *Keychain) file() string { return filepath.Join(k.dir, fileName) }

func (k *Keychain) read() (map[string]string, error) {
	tokens := map[string]string{}
	b, err := os.ReadFile(k.file())
	if errors.Is(err, fs.ErrNotExist) {
		return tokens, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the credentials: %w", err)
	}
	if err := json.Unmarshal(b, &tokens); err != nil {
		return map[string]string{}, nil // a damaged file costs a sign-in, and nothing else
	}
	return tokens, nil
}

// write replaces the file in one step: a program that is killed leaves the old one or the new one.
func (k *Keychain) write(tokens map[string]string) error {
	if len(tokens) == 0 {
		if err := os.Remove(k.file()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the credentials: %w", err)
		}
		return nil
	}
	b, err := json.Marshal(tokens)
	if err != nil {
		return fmt.Errorf("encode the credentials: %w", err)
	}
	f, err := os.CreateTemp(k.dir, fileName+"-*") // 0600 by itself
	if err != nil {
		return fmt.Errorf("write the credentials: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), k.file())
	}
	if err != nil {
		return fmt.Errorf("write the credentials: %w", err)
	}
	return nil
}
