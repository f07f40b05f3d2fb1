package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kith/server/store"
	"kith/server/store/storetest"
)

// patience is how long a test waits for what must come; it is only ever used up by a failure.
const patience = 30 * time.Second

func woken(t testing.TB, w *store.Waiter) bool {
	t.Helper()
	select {
	case <-w.C:
		return true
	case <-time.After(patience):
		return false
	}
}

func testWait(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	a, b := f.device("a"), f.device("b")
	a.pull()
	other, err := f.AddBook(t.Context(), store.NewBook{Owner: f.user.ID, Name: "Other"})
	if err != nil {
		t.Fatal(err)
	}
	ofA, ofB, elsewhere := f.Wait(f.book), f.Wait(f.book), f.Wait(other.ID)
	defer ofA.Close()
	defer ofB.Close()
	defer elsewhere.Close()
	a.must(edit("x", 0, "one"))
	if !woken(t, ofB) {
		t.Fatal("a push woke nobody")
	}
	// A poll hears of its own device's push, too: it may stand on another machine, with a copy of the profile.
	if !woken(t, ofA) {
		t.Fatal("a push did not wake its own device")
	}
	b.must(edit("y", 0, "one"))
	if !woken(t, ofA) {
		t.Fatal("another's push woke nobody")
	}
	if err := f.Revoke(t.Context(), "", a.id); err != nil {
		t.Fatal(err)
	}
	if !woken(t, ofA) {
		t.Fatal("a revocation woke nobody")
	}
}

// testWaitElsewhere: two processes on one database.
func testWaitElsewhere(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	a := f.device("a")
	a.must(edit("x", 0, "one"))
	second := open(t, f.dsn, f.clock)
	w := second.Wait(f.book)
	defer w.Close()
	until := func(what string, seen func() bool) {
		t.Helper()
		for !seen() {
			if !woken(t, w) {
				t.Fatalf("the other process was not woken by %s", what)
			}
		}
	}
	follower := f.device("b")
	follower.s = second
	follower.pull()
	for i := range 3 {
		a.must(edit(fmt.Sprintf("y%d", i), 0, "one"))
		until("a push", func() bool { return len(follower.pull()) == 1 })
	}
	token := unique("token")
	d, err := f.SignIn(t.Context(), f.user, "", "c", token)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Revoke(t.Context(), "", d.ID); err != nil {
		t.Fatal(err)
	}
	until("a revocation", func() bool {
		_, err := second.Authenticate(t.Context(), token)
		return err != nil
	})
}

// testNeverSkips: many write at once, through two processes, while readers follow; each must see every contact, in order.
func testNeverSkips(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	const writers, rounds, batch = 6, 12, 3
	second := open(t, f.dsn, f.clock)
	done := make(chan struct{})
	var write, read sync.WaitGroup
	for i := range writers {
		d := f.device(fmt.Sprintf("w%d", i))
		if i%2 == 1 {
			d.s = second
		}
		write.Go(func() {
			for r := range rounds {
				var changes []store.Push
				for k := range batch {
					changes = append(changes, edit(fmt.Sprintf("w%d-%d-%d", i, r, k), 0, "one"))
				}
				for _, res := range d.push(changes...) {
					if res.Status != store.Applied {
						t.Errorf("push: %+v", res)
					}
				}
			}
		})
	}
	readers := make([]*device, 3)
	for i := range readers {
		r := f.device(fmt.Sprintf("r%d", i))
		if i == 0 {
			r.s = second
		}
		readers[i] = r
		read.Go(func() {
			for last := false; ; {
				select {
				case <-done:
					last = true
				default:
				}
				p, err := r.page(7)
				if err != nil {
					t.Errorf("pull: %v", err)
					return
				}
				if last && !p.More {
					return
				}
			}
		})
	}
	write.Wait()
	close(done)
	read.Wait()
	for _, r := range readers {
		if len(r.has) != writers*rounds*batch || len(r.seen) != len(r.has) {
			t.Errorf("a reader saw %d contacts in %d changes, want %d of each", len(r.has), len(r.seen), writers*rounds*batch)
		}
		for i := 1; i < len(r.seen); i++ {
			if r.seen[i].Rev <= r.seen[i-1].Rev {
				t.Fatalf("rev %d came after %d", r.seen[i].Rev, r.seen[i-1].Rev)
			}
		}
	}
}

// TestPostgresTells: with a poll that never comes, the database's own notifications wake the other node.
func TestPostgresTells(t *testing.T) {
	f := setUp(t, storetest.Postgres)
	second, err := store.Open(t.Context(), f.dsn, store.Options{Now: f.clock.Now, PollInterval: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	a := f.device("a")
	a.pull()
	ofA, ofB := second.Wait(f.book), second.Wait(f.book)
	defer ofA.Close()
	defer ofB.Close()
	if !woken(t, ofA) || !woken(t, ofB) { // from now on it listens
		t.Fatal("the node does not listen")
	}
	a.must(edit("x", 0, "one"))
	if !woken(t, ofB) {
		t.Fatal("a push at the other node woke nobody")
	}
	if !woken(t, ofA) {
		t.Fatal("a push at the other node did not wake its own device")
	}
	if err := f.Revoke(t.Context(), "", a.id); err != nil {
		t.Fatal(err)
	}
	if !woken(t, ofA) {
		t.Error("a revocation at the other node woke nobody")
	}
}

func TestOpenEnds(t *testing.T) {
	c := newClock()
	s, err := store.Open(context.Background(), storetest.SQLite(t), store.Options{Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	w := s.Wait("book")
	defer w.Close()
	if err := s.Close(); err != nil {
		t.Errorf("close while somebody waits: %v", err)
	}
}

// TestShared: those who are woken together may share a page, but never one from before their news, nor one for another place.
func TestShared(t *testing.T) {
	f := setUp(t, storetest.SQLite)
	a := f.device("a")
	a.pull()
	start := store.FeedQuery{Book: f.book, Since: a.cursor, Limit: 10}
	waiters := []*store.Waiter{f.Wait(f.book), f.Wait(f.book), f.Wait(f.book)}
	for _, w := range waiters {
		defer w.Close()
		if p, err := w.First(t.Context(), start); err != nil || len(p.Changes) != 0 {
			t.Fatalf("first look: %v, %v", changeIDs(p.Changes), err)
		}
	}
	var want []string
	for i := range 4 {
		id := fmt.Sprint("x", i)
		a.must(edit(id, 0, "one"))
		want = append(want, id)
		behind, moved := start, start
		moved.Since = a.cursor
		for _, w := range waiters {
			if !woken(t, w) {
				t.Fatal("a push woke nobody")
			}
			if p, err := w.Again(t.Context(), behind); err != nil || !slices.Equal(changeIDs(p.Changes), want) {
				t.Errorf("after %d pushes: %v, %v", i+1, changeIDs(p.Changes), err)
			}
		}
		if p, err := waiters[0].Again(t.Context(), moved); err != nil || len(p.Changes) != 0 {
			t.Errorf("from the end: %v, %v", changeIDs(p.Changes), err)
		}
	}
}
