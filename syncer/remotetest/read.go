package remotetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"kith/syncer"
)

func testPages(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	a.applied(inserts(25)...)
	seen := map[string]bool{}
	left := 25
	for pages := 1; ; pages++ {
		p := b.page(10)
		if p.Total != left {
			t.Errorf("page %d: total %d, want %d", pages, p.Total, left)
		}
		for _, c := range p.Changes {
			if seen[c.ID] {
				t.Errorf("%s came twice", c.ID)
			}
			seen[c.ID] = true
		}
		left -= len(p.Changes)
		if !p.More {
			break
		}
		if pages > 5 {
			t.Fatal("the pages do not end")
		}
	}
	if len(seen) != 25 {
		t.Errorf("saw %d contacts, want 25", len(seen))
	}
}

func testResume(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	a.applied(inserts(30)...)
	b.page(7)
	half := b.cursor
	first := b.page(7)
	b.cursor = half // what was pulled after it was lost
	second := b.page(7)
	if fmt.Sprint(ids(first.Changes)) != fmt.Sprint(ids(second.Changes)) {
		t.Errorf("the same cursor brought %v, then %v", ids(first.Changes), ids(second.Changes))
	}
	if rest := b.pull(); len(rest) != 30-14 {
		t.Errorf("the rest is %d contacts, want 16", len(rest))
	}
}

func ids(changes []syncer.Change) (ids []string) {
	for _, c := range changes {
		ids = append(ids, c.ID)
	}
	return ids
}

func testWalkSeesChanges(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	revs := a.applied(inserts(20)...)
	state := map[string]syncer.Change{}
	take := func(changes []syncer.Change) {
		for _, c := range changes {
			state[c.ID] = c
		}
	}
	take(b.page(10).Changes)
	a.applied(update("c0", "new 0", revs[0]), update("c19", "new 19", revs[19]), remove("c1", revs[1]), remove("c18", revs[18]), insert("c20", "C20"))
	take(b.pull())
	live := 0
	for _, c := range state {
		if !c.Deleted {
			live++
		}
	}
	if live != 19 {
		t.Errorf("%d live contacts, want 19", live)
	}
	if state["c0"].Card.FullName() != "new 0" || state["c19"].Card.FullName() != "new 19" {
		t.Errorf("got %q and %q", state["c0"].Card.FullName(), state["c19"].Card.FullName())
	}
	if c, ok := state["c1"]; ok && !c.Deleted {
		t.Error("c1 is alive")
	}
	if c, ok := state["c18"]; ok && !c.Deleted {
		t.Error("c18 is alive")
	}
	wantOnly(t, b.pull())
}

func testWalkWithoutTombstones(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	revs := a.applied(insert("x", "X"), insert("y", "Y"))
	a.applied(remove("x", revs[0]))
	wantOnly(t, b.pull(), "y")
}

func testCursorStays(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	a.pull()
	b.pull()
	b.applied(insert("x", "X"))
	a.applied(insert("y", "Y")) // x lies between a's cursor and this push
	found := false
	for _, c := range a.pull() {
		found = found || c.ID == "x"
	}
	if !found {
		t.Error("the push moved the cursor past a change of another device")
	}
	wantOnly(t, b.pull(), "y")
}

func testPoll(t *testing.T, r Rig) {
	a, b := r.device(t, "a"), r.device(t, "b")
	a.pull()
	b.pull()
	type reply struct {
		page syncer.Page
		err  error
	}
	answered := make(chan reply, 1)
	go func() {
		p, err := b.remote.Changes(t.Context(), b.book, b.cursor, 10, 20*time.Second)
		answered <- reply{p, err}
	}()
	a.applied(insert("x", "X"))
	select {
	case got := <-answered:
		if got.err != nil || len(got.page.Changes) != 1 || got.page.Changes[0].ID != "x" || got.page.Cursor == b.cursor {
			t.Errorf("got %+v", got)
		}
	case <-time.After(10 * time.Second):
		t.Error("a change did not end the poll")
	}

	// It can be given up.
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		p, err := a.remote.Changes(ctx, a.book, a.cursor, 10, 20*time.Second)
		answered <- reply{p, err}
	}()
	cancel()
	if got := <-answered; !errors.Is(got.err, context.Canceled) {
		t.Errorf("given up: got %v, want context.Canceled", got.err)
	}
}

