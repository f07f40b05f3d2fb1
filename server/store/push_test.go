package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kith/server/store"
	"kith/server/store/storetest"
)

func testFidelity(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	d, other := f.device("laptop"), f.device("phone")
	for i, card := range []string{
		`{}`,
		`{"note":"it's \\ a \"quote\" \n \u0000 ? ?0 $1 %s %% ; -- /* "}`,
		`{"note":"Zoë 李 \ud83d\udca1 💡 é"}`,
		`{ "spaces" : [ 1 , 2.50 , -1e400 ] }`,
		`{"note":"` + strings.Repeat("x'\\\\", 60_000) + `"}`,
	} {
		id := fmt.Sprintf(`id/%d '"\?💡`, i)
		d.must(store.Push{ChangeID: unique("c'\\"), ID: id, Operation: store.Insert, Card: json.RawMessage(card), EditedAt: 5})
		other.pull()
		got := other.has[id]
		if string(got.Card) != card {
			t.Errorf("card %d came back as %.80s", i, got.Card)
		}
		if got.EditedAt != 5 || got.Device != d.id || got.DeviceName != "laptop" || got.User != "Ada" {
			t.Errorf("card %d: %+v", i, got)
		}
	}
	for _, id := range []string{"a", "A", "a ", "\u00e4", "a\u0308"} { // the last two differ in their Unicode form only
		d.must(edit(id, 0, id))
	}
	other.pull()
	f.agree(d, other)
}

func testConditional(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	d := f.device("laptop")
	live := d.must(edit("live", 0, "one"))
	dead := d.must(remove("dead", d.must(edit("dead", 0, "one"))))
	for _, c := range []struct {
		name    string
		push    store.Push
		status  string
		current string // operation of what is there, in a conflict
	}{
		{"insert of a new one", edit("new", 0, "x"), store.Applied, ""},
		{"insert over a live one", edit("live", 0, "x"), store.Conflict, store.Insert},
		{"insert over a tombstone", edit("dead", 0, "x"), store.Conflict, store.Delete},
		{"update at an old rev", edit("live", live-1, "x"), store.Conflict, store.Insert},
		{"update at a rev of the future", edit("live", live+100, "x"), store.Conflict, store.Insert},
		{"update of what never was", edit("never", 7, "x"), store.Conflict, ""},
		{"delete of what never was", remove("never", 0), store.Applied, ""},
		{"delete at a rev of what never was", remove("never", 7), store.Conflict, ""},
		{"delete over a live one", remove("live", 0), store.Conflict, store.Insert},
		{"delete of a tombstone at another rev", remove("dead", dead-1), store.Conflict, store.Delete},
		{"update at its rev", edit("live", live, "two"), store.Applied, ""},
		{"insert at the tombstone's rev", edit("dead", dead, "back"), store.Applied, ""},
	} {
		r := d.push(c.push)[0]
		var current string
		if r.Current != nil {
			current = r.Current.Operation
			if r.Current.ID != c.push.ID || (r.Current.Card == nil) != (current == store.Delete) || r.Current.DeviceName != "laptop" {
				t.Errorf("%s: current %+v", c.name, r.Current)
			}
		}
		if r.Status != c.status || current != c.current {
			t.Errorf("%s: %s, current %q; want %s, %q", c.name, r.Status, current, c.status, c.current)
		}
	}
	other := f.device("phone")
	other.pull()
	f.agree(d, other)
	for id, want := range map[string]string{"live": store.Update, "dead": store.Insert, "new": store.Insert} {
		if got := other.has[id].Operation; got != want {
			t.Errorf("operation of %s: %s, want %s", id, got, want)
		}
	}
	if _, err := f.Push(t.Context(), store.PushRequest{Book: "nonsense", Device: d.id, Changes: []store.Push{edit("x", 0, "")}}); err == nil {
		t.Error("pushed into a book that is none")
	}
}

