package data

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"kith/contact"
	"kith/contact/contacttest"
)

const bookSize = 100_000

var bigBookDir string // "" : not made

func removeBigBook() {
	if bigBookDir != "" {
		os.RemoveAll(bigBookDir)
	}
}

// bigBook is a profile of bookSize contacts, made once for all benchmarks.
var bigBook = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "kith-bench-")
	if err != nil {
		return "", err
	}
	bigBookDir = dir
	s, err := Open(context.Background(), dir, Options{})
	if err != nil {
		return "", err
	}
	for from := 0; from < bookSize; from += 10_000 {
		cards := make([]contact.Card, 10_000)
		for i := range cards {
			cards[i] = contacttest.Realistic(1, from+i)
		}
		if _, err := s.AddAll(context.Background(), cards); err != nil {
			return "", err
		}
	}
	return dir, s.Close()
})

func openBig(b *testing.B) *Store {
	b.Helper()
	dir, err := bigBook()
	if err != nil {
		b.Fatal(err)
	}
	s, err := Open(b.Context(), dir, Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	return s
}

func BenchmarkOrder(b *testing.B) {
	s := openBig(b)
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			s.list.put(ByName, listOrder{version: -1})
			mustOrder(b, s, Query{}, bookSize)
		}
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			mustOrder(b, s, Query{}, bookSize)
		}
	})
}

func mustOrder(b *testing.B, s *Store, q Query, least int) {
	order, err := s.Order(b.Context(), q)
	if err != nil {
		b.Fatal(err)
	}
	if len(order) < least {
		b.Fatalf("%+v: %d found, want %d or more", q, len(order), least)
	}
}

// BenchmarkSearch compares a search with the least that it can cost here: the index's own answer to the same question, without order.
func BenchmarkSearch(b *testing.B) {
	s := openBig(b)
	for _, text := range []string{"a", "an", "ann", "soren", "ada lov", "example", "0151", "555 01", "+44 20 7946", "5", "nobodyhasthis"} {
		b.Run(text, func(b *testing.B) {
			var ours, limit time.Duration
			found := 0
			for b.Loop() {
				begin := time.Now()
				order, err := s.Order(b.Context(), Query{Text: text})
				ours += time.Since(begin)
				if err != nil {
					b.Fatal(err)
				}
				found = len(order)
				begin = time.Now()
				err = s.read(b.Context(), "SELECT json_group_array(rowid) FROM search WHERE search MATCH ?", func(row scanner) error {
					return row.Scan(new(string))
				}, matchExpression(text))
				limit += time.Since(begin)
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(found), "found")
			reportRatio(b, ours, limit)
		})
	}
}

func BenchmarkRows(b *testing.B) {
	s := openBig(b)
	order, err := s.Order(b.Context(), Query{})
	if err != nil {
		b.Fatal(err)
	}
	at := 0
	for b.Loop() {
		if rows, err := s.Rows(b.Context(), order[at:at+100]); err != nil || len(rows) != 100 {
			b.Fatal(len(rows), err)
		}
		at = (at + 7919) % (len(order) - 100)
	}
}

func BenchmarkCounts(b *testing.B) {
	s := openBig(b)
	for b.Loop() {
		if _, err := s.Counts(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWaiting(b *testing.B) {
	s := openBig(b)
	for b.Loop() {
		if _, err := s.Waiting(b.Context(), DefaultBook); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSave compares a saved edit with the least that a durable store can do: one transaction that writes the same card into
// a table with one key, on the same disk, in turn.
func BenchmarkSave(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var contacts []Contact
	for i := range 1000 {
		contacts = append(contacts, mustAdd(b, s, contacttest.Realistic(1, i)))
	}
	bare, err := openWriter(b.Context(), openSQLite, filepath.Join(b.TempDir(), "bare.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer bare.close()
	if _, err := bare.conn.ExecContext(b.Context(), "PRAGMA journal_mode = WAL; CREATE TABLE t (id TEXT PRIMARY KEY, card TEXT)"); err != nil {
		b.Fatal(err)
	}
	var ours, limit time.Duration
	for i := 0; b.Loop(); i++ {
		c := &contacts[i%len(contacts)]
		to := c.Card.WithNote(fmt.Sprint("note ", i))
		begin := time.Now()
		saved, err := s.Save(b.Context(), c.ID, c.Card, to)
		ours += time.Since(begin)
		if err != nil {
			b.Fatal(err)
		}
		*c = saved
		text := string(to.JSON())
		begin = time.Now()
		err = bare.transact(b.Context(), func(t *tx) error {
			_, err := t.exec("INSERT OR REPLACE INTO t (id, card) VALUES (?, ?)", c.ID, text)
			return err
		})
		limit += time.Since(begin)
		if err != nil {
			b.Fatal(err)
		}
	}
	reportRatio(b, ours, limit)
}

// reportRatio prints the mean of what was measured, of the limit measured in the same run, and their ratio.
func reportRatio(b *testing.B, ours, limit time.Duration) {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(b.N) }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(ms(ours), "ms")
	b.ReportMetric(ms(limit), "limit-ms")
	b.ReportMetric(float64(ours)/float64(limit), "ratio")
}

// BenchmarkApplyPage takes pages of 1,000 new contacts in.
func BenchmarkApplyPage(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir(), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	cursor := ""
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		p := Page{Since: cursor, Cursor: fmt.Sprint(i), More: true}
		for n := range 1000 {
			c := contacttest.Realistic(2, i*1000+n)
			p.Changes = append(p.Changes, RemoteChange{ID: c.UID(), Rev: int64(i*1000 + n + 1), Card: c, EditedAt: 1, Device: "d"})
		}
		cursor = p.Cursor
		b.StartTimer()
		if _, err := s.ApplyPage(b.Context(), DefaultBook, p); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTakePush freezes batches of 1,000.
func BenchmarkTakePush(b *testing.B) {
	s := openBig(b)
	for b.Loop() {
		batch, err := s.TakePush(b.Context(), DefaultBook, 1000, 4<<20)
		if err != nil || len(batch) == 0 {
			b.Fatal(len(batch), err)
		}
		b.StopTimer()
		if _, err := s.writer.conn.ExecContext(b.Context(), "DELETE FROM outbox"); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkImport brings in, undoes, and brings back 10,000 contacts; ns/card is of each.
func BenchmarkImport(b *testing.B) {
	const cards = 10_000
	file := make([]contact.Card, cards)
	for i := range file {
		file[i] = contacttest.Realistic(2, i)
	}
	var took [4]time.Duration
	for b.Loop() {
		s, err := Open(b.Context(), b.TempDir(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		took[0] += timed(b, func() error { return importAll(b, s, file) })
		took[1] += timed(b, func() error { return importAll(b, s, file) })
		took[2] += timed(b, func() error { _, err := s.Undo(b.Context()); return err })
		took[3] += timed(b, func() error { return importAll(b, s, file) })
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	for i, what := range []string{"new", "again", "undo", "back"} {
		b.ReportMetric(float64(took[i].Nanoseconds())/float64(b.N*cards), what+"-ns/card")
	}
}

func importAll(b *testing.B, s *Store, file []contact.Card) error {
	im := s.BeginImport()
	for from := 0; from < len(file); from += 200 {
		if _, _, err := im.Take(b.Context(), file[from:from+200]); err != nil {
			return err
		}
	}
	return nil
}

func timed(b *testing.B, f func() error) time.Duration {
	b.Helper()
	began := time.Now()
	if err := f(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}
