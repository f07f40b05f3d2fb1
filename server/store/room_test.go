package store_test

import (
	"fmt"
	"testing"

	"kith/server/store"
	"kith/server/store/storetest"
)

// TestFullBook: a book takes contacts up to its limit; edits and deletions always, and what a deletion made room for.
func TestFullBook(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db storetest.New) {
		f := setUp(t, db)
		a := f.device("a")
		counted := 0
		f.Observe(func(s store.Statement) {
			if counting.MatchString(s.Text) {
				counted++
			}
		})
		push := func(changes ...store.Push) []store.Result {
			t.Helper()
			answer, err := f.Push(t.Context(), store.PushRequest{Book: f.book, Device: a.id, Changes: changes, BookContacts: 5})
			if err != nil {
				t.Fatal(err)
			}
			return answer.Results
		}
		refused := func(r store.Result) bool {
			return r.Status == store.Rejected && r.Rejection.Code == store.CodeBookFull
		}
		rev := push(edit("1", 0, "x"))[0].Rev
		for range 20 { // edits count for nothing
			rev = push(edit("1", rev, "y"))[0].Rev
		}
		if counted > 8 {
			t.Errorf("counted %d times for 20 edits of one contact", counted)
		}
		r := push(edit("2", 0, "x"), edit("3", 0, "x"), edit("4", 0, "x"), edit("5", 0, "x"), edit("6", 0, "x"))
		for i, want := range []string{store.Applied, store.Applied, store.Applied, store.Applied, store.Rejected} {
			if r[i].Status != want {
				t.Errorf("contact %d: %+v", i+2, r[i])
			}
		}
		sixth := edit("6", 0, "x")
		if got := push(sixth)[0]; !refused(got) {
			t.Errorf("one too many: %+v", got)
		}
		if got := push(edit("1", rev, "z"))[0]; got.Status != store.Applied {
			t.Errorf("an edit in a full book: %+v", got)
		}
		if got := push(remove("2", r[0].Rev), sixth, edit("7", 0, "x")); got[1].Status != store.Applied || !refused(got[2]) {
			t.Errorf("after a deletion: %s", fmt.Sprint(got))
		}
	})
}
