package data

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/contact"
	"kith/contact/contacttest"
)

// TestTopIsTheBeginningOfTheOrder asks random queries of a book that changes, and compares the first answer, the second, and the sections with
// what plain SQL says.
func TestTopIsTheBeginningOfTheOrder(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	s := newStore(t)
	s.looks, s.many = []int{100, 300}, 50
	const people = 400
	cards := make([]contact.Card, people)
	for i := range cards {
		cards[i] = contacttest.Realistic(seed, i).WithLabel("Friends", random.IntN(5) == 0)
	}
	if _, err := s.AddAll(t.Context(), cards); err != nil {
		t.Fatal(err)
	}
	words := []string{"", "a", "an", "anna", "e", "exa", "exam", "example", "example o", "王", "o", "555", "5550", "0151", "+49 30", "🌻", "zzzz", "m e", "müll", "."}
	for i := range 60 {
		q := Query{
			Filter: []Filter{All, All, All, Favourites, Birthdays, Trash, Recent}[random.IntN(7)],
			Label:  []string{"", "", "", "Friends"}[random.IntN(4)],
			Sort:   []Sort{ByName, ByFamily, ByChanged}[random.IntN(3)],
			Text:   words[random.IntN(len(words))],
			Book:   []string{"", "", "", DefaultBook}[random.IntN(4)],
		}
		if random.IntN(2) == 0 { // the list is not at hand any more
			some := orderOf(t, s, Query{})
			rows, err := s.Rows(t.Context(), some[random.IntN(len(some)):][:1])
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Delete(t.Context(), rows[0].ID); err != nil {
				t.Fatal(err)
			}
			s.list.put(q.Sort, listOrder{version: -1})
		}
		n := 1 + random.IntN(40)
		top, whole, err := s.Top(t.Context(), q, n)
		if err != nil {
			t.Fatal(err)
		}
		want := plainOrder(t, s, q)
		wantTop(t, s, q, n, want)
		if len(top) > len(want) || !slices.Equal(top, want[:len(top)]) || whole != (len(top) == len(want)) && len(top) < n {
			t.Fatalf("%+v: the first answer has %d (all: %v), which don't begin the %d there are", q, len(top), whole, len(want))
		}
		if got := orderOf(t, s, q); !slices.Equal(got, want) {
			t.Fatalf("%+v: %d found, want %d", q, len(got), len(want))
		}
		if i%6 == 0 && q.Sort != ByChanged && (q.Filter == All || q.Filter == Favourites) {
			wantSections(t, s, want, q.Sort)
		}
	}
}

// TestGuess compares what a search says of each contact by its card with what the index finds.
func TestGuess(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	s := newStore(t)
	cards := make([]contact.Card, 150)
	for i := range cards {
		cards[i] = contacttest.Realistic(seed, i)
	}
	if _, err := s.AddAll(t.Context(), cards); err != nil {
		t.Fatal(err)
	}
	all := orderOf(t, s, Query{})
	tx, err := s.readers.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	words, err := wordsOf(t.Context(), tx, all)
	if err != nil || len(words) != len(all) {
		t.Fatalf("the words of %d of %d contacts: %v", len(words), len(all), err)
	}
	for range 200 {
		var text []string
		for range 1 + random.IntN(2) {
			of := words[all[random.IntN(len(all))]]
			word := []rune(of[random.IntN(len(of))])
			text = append(text, string(word[:1+random.IntN(len(word))]))
		}
		begins, ok := beginnings(strings.Join(text, " "))
		if !ok {
			continue // numbers are looked for in other ways
		}
		var want []RowID
		for _, row := range all {
			if beginAll(words[row], begins) {
				want = append(want, row)
			}
		}
		if got := orderOf(t, s, Query{Text: strings.Join(text, " ")}); !slices.Equal(got, want) {
			t.Errorf("%q: the index finds %d contacts, their cards say %d", text, len(got), len(want))
		}
	}
}

func orderOf(t *testing.T, s *Store, q Query) []RowID {
	t.Helper()
	order, err := s.Order(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return order
}

// plainOrder answers a query in one statement, which neither keeps nor guesses anything.
func plainOrder(t *testing.T, s *Store, q Query) (order []RowID) {
	t.Helper()
	if nothingToFind(q.Text) {
		return nil
	}
	where, by, args := s.conditions(q)
	own := len(args) - strings.Count(by, "?")
	var more []any
	if match := matchExpression(q.Text); match != "" {
		where += " AND row_id IN (SELECT rowid FROM search WHERE search MATCH ?)"
		more = append(more, match)
	}
	for _, symbol := range symbolsOf(q.Text) {
		where += " AND instr(card, ?) > 0"
		more = append(more, symbol)
	}
	if q.Book != "" {
		where += " AND book = ?"
		more = append(more, q.Book)
	}
	err := s.read(t.Context(), "SELECT row_id FROM contacts WHERE "+where+" ORDER BY "+by+", row_id", func(row scanner) error {
		order = append(order, 0)
		return row.Scan(&order[len(order)-1])
	}, slices.Insert(args, own, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	return order
}

// wantSections compares the sections, from memory and not, with the letters of all the rows.
func wantSections(t *testing.T, s *Store, order []RowID, by Sort) {
	t.Helper()
	rows, err := s.Rows(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	var want []Section
	for i, r := range rows {
		letter := r.Section
		if by == ByFamily {
			letter = r.FamilySection
		}
		if len(want) == 0 || want[len(want)-1].Letter != letter {
			want = append(want, Section{letter, i})
		}
	}
	got, err := s.Sections(t.Context(), order, by)
	if err != nil || !slices.Equal(got, want) {
		t.Fatalf("order %d: sections %v, %v; want %v", by, got, err, want)
	}
	if again, ok, err := s.SectionsAtHand(t.Context(), order, by); err != nil || ok && !slices.Equal(again, want) {
		t.Fatalf("order %d: sections at hand %v, %v; want %v", by, again, err, want)
	}
}
