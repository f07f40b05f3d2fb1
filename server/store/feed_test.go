package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"kith/server/store"
	"kith/server/store/storetest"
)

// fill pushes n contacts, c00 first, and returns their revs.
func (d *device) fill(n int) []int64 {
	d.f.t.Helper()
	batch := make([]store.Push, n)
	for i := range batch {
		batch[i] = edit(fmt.Sprintf("c%02d", i), 0, "one")
	}
	revs := make([]int64, n)
	for i, r := range d.push(batch...) {
		revs[i] = r.Rev
	}
	return revs
}

func testFirstWalk(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	a := f.device("a")
	empty := f.device("empty")
	if p, err := empty.page(5); err != nil || len(p.Changes) != 0 || p.More || p.Total != 0 || p.Cursor == "" {
		t.Fatalf("page of an empty book: %+v, %v", p, err)
	}
	revs := a.fill(10)
	a.must(remove("c03", revs[3])) // before the walk begins: no business of a new device
	b := f.device("b")
	p, err := b.page(4)
	if err != nil || !p.More || p.Total != 9 || !slices.Equal(changeIDs(p.Changes), []string{"c00", "c01", "c02", "c04"}) {
		t.Fatalf("first page: %v more %t total %d, %v", changeIDs(p.Changes), p.More, p.Total, err)
	}
	broken := b.cursor // broken off here, and resumed below
	a.must(edit("c00", revs[0], "two"))
	a.must(remove("c01", revs[1])) // b has it
	a.must(remove("c05", revs[5])) // b does not have it yet
	a.must(edit("new", 0, "one"))
	if p, err = b.page(4); err != nil || !slices.Equal(changeIDs(p.Changes), []string{"c06", "c07", "c08", "c09"}) || p.Total != 5 || !p.More {
		t.Fatalf("second page: %v more %t total %d, %v", changeIDs(p.Changes), p.More, p.Total, err)
	}
	b.pull()
	f.agree(b, a)
	b.cursor = broken
	b.pull()
	f.agree(b, a)
	if c := b.pull(); len(c) != 0 {
		t.Errorf("after the end: %v", changeIDs(c))
	}
	// A device that was up to date sees each contact once, at its latest.
	if got := changeIDs(empty.pull()); slices.Index(got, "c03") >= 0 && len(got) != 11 {
		t.Errorf("the other device saw %v", got)
	}
	f.agree(empty, a)
	// A walk over nothing but tombstones ends at once.
	for id, c := range a.has {
		a.must(remove(id, c.Rev))
	}
	if p, err := f.device("late").page(5); err != nil || len(p.Changes) != 0 || p.More {
		t.Errorf("walk over tombstones: %v more %t, %v", changeIDs(p.Changes), p.More, err)
	}
	empty.pull()
	f.agree(empty, a)
}

func testPageBytes(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	f.device("a").fill(10)
	q := store.FeedQuery{Book: f.book, Limit: 100, Bytes: 30} // a card has 14
	var got []string
	for pages := 1; ; pages++ {
		p, err := f.Changes(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, changeIDs(p.Changes)...)
		if q.Since = p.Cursor; !p.More {
			if pages != 4 || len(got) != 10 {
				t.Errorf("%d changes on %d pages, want 10 on 4", len(got), pages)
			}
			return
		}
		if len(p.Changes) != 3 {
			t.Fatalf("%d changes on page %d, want 3", len(p.Changes), pages)
		}
	}
}

func testNoEcho(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	a, b := f.device("a"), f.device("b")
	a.pull()
	b.pull()
	a.fill(5)
	if c := a.pull(); len(c) != 0 {
		t.Errorf("echo of the own push: %v", changeIDs(c))
	}
	b.must(edit("b0", 0, "of b")) // b stands before a's push: its own is skipped, a's comes
	if c := changeIDs(b.pull()); !slices.Equal(c, []string{"c00", "c01", "c02", "c03", "c04"}) {
		t.Errorf("b got %v, want a's five", c)
	}
	for i := range 6 { // turns, without a pull between
		a.must(edit(fmt.Sprintf("a%d", i), 0, "x"))
		b.must(edit(fmt.Sprintf("b%d", i+1), 0, "x"))
	}
	if c := changeIDs(a.pull()); !slices.Equal(c, []string{"b0", "b1", "b2", "b3", "b4", "b5", "b6"}) {
		t.Errorf("a got %v, want b's seven", c)
	}
	for i := range 20 { // more turns than a cursor remembers: an echo is harmless, a gap is not
		a.must(edit(fmt.Sprintf("aa%d", i), 0, "x"))
		b.must(edit(fmt.Sprintf("bb%d", i), 0, "x"))
	}
	a.pull()
	b.pull()
	f.agree(a, b)
	// What b edits after a pushed it comes back to a, although a's push is skipped.
	b.must(edit("between", 0, "x"))
	rev := a.must(edit("mine", 0, "one"))
	b.pull()
	b.must(edit("mine", rev, "two"))
	if c := changeIDs(a.pull()); !slices.Equal(c, []string{"between", "mine"}) {
		t.Errorf("a got %v", c)
	}
	// In the middle of a first walk.
	c := f.device("c")
	if _, err := c.page(3); err != nil {
		t.Fatal(err)
	}
	c.must(edit("of c", 0, "x"))
	if slices.Contains(changeIDs(c.pull()), "of c") {
		t.Error("echo in a first walk")
	}
	a.pull()
	f.agree(a, c)
}

