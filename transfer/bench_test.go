package transfer

import (
	"bufio"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"kith/contact/contacttest"
	"kith/contact/vcard"
	"kith/data"
)

// BenchmarkImport looks at a file of 100,000 cards, brings it in, looks again, and takes it back: µs per card, and the most that the
// heap held beyond what it held before.
func BenchmarkImport(b *testing.B) {
	const cards = 100_000
	path := filepath.Join(b.TempDir(), "book.vcf")
	writeBook(b, path, cards)
	file, err := OnDisk(path)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, err := data.Open(b.Context(), b.TempDir(), data.Options{})
		if err != nil {
			b.Fatal(err)
		}
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		most := uint64(0)
		watch := func(p Progress) {
			if p.Cards%5000 == 0 {
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapAlloc)
			}
		}
		measure := func(what string, f func() error) {
			began := time.Now()
			if err := f(); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(time.Since(began).Microseconds())/cards, what+"-µs/card")
		}
		look := func() error { _, err := Preview(b.Context(), s, []File{file}, nil, watch); return err }
		measure("preview", look)
		measure("import", func() error { _, err := Import(b.Context(), s, []File{file}, nil, watch); return err })
		measure("preview-again", look)
		measure("undo", func() error { _, err := s.Undo(b.Context()); return err })
		b.ReportMetric(float64(most-min(most, before.HeapAlloc))/(1<<20), "heap-MB")
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func writeBook(b *testing.B, path string, cards int) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	buffered := bufio.NewWriter(f)
	w := vcard.NewWriter(buffered, vcard.V40)
	for i := range cards {
		if err := w.Write(contacttest.Realistic(9, i)); err != nil {
			b.Fatal(err)
		}
	}
	if err := buffered.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}
