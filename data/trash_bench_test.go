package data

import (
	"context"
	"testing"
	"time"

	"kith/contact"
	"kith/contact/contacttest"
)

const trashBook = 20_000

// BenchmarkEmptyTrash empties the trash of half a book while somebody saves, and reports the longest save.
func BenchmarkEmptyTrash(b *testing.B) {
	for b.Loop() {
		dir := b.TempDir()
		s, err := Open(b.Context(), dir, Options{})
		if err != nil {
			b.Fatal(err)
		}
		var ids []string
		for from := 0; from < trashBook; from += 1000 {
			cards := make([]contact.Card, 1000)
			for i := range cards {
				cards[i] = contacttest.Realistic(1, from+i)
			}
			made, err := s.AddAll(b.Context(), cards)
			if err != nil {
				b.Fatal(err)
			}
			ids = append(ids, made...)
		}
		if _, err := s.FindDuplicates(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := s.Delete(b.Context(), ids[:trashBook/2]...); err != nil {
			b.Fatal(err)
		}
		size := func() (mb float64) {
			var pages, of int
			if err := s.readers.QueryRowContext(b.Context(), "SELECT page_count, page_size FROM pragma_page_count, pragma_page_size").Scan(&pages, &of); err != nil {
				b.Fatal(err)
			}
			return float64(pages) * float64(of) / (1 << 20)
		}
		before := size()
		ctx, stop := context.WithCancel(b.Context())
		longest := make(chan time.Duration)
		go func() {
			most := time.Duration(0)
			for i := 0; ctx.Err() == nil; i++ {
				began := time.Now()
				if _, err := s.Add(b.Context(), card("Somebody")); err != nil {
					b.Error(err)
				}
				most = max(most, time.Since(began))
				select {
				case <-ctx.Done():
				case <-time.After(20 * time.Millisecond):
				}
			}
			longest <- most
		}()
		order, err := s.Order(b.Context(), Query{Filter: Trash})
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if p, err := s.Purge(b.Context(), order, func(int, int) {}); err != nil || p.Gone != trashBook/2 {
			b.Fatalf("%+v, %v", p, err)
		}
		purged := time.Since(began)
		began = time.Now()
		if _, err := s.Tidy(b.Context()); err != nil {
			b.Fatal(err)
		}
		tidied := time.Since(began)
		stop()
		b.ReportMetric(float64((<-longest).Milliseconds()), "ms/longest-save")
		b.ReportMetric(purged.Seconds(), "s/purge")
		b.ReportMetric(tidied.Seconds(), "s/tidy")
		b.ReportMetric(before, "MB/before")
		b.ReportMetric(size(), "MB/after")
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
