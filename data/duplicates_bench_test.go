package data

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"kith/contact"
	"kith/contact/contacttest"
	"kith/contact/duplicate"
)

// BenchmarkFindDuplicates searches a book of 100,000 contacts, every eleventh of which is another one's twin, from nothing; the limit is what
// merely reading and parsing all cards takes. It prints how many of the twins were found, and how many of the pairs found in
// each lane are no twins: namesakes, which is what "look" is for.
func BenchmarkFindDuplicates(b *testing.B) {
	s, ids, of, twins := openDuplicated(b)
	var ours, limit time.Duration
	for b.Loop() {
		if _, err := s.writer.conn.ExecContext(b.Context(), "UPDATE duplicate_state SET version = 0"); err != nil {
			b.Fatal(err)
		}
		begin := time.Now()
		if err := s.eachLive(b.Context(), nil, func(uint32, string, contact.Card) {}); err != nil {
			b.Fatal(err)
		}
		limit += time.Since(begin)
		begin = time.Now()
		mustFind(b, s)
		ours += time.Since(begin)
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.Logf("memory taken from the system: %d MB", m.Sys>>20)
	reportFound(b, s, ids, of, twins)
	reportRatio(b, ours, limit)
}

// BenchmarkFollowEdit is one edit of a name in that book, and the search behind it; the limit is the edit alone.
func BenchmarkFollowEdit(b *testing.B) {
	s, ids, _, _ := openDuplicated(b)
	mustFind(b, s)
	var ours, limit time.Duration
	for i := 0; b.Loop(); i++ {
		c := mustContact(b, s, ids[i*7919%len(ids)])
		to := c.Card.WithFullName(fmt.Sprintf("%s%d", c.Card.FullName(), i))
		begin := time.Now()
		if _, err := s.Save(b.Context(), c.ID, c.Card, to); err != nil {
			b.Fatal(err)
		}
		limit += time.Since(begin)
		begin = time.Now()
		mustFind(b, s)
		ours += time.Since(begin)
	}
	reportRatio(b, ours, limit)
}

func openDuplicated(b *testing.B) (s *Store, ids []string, of map[int]int, twins map[int]contacttest.Twin) {
	b.Helper()
	s, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	cards, of, twins := contacttest.Duplicated(1, bookSize/11*10)
	for from := 0; from < len(cards); from += 10_000 {
		added, err := s.AddAll(b.Context(), cards[from:min(from+10_000, len(cards))])
		if err != nil {
			b.Fatal(err)
		}
		ids = append(ids, added...)
	}
	return s, ids, of, twins
}

func reportFound(b *testing.B, s *Store, ids []string, of map[int]int, twins map[int]contacttest.Twin) {
	b.Helper()
	place := map[int64]int{}
	for i, id := range ids {
		place[int64(mustContact(b, s, id).Row)] = i
	}
	found := map[int]duplicate.Lane{}
	false_ := map[duplicate.Lane]int{}
	err := s.read(b.Context(), "SELECT "+pairColumns+" FROM duplicate_pairs", func(row scanner) error {
		p, err := scanPair(row)
		x, y := place[p.A], place[p.B]
		if original, isTwin := of[max(x, y)]; isTwin && original == min(x, y) {
			found[max(x, y)] = p.Lane
		} else {
			false_[p.Lane]++
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	lanes := map[contacttest.Twin]map[duplicate.Lane]int{}
	true_ := map[duplicate.Lane]int{}
	for twin, how := range twins {
		if lanes[how] == nil {
			lanes[how] = map[duplicate.Lane]int{}
		}
		lanes[how][found[twin]]++
		true_[found[twin]]++
	}
	for how, n := range lanes {
		b.Logf("%-24s %v", how, n)
	}
	for _, lane := range []duplicate.Lane{duplicate.Certain, duplicate.Likely, duplicate.Look, duplicate.Apart} {
		b.Logf("%-8v twins %6d   others %6d", lane, true_[lane], false_[lane])
	}
	b.ReportMetric(100*float64(len(found))/float64(len(of)), "%recall")
	b.ReportMetric(100*float64(true_[duplicate.Certain])/float64(max(1, true_[duplicate.Certain]+false_[duplicate.Certain])), "%precision-certain")
}
