package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kith/server/store"
	"kith/server/store/storetest"
)

const day = 24 * time.Hour

func (f *fixture) compact() store.Compacted {
	f.t.Helper()
	c, err := f.Compact(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	return c
}

func testCompaction(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	a := f.device("a")
	never := f.device("never synced")
	never.pull()
	revs := a.fill(6)
	before, middle, walking := f.device("before"), f.device("middle"), f.device("walking")
	before.pull()
	if _, err := walking.page(2); err != nil {
		t.Fatal(err)
	}
	a.must(remove("c00", revs[0]))
	f.clock.add(day)
	middle.pull()
	a.must(edit("c01", revs[1], "two"))
	f.clock.add(100 * day)
	young := a.must(remove("c02", revs[2]))
	f.clock.add(78*day + 12*time.Hour)
	if c := f.compact(); c.Tombstones != 0 {
		t.Fatalf("at 179.5 days: %+v", c)
	}
	before.pull()
	f.agree(before, a)
	back := before.cursor
	f.clock.add(day)
	if c := f.compact(); c.Tombstones != 1 {
		t.Fatalf("at 180.5 days: %+v, want one tombstone", c)
	}
	if c := f.compact(); c.Tombstones != 0 {
		t.Errorf("a second time: %+v", c)
	}
	for name, d := range map[string]*device{"a walk from before the deletion": walking, "a cursor of the empty book": never} {
		if name == "a cursor of the empty book" { // it never had the contact: there is nothing that it missed
			if _, err := d.page(10); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if _, err := d.page(10); !errors.Is(err, store.ErrCursorExpired) {
			t.Errorf("%s: %v, want ErrCursorExpired", name, err)
		}
		// Its push is conditional and of the same history: it is taken, without a cursor.
		an, err := f.Push(t.Context(), store.PushRequest{Book: f.book, Device: d.id, Cursor: d.cursor, Changes: []store.Push{edit(unique("late"), 0, "x")}})
		if err != nil || an.Cursor != "" || an.Results[0].Status != store.Applied {
			t.Errorf("push with an expired cursor: %+v, %v", an, err)
		}
	}
	before.cursor = back
	before.pull()
	middle.pull() // nothing that it missed was removed
	late := f.device("late")
	late.pull()
	a.pull()
	f.agree(middle, a)
	f.agree(before, a)
	f.agree(late, a)
	// The younger tombstone is still told.
	if !slices.ContainsFunc(middle.seen, func(c store.Change) bool { return c.Rev == young && c.Operation == store.Delete }) {
		t.Error("the younger tombstone was not told")
	}
	// A contact whose tombstone is gone can be made again.
	a.must(edit("c00", 0, "again"))
}

func testOldCommits(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	a, old, quiet := f.device("a"), f.device("old"), f.device("quiet")
	revs := a.fill(2)
	old.pull()
	a.must(edit("c00", revs[0], "two"))
	quiet.pull()
	f.clock.add(store.CommitAge + day)
	if c := f.compact(); c.Commits != 1 {
		t.Fatalf("compacted %+v, want one commit", c)
	}
	if _, err := old.page(5); !errors.Is(err, store.ErrCursorExpired) {
		t.Errorf("a cursor whose commit is gone: %v, want ErrCursorExpired", err)
	}
	if _, err := quiet.page(5); err != nil {
		t.Errorf("a cursor at the book's end: %v", err)
	}
	walk := f.device("walk")
	if _, err := walk.page(1); err != nil {
		t.Fatal(err)
	}
	walk.pull()
	f.agree(walk, a)
}
