package data

import (
	"os"
	"testing"

	"kith/contact"
	"kith/contact/contacttest"
)

// BenchmarkBooks lists and counts one book of two: 100,000 contacts in the first, 10,000 in another.
func BenchmarkBooks(b *testing.B) {
	dir, err := bigBook()
	if err != nil {
		b.Fatal(err)
	}
	own := b.TempDir()
	if err := os.CopyFS(own, os.DirFS(dir)); err != nil {
		b.Fatal(err)
	}
	s, err := Open(b.Context(), own, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	book, err := s.AddBook(b.Context(), "Team")
	if err != nil {
		b.Fatal(err)
	}
	cards := make([]contact.Card, 10_000)
	for i := range cards {
		cards[i] = contacttest.Realistic(2, i)
	}
	if _, _, err := s.BeginImportTo(book.ID).Take(b.Context(), cards); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		book string
		n    int
	}{{"all", "", bookSize + len(cards)}, {"first", DefaultBook, bookSize}, {"second", book.ID, len(cards)}} {
		b.Run("new/"+c.name, func(b *testing.B) {
			for b.Loop() {
				s.list.put(ByName, listOrder{version: -1})
				mustOrder(b, s, Query{Book: c.book}, c.n)
			}
		})
		b.Run("again/"+c.name, func(b *testing.B) {
			for b.Loop() {
				mustOrder(b, s, Query{Book: c.book}, c.n)
			}
		})
		b.Run("counts/"+c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := s.CountsOf(b.Context(), c.book); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
