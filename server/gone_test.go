package server

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"testing"

	"kith/server/store"
)

// An account that is removed between the look at its token and the look at its rights hears that it is signed out, not that it has
// lost a book: a device takes a lost book's contacts away.
func TestAnAccountThatGoesMeanwhile(t *testing.T) {
	st, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "server.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	u, err := st.AddUser(t.Context(), "ada", "unused", "Contacts")
	if err != nil {
		t.Fatal(err)
	}
	device, err := st.SignIn(t.Context(), u, "", "laptop", "token")
	if err != nil {
		t.Fatal(err)
	}
	s := New(Options{Store: st})
	ctx := context.WithValue(t.Context(), keyDevice, caller{device, "Bearer token"})
	status := func() int {
		p, ok := errors.AsType[*problem](s.fail(ctx, store.ErrNotFound))
		if !ok {
			t.Fatal("no problem")
		}
		return p.Status
	}
	if got := status(); got != http.StatusNotFound {
		t.Errorf("signed in: %d", got)
	}
	if err := st.RemoveUser(t.Context(), "ada"); err != nil {
		t.Fatal(err)
	}
	if got := status(); got != http.StatusUnauthorized {
		t.Errorf("removed: %d", got)
	}
}
