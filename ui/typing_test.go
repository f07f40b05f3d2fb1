package ui

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"kith/contact"
	"kith/contact/contacttest"
	"kith/data"
)

// TestTyping types and takes back at random while the book changes, and looks at every state that the list goes through: its rows are the
// beginning of an answer to what was typed last or before, and what stands in the end is the whole answer.
func TestTyping(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	cards := make([]contact.Card, 500)
	for i := range cards {
		cards[i] = contacttest.Realistic(seed, i)
	}
	h := newHarness(t, cards...)
	h.opened()
	answers := func(text string) []data.RowID {
		order, err := h.store.Order(t.Context(), data.Query{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		return order
	}
	whole := func(text string) bool {
		return h.list.shownText == text && h.list.listing.cancel == nil && !h.list.stale
	}
	check := func() {
		t.Helper()
		want := answers(h.list.shownText)
		if got := h.list.order; len(got) > len(want) || !slices.Equal(got, want[:len(got)]) || !h.list.partial && len(got) != len(want) {
			t.Fatalf("the list of %q has %d rows (partial: %v), want the beginning of %d", h.list.shownText, len(got), h.list.partial, len(want))
		}
	}
	words := []string{"anna", "example", "0151", "王", "maria jos", "zzzz", "o"}
	for range 5 {
		word := []rune(words[random.IntN(len(words))])
		if random.IntN(2) == 0 { // the list is read anew by the next question
			rows, err := h.store.Rows(t.Context(), answers("")[:1])
			if err != nil {
				t.Fatal(err)
			}
			if err := h.store.Delete(t.Context(), rows[0].ID); err != nil {
				t.Fatal(err)
			}
		}
		h.until(t, "the change is listed", func() bool { return whole(h.list.query.Text) && len(h.list.order) == len(answers(h.list.query.Text)) })
		for _, r := range word {
			h.list.search.TypedRune(r)
			check()
			if random.IntN(3) == 0 {
				h.until(t, "the answer to "+h.list.query.Text, func() bool {
					check()
					return whole(h.list.query.Text)
				})
			}
		}
		h.until(t, "the answer to "+string(word), func() bool {
			check()
			return whole(string(word))
		})
		if got, want := h.list.total.text, totalText(h.list.query, len(answers(string(word)))); got != want {
			t.Errorf("below the list stands %q, want %q", got, want)
		}
		h.list.search.SetText("")
		h.until(t, "all are listed", func() bool {
			check()
			return whole("")
		})
	}
}
