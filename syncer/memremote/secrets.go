package memremote

import (
	"context"
	"sync"

	"kith/syncer"
)

// Secrets keeps tokens in memory. Safe for concurrent use; the zero value is empty.
type Secrets struct {
	mu     sync.Mutex
	tokens map[string]string
}

func key(a syncer.Account) string { return a.Server + "\x00" + a.User }

func (s *Secrets) Token(_ context.Context, a syncer.Account) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t, ok := s.tokens[key(a)]; ok {
		return t, nil
	}
	return "", syncer.ErrSignIn
}

func (s *Secrets) SetToken(_ context.Context, a syncer.Account, token string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens == nil {
		s.tokens = map[string]string{}
	}
	s.tokens[key(a)] = token
	return nil
}

func (s *Secrets) DropToken(_ context.Context, a syncer.Account) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tokens, key(a))
	return nil
}
