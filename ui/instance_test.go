package ui

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"kith/data"
)

func TestOneWindowPerProfile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	first, err := Claim(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	called := make(chan struct{}, 1)
	first.Listen(func() { called <- struct{}{} })
	if _, err := Claim(t.Context(), dir); !errors.Is(err, data.ErrInUse) {
		t.Fatalf("second window: %v, want ErrInUse", err)
	}
	<-called // the first one was asked to come forward
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	again, err := Claim(t.Context(), dir)
	if err != nil {
		t.Fatalf("after the first was closed: %v", err)
	}
	again.Listen(func() {})
	if err := again.Release(); err != nil {
		t.Fatal(err)
	}
}

func TestClaimOfAFolderThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Claim(t.Context(), filepath.Join(file, "profile")); !errors.Is(err, data.ErrNotWritable) {
		t.Errorf("got %v, want ErrNotWritable", err)
	}
}
