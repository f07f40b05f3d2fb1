package store

import (
	"testing"
	"time"
)

// TestOnlyTheBookIsWoken: who takes members out of a book, or gives them another role, wakes those who wait for it, and nobody else.
func TestOnlyTheBookIsWoken(t *testing.T) {
	ctx := t.Context()
	s, err := Open(ctx, "sqlite:"+t.TempDir()+"/server.db", Options{PollInterval: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	waiters := map[string]*Waiter{}
	var books []string
	for _, user := range []string{"ada", "bob"} {
		u, err := s.AddUser(ctx, user, "hash", "Contacts")
		if err != nil {
			t.Fatal(err)
		}
		own, err := s.Books(ctx, u.ID)
		if err != nil {
			t.Fatal(err)
		}
		books = append(books, own[0].ID)
		waiters[own[0].ID] = s.Wait(own[0].ID)
		defer waiters[own[0].ID].Close()
	}
	woken := func(book string) bool {
		select {
		case <-waiters[book].C:
			return true
		default:
			return false
		}
	}
	if err := s.AddMember(ctx, books[0], "bob", Writer); err != nil {
		t.Fatal(err)
	}
	bob, err := s.User(ctx, "bob")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SetRole(ctx, "", books[0], bob.ID, Reader); err != nil || !woken(books[0]) || woken(books[1]) {
		t.Errorf("another role: not woken, or others were, %v", err)
	}
	if err := s.RemoveMember(ctx, "", books[0], bob.ID); err != nil || !woken(books[0]) || woken(books[1]) {
		t.Errorf("a removed member: not woken, or others were, %v", err)
	}

	// Another process, which hears of it by looking: each room once, since it has not seen its members before; then only those that have others.
	if err := s.hub.look(ctx); err != nil || !woken(books[0]) || !woken(books[1]) {
		t.Errorf("the first look: %v", err)
	}
	if err := s.hub.look(ctx); err != nil || woken(books[0]) || woken(books[1]) {
		t.Errorf("a look at nothing new: %v", err)
	}
	if err := s.AddMember(ctx, books[1], "ada", Writer); err != nil {
		t.Fatal(err)
	}
	ada, err := s.User(ctx, "ada")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.hub.look(ctx); err != nil {
		t.Fatal(err)
	}
	woken(books[1])
	if err := s.SetRole(ctx, "", books[1], ada.ID, Reader); err != nil || !woken(books[1]) {
		t.Fatal(err)
	}
	if err := s.hub.look(ctx); err != nil || woken(books[0]) || !woken(books[1]) {
		t.Errorf("a look after another role: %v", err)
	}
	for range 2 { // out and in again between two looks, too
		if err := s.RemoveMember(ctx, "", books[1], ada.ID); err != nil || !woken(books[1]) {
			t.Fatal(err)
		}
		if err := s.AddMember(ctx, books[1], "ada", Writer); err != nil {
			t.Fatal(err)
		}
		if err := s.hub.look(ctx); err != nil || woken(books[0]) || !woken(books[1]) {
			t.Errorf("a look after a removal: %v", err)
		}
	}
}