func testPollEmpty(t *testing.T, r Rig) {
	a := r.device(t, "a")
	a.pull()
	began := time.Now()
	p, err := a.remote.Changes(t.Context(), a.book, a.cursor, 10, time.Second)
	if err != nil || len(p.Changes) > 0 || p.More || p.Cursor != a.cursor {
		t.Errorf("got %+v, %v; want nothing, and the cursor where it was (%q)", p, err, a.cursor)
	}
	if took := time.Since(began); took < 900*time.Millisecond {
		t.Errorf("it answered after %v, and was asked to wait 1 s", took)
	}
}

// A profile that was copied to another machine is two clients with one token: what the one pushes is news to the other.
func testCopiedProfile(t *testing.T, r Rig) {
	a := r.device(t, "a")
	a.pull()
	twin := *a
	brought := make(chan []syncer.Change, 1)
	go func() {
		p, err := twin.remote.Changes(t.Context(), twin.book, twin.cursor, 10, 20*time.Second)
		if err != nil {
			t.Errorf("poll: %v", err)
		}
		twin.cursor = p.Cursor
		brought <- p.Changes
	}()
	a.applied(insert("x", "X"))
	a.applied(insert("y", "Y"))
	seen := <-brought
	wantOnly(t, append(seen, twin.pull()...), "x", "y")
}

// A remote that was put back to an older state says so to every device that saw a later one, also when it has moved on since.
func testRestored(t *testing.T, r Rig) {
	a, b, fresh := r.device(t, "a"), r.device(t, "b"), r.device(t, "c")
	a.pull()
	revs := a.applied(inserts(3)...)
	b.pull()
	old := b.cursor
	restore := r.Backup()
	a.applied(update("c0", "lost", revs[0]), insert("lost", "Lost"))
	restore()

	check := func(when string) {
		t.Helper()
		if _, err := a.remote.Changes(t.Context(), a.book, a.cursor, 10, 0); !errors.Is(err, syncer.ErrCursorUnknown) {
			t.Errorf("%s: changes: got %v, want ErrCursorUnknown", when, err)
		}
		if _, err := a.remote.Changes(t.Context(), a.book, a.cursor, 10, time.Second); !errors.Is(err, syncer.ErrCursorUnknown) {
			t.Errorf("%s: poll: got %v, want ErrCursorUnknown", when, err)
		}
		if _, err := a.remote.Push(t.Context(), a.book, a.cursor, []syncer.Outgoing{insert("never", "N")}); !errors.Is(err, syncer.ErrCursorUnknown) {
			t.Errorf("%s: push: got %v, want ErrCursorUnknown", when, err)
		}
	}
	check("just restored")
	b.cursor = old
	wantOnly(t, b.pull()) // it never saw what was lost
	b.applied(insert("p", "P"), insert("q", "Q"), insert("r", "R"))
	check("moved on")
	wantOnly(t, fresh.pull(), "c0", "c1", "c2", "p", "q", "r")
}

func testCompacted(t *testing.T, r Rig) {
	a, b, fresh := r.device(t, "a"), r.device(t, "b"), r.device(t, "c")
	a.pull()
	revs := a.applied(inserts(3)...)
	b.pull()
	a.applied(remove("c1", revs[1]))
	r.Compact()
	if _, err := b.remote.Changes(t.Context(), b.book, b.cursor, 10, 0); !errors.Is(err, syncer.ErrCursorExpired) {
		t.Errorf("a cursor from before the tombstone: got %v, want ErrCursorExpired", err)
	}
	wantOnly(t, a.pull()) // this one is newer than all that was forgotten
	wantOnly(t, fresh.pull(), "c0", "c2")
	if res := b.push(update("c1", "back", revs[1])); res[0].Status != syncer.Conflict || res[0].Current != nil {
		t.Errorf("an edit of a contact that is forgotten: %+v", res[0])
	}
}