func testNoEchoLostAnswer(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	a, b := f.device("a"), f.device("b")
	a.pull()
	before := a.cursor
	batch := []store.Push{edit("x", 0, "one"), edit("y", 0, "one")}
	a.push(batch...)
	a.cursor = before // the answer was lost
	b.pull()
	b.must(edit("z", 0, "one"))
	for i, r := range a.push(batch...) {
		if r.Status != store.Applied || r.Rev != int64(i)+1 {
			t.Errorf("repeat: %+v", r)
		}
	}
	if c := changeIDs(a.pull()); !slices.Equal(c, []string{"z"}) {
		t.Errorf("a got %v, want z alone", c)
	}
}

func testForeignCursors(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	a := f.device("a")
	a.fill(3)
	a.pull()
	other, err := f.AddBook(t.Context(), store.NewBook{Owner: f.user.ID, Name: "Other"})
	if err != nil {
		t.Fatal(err)
	}
	unknown := func(name, book, cursor string) {
		t.Helper()
		if _, err := f.Changes(t.Context(), store.FeedQuery{Book: book, Since: cursor, Limit: 10}); !errors.Is(err, store.ErrCursorUnknown) {
			t.Errorf("%s: %v, want ErrCursorUnknown", name, err)
		}
		r := store.PushRequest{Book: book, Device: a.id, Cursor: cursor, Changes: []store.Push{edit(unique("u"), 0, "x")}}
		if _, err := f.Push(t.Context(), r); !errors.Is(err, store.ErrCursorUnknown) {
			t.Errorf("%s, pushed: %v, want ErrCursorUnknown", name, err)
		}
	}
	unknown("another book's", other.ID, a.cursor)
	unknown("cut", f.book, a.cursor[:len(a.cursor)-1])
	unknown("longer", f.book, a.cursor+"A")
	unknown("nonsense", f.book, "nonsense")
	for i := range a.cursor {
		c := byte('A')
		if a.cursor[i] == c {
			c = 'B'
		}
		unknown(fmt.Sprintf("changed at %d", i), f.book, a.cursor[:i]+string(c)+a.cursor[i+1:])
	}
	if c := a.pull(); len(c) != 0 {
		t.Errorf("a refused push left something: %v", changeIDs(c))
	}
}

// testRestored: a server that goes on from an older backup of the same epoch, as when somebody copies files.
func testRestored(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	a, lagging, walking := f.device("a"), f.device("lagging"), f.device("walking")
	a.pull()
	a.fill(6)
	lagging.pull()
	older := f.clone(db) // the backup
	a.must(edit("lost", 0, "one"))
	a.must(edit("lost too", 0, "one"))
	if _, err := walking.page(2); err != nil { // its walk has begun in the lost future
		t.Fatal(err)
	}
	for _, d := range []*device{a, lagging, walking} {
		d.s = older
	}
	refused := func(when string, d *device) {
		t.Helper()
		if _, err := d.page(5); !errors.Is(err, store.ErrCursorUnknown) {
			t.Errorf("%s: %v, want ErrCursorUnknown", when, err)
		}
	}
	refused("a cursor of the lost future", a)
	refused("a walk that began in the lost future", walking)
	if c := lagging.pull(); len(c) != 0 {
		t.Errorf("a device that was behind the backup got %v", changeIDs(c))
	}
	// The restored server moves on, past the place where the others stood, one commit and one seq at a time.
	for i := range 4 {
		lagging.must(edit(fmt.Sprintf("new%d", i), 0, "one"))
		refused(fmt.Sprintf("after %d new commits", i+1), a)
		refused(fmt.Sprintf("a walk, after %d new commits", i+1), walking)
	}
	// Revs of the lost future must not match by chance.
	r := store.PushRequest{Book: f.book, Device: a.id, Cursor: a.cursor, Changes: []store.Push{edit("new0", 7, "by chance")}}
	if _, err := older.Push(t.Context(), r); !errors.Is(err, store.ErrCursorUnknown) {
		t.Errorf("push with a cursor of the lost future: %v, want ErrCursorUnknown", err)
	}
	if c := lagging.pull(); len(c) != 0 {
		t.Errorf("the refused push left %v", changeIDs(c))
	}
}

// clone copies the database as it is now, with its epoch, into another one.
func (f *fixture) clone(db storetest.New) *store.Store {
	f.t.Helper()
	to := open(f.t, db(f.t), f.clock)
	if _, err := f.CopyTo(f.t.Context(), to); err != nil {
		f.t.Fatal(err)
	}
	return to
}