func testBatch(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	d := f.device("laptop")
	first := edit("x", 0, "one")
	r := d.push(first, edit("x", 0, "two"), first, remove("y", 0), edit("y", 0, "three"), edit("z", 1, "never"))
	want := []string{store.Applied, store.Conflict, store.Applied, store.Applied, store.Applied, store.Conflict}
	for i, w := range want {
		if r[i].Status != w {
			t.Errorf("change %d: %+v, want %s", i, r[i], w)
		}
	}
	if r[1].Current == nil || string(r[1].Current.Card) != `{"note":"one"}` || r[2].Rev != r[0].Rev {
		t.Errorf("results %+v", r)
	}
	// A second change may build on the first when it knows the rev that the first will get: seqs have no gaps.
	next := r[4].Rev + 1
	r = d.push(edit("w", 0, "one"), edit("w", next, "two"), remove("w", next+1))
	for i := range r {
		if r[i].Status != store.Applied || r[i].Rev != next+int64(i) {
			t.Errorf("change %d of one contact: %+v", i, r[i])
		}
	}
	other := f.device("phone")
	other.pull()
	if got := len(other.has); got != 2 {
		t.Errorf("%d contacts, want x and y", got)
	}
	if r := d.push(); len(r) != 0 {
		t.Errorf("an empty push: %+v", r)
	}
}

func testExactlyOnce(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	d := f.device("laptop")
	insert := edit("x", 0, "one")
	insert.EditedAt = 77
	clash := edit("x", 99, "clash")
	bad := edit("bad\x00id", 0, "")
	bad.Refused = &store.Rejection{Code: "too_large", Detail: "it's too large"}
	batch := []store.Push{insert, clash, bad}
	first := d.push(batch...)
	d.must(edit("x", first[0].Rev, "two"))
	f.clock.add(29 * 24 * time.Hour)
	if _, err := f.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := d.push(batch...)
	if again[0].Status != store.Applied || again[0].Rev != first[0].Rev || again[0].EditedAt != 77 {
		t.Errorf("the insert again: %+v, first %+v", again[0], first[0])
	}
	if again[1].Status != store.Conflict || again[1].Current == nil || string(again[1].Current.Card) != `{"note":"two"}` {
		t.Errorf("the conflict again: %+v", again[1])
	}
	if again[2].Status != store.Rejected || *again[2].Rejection != *first[2].Rejection {
		t.Errorf("the rejected one again: %+v", again[2].Rejection)
	}
	stolen := edit("y", 0, "another contact")
	stolen.ChangeID = insert.ChangeID
	if r := d.push(stolen)[0]; r.Status != store.Rejected {
		t.Errorf("a change_id of another contact: %+v, want rejected", r)
	}
	other := f.device("phone")
	other.pull()
	if string(other.has["x"].Card) != `{"note":"two"}` {
		t.Errorf("a repeat changed the contact: %s", other.has["x"].Card)
	}
	f.clock.add(2 * 24 * time.Hour)
	if c, err := f.Compact(t.Context()); err != nil || c.Results == 0 {
		t.Fatalf("compacted %+v, %v", c, err)
	}
	if r := d.push(insert)[0]; r.Status != store.Conflict {
		t.Errorf("after 31 days the base_rev alone protects: %+v, want conflict", r)
	}
}

func testExactlyOnceConcurrently(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	batch := []store.Push{edit("x", 0, "one"), edit("y", 0, "two")}
	var wg sync.WaitGroup
	var mu sync.Mutex
	revs := map[string]int{}
	for range 8 {
		d := f.device("laptop")
		wg.Go(func() {
			a, err := f.Push(context.Background(), store.PushRequest{Book: f.book, Device: d.id, Changes: batch})
			if err != nil {
				t.Errorf("push: %v", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			revs[fmt.Sprintln(a.Results[0].Status, a.Results[0].Rev, a.Results[1].Status, a.Results[1].Rev)]++
		})
	}
	wg.Wait()
	if len(revs) != 1 || revs["applied 1 applied 2\n"] != 8 {
		t.Errorf("answers: %v, want 8 times the same", revs)
	}
}

func testEditedAt(t *testing.T, db storetest.New) {
	f := setUp(t, db)
	d, other := f.device("laptop"), f.device("phone")
	now := f.clock.Now().UnixMicro()
	p := edit("x", 0, "from the future")
	p.EditedAt = now + 1e12
	if r := d.push(p)[0]; r.EditedAt != now {
		t.Errorf("kept edited_at %d, want the server's %d", r.EditedAt, now)
	}
	p = edit("y", 0, "from the past")
	p.EditedAt = 42
	d.must(p)
	other.pull()
	if x, y := other.has["x"].EditedAt, other.has["y"].EditedAt; x != now || y != 42 {
		t.Errorf("edited_at %d and %d, want %d and 42", x, y, now)
	}
}
