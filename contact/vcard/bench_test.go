package vcard

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"
)

// endless gives n cards as a telephone writes them, one at a time.
type endless struct {
	n, at int
	buf   bytes.Buffer
}

func (e *endless) Read(p []byte) (int, error) {
	if e.buf.Len() == 0 {
		if e.at == e.n {
			return 0, io.EOF
		}
		e.at++
		fmt.Fprintf(&e.buf, "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iOS 17.1//EN\r\nN:Surname%d;Given;;;\r\nFN:Given Surname%d\r\n"+
			"ORG:Company %d;Department\r\nTITLE:Title\r\nEMAIL;type=INTERNET;type=HOME;type=pref:person%d@example.com\r\n"+
			"EMAIL;TYPE=WORK:work%d@example.com\r\nTEL;type=CELL;type=VOICE;type=pref:+1 555 %07d\r\nTEL;type=WORK:+1 556 %07d\r\n"+
			"item1.ADR;type=HOME;type=pref:;;%d Main Street;Town;State;12345;Country\r\nitem1.X-ABADR:us\r\nNOTE:A note of some words\\, with a comma\r\n"+
			"BDAY:1980-05-06\r\nCATEGORIES:Friends,Work\r\nX-ABUID:%d\\:ABPerson\r\nUID:card-%d\r\nEND:VCARD\r\n",
			e.at, e.at, e.at, e.at, e.at, e.at, e.at, e.at, e.at, e.at)
	}
	return e.buf.Read(p)
}

// BenchmarkImport is per card, with the memory that is held at the end of it.
func BenchmarkImport(b *testing.B) {
	b.ReportAllocs()
	readEndless(b, b.N)
}

func readEndless(t tester, n int) (peak uint64) {
	r := NewReader(&endless{n: n})
	count := 0
	for {
		_, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("card %d: %v", count, err)
		}
		if count++; count%1000 == 0 {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	}
	if count != n {
		t.Fatalf("%d cards of %d", count, n)
	}
	return peak
}

// BenchmarkImport100k is one file of 100,000 cards: time and memory per card, and the most that was held.
func BenchmarkImport100k(b *testing.B) {
	for range b.N {
		peak := readEndless(b, 100_000)
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100_000, "ns/card")
		b.ReportMetric(float64(peak)/(1<<20), "MiB-held")
	}
}

func BenchmarkExport(b *testing.B) {
	c, err := NewReader(&endless{n: 1}).Next()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	w := NewWriter(io.Discard, V40)
	for range b.N {
		if err := w.Write(c); err != nil {
			b.Fatal(err)
		}
	}
}

// A file of many cards is read in the memory of one.
func TestFlatMemory(t *testing.T) {
	if peak := readEndless(t, 5000); peak > 16<<20 {
		t.Errorf("%d MiB are held", peak>>20)
	}
}
