package keychain

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"github.com/zalando/go-keyring"

	"kith/syncer"
)

// memoryRing is a keyring that works; a broken one answers everything with err, a hanging one never.
type memoryRing struct {
	secrets map[string]string
	err     error
	hang    chan struct{}
}

func (m *memoryRing) wait() error {
	if m.hang != nil {
		<-m.hang
	}
	return m.err
}

func (m *memoryRing) Get(_, user string) (string, error) {
	if err := m.wait(); err != nil {
		return "", err
	}
	if s, ok := m.secrets[user]; ok {
		return s, nil
	}
	return "", keyring.ErrNotFound
}

func (m *memoryRing) Set(_, user, password string) error {
	if err := m.wait(); err != nil {
		return err
	}
	m.secrets[user] = password
	return nil
}

func (m *memoryRing) Delete(_, user string) error {
	if err := m.wait(); err != nil {
		return err
	}
	delete(m.secrets, user)
	return nil
}

var ada = syncer.Account{Server: "https://kith.example.org", User: "ada"}

func TestKeychain(t *testing.T) {
	for _, c := range []struct {
		name string
		ring *memoryRing
		file bool // the token is kept in the file
	}{
		{"a keyring", &memoryRing{secrets: map[string]string{}}, false},
		{"no keyring", &memoryRing{err: errors.New("org.freedesktop.secrets was not provided")}, true},
		{"a keyring that waits for a prompt", &memoryRing{hang: make(chan struct{}), err: errors.New("dismissed")}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				if c.ring.hang != nil {
					c.ring.hang = make(chan struct{})
					defer close(c.ring.hang)
				}
				ctx := t.Context()
				k := New(dir)
				k.system = c.ring
				if _, err := k.Token(ctx, ada); !errors.Is(err, syncer.ErrSignIn) {
					t.Fatalf("empty: got %v, want ErrSignIn", err)
				}
				for _, token := range []string{"one", "two"} {
					if err := k.SetToken(ctx, ada, token); err != nil {
						t.Fatal(err)
					}
					if got, err := k.Token(ctx, ada); err != nil || got != token {
						t.Fatalf("got %q, %v, want %q", got, err, token)
					}
				}
				info, err := os.Stat(filepath.Join(dir, fileName))
				if c.file != (err == nil) {
					t.Fatalf("file: %v, want it %v", err, c.file)
				}
				if c.file && info.Mode().Perm() != 0o600 {
					t.Errorf("mode %v, want 0600", info.Mode())
				}
				if err := k.DropToken(ctx, ada); err != nil {
					t.Fatal(err)
				}
				if _, err := k.Token(ctx, ada); !errors.Is(err, syncer.ErrSignIn) {
					t.Fatalf("dropped: got %v, want ErrSignIn", err)
				}
				if entries, _ := os.ReadDir(dir); len(entries) != 0 {
					t.Errorf("left behind: %v", entries)
				}
			})
		})
	}
}

// A token that was put into the file while there was no keyring is found, and moves when it is next set.
func TestKeyringComesBack(t *testing.T) {
	dir := t.TempDir()
	ring := &memoryRing{err: errors.New("no service"), secrets: map[string]string{}}
	k := New(dir)
	k.system = ring
	if err := k.SetToken(t.Context(), ada, "one"); err != nil {
		t.Fatal(err)
	}
	ring.err = nil
	if got, err := k.Token(t.Context(), ada); err != nil || got != "one" {
		t.Fatalf("got %q, %v", got, err)
	}
	if err := k.SetToken(t.Context(), ada, "two"); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Token(t.Context(), ada); err != nil || got != "two" {
		t.Fatalf("got %q, %v", got, err)
	}
	if _, err := os.Stat(filepath.Join(dir, fileName)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
}

func TestDamagedFileCostsASignIn(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, fileName), []byte("{{{"), 0o600); err != nil {
		t.Fatal(err)
	}
	k := New(dir)
	k.system = &memoryRing{err: errors.New("no service")}
	if _, err := k.Token(t.Context(), ada); !errors.Is(err, syncer.ErrSignIn) {
		t.Fatalf("got %v, want ErrSignIn", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.Token(ctx, ada); !errors.Is(err, context.Canceled) && !errors.Is(err, syncer.ErrSignIn) {
		t.Fatalf("cancelled: got %v", err)
	}
}
