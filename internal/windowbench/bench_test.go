//go:build e2e

package windowbench

import (
	"cmp"
	"fmt"
	"image"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/contact"
	"kith/contact/contacttest"
	"kith/data"
)

// rows are the list's, of the window, from its upper left corner: without the box above, that has a blinking cursor, and without what
// comes when the rows stand: the letters beside them, and the total below.
var rows = image.Rect(210, 84, 496, 610)

const startTurns = 15

// BenchmarkStart starts an empty window of Fyne's and Kith in turns, and compares how long each takes until it is on the screen as it
// stays: the empty one with its background, Kith with the rows of its list. The reported times are medians.
func BenchmarkStart(b *testing.B) {
	kith, empty := program(b, "kith"), program(b, "kith/internal/windowbench/testdata/emptywindow")
	for _, contacts := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(contacts), func(b *testing.B) {
			profile := fill(b, contacts)
			d := newDisplay(b)
			for b.Loop() {
				emptyWindow := &started{name: "empty", display: d, args: []string{empty}}
				book := &started{name: "kith", display: d, args: []string{kith, "--profile", profile}, part: rows}
				for _, s := range []*started{emptyWindow, book} {
					s.learn()
				}
				if book.colors < 20 {
					b.Fatalf("the list has %d colours: it shows no rows", book.colors)
				}
				for range startTurns {
					emptyWindow.measure()
					book.measure()
				}
				limit, is := median(emptyWindow.took), median(book.took)
				b.Logf("empty window %v; Kith with %d contacts %v", spread(emptyWindow.took), contacts, spread(book.took))
				b.ReportMetric(ms(is), "ms")
				b.ReportMetric(ms(limit), "limit-ms")
				b.ReportMetric(float64(is)/float64(limit), "ratio")
			}
		})
	}
}

// BenchmarkKey types searches in a book of 100,000, and measures how long each kind of key takes until the rows that it found are on the
// screen; and, as the least that a key costs, a key in a window of Fyne's that does nothing but show what was typed.
func BenchmarkKey(b *testing.B) {
	const contacts = 100_000
	kith, typed := program(b, "kith"), program(b, "kith/internal/windowbench/testdata/typedwindow")
	profile := fill(b, contacts)
	benchmarkKeys(b, []string{typed}, []keyKind{{"Fyne's own", "", "a"}})
	benchmarkKeys(b, []string{kith, "--profile", profile}, []keyKind{
		{"letter", "", "a"},
		{"two letters", "a", "n"},
		{"word", "ann", "a"},
		{"second word", "anna ", "s"},
		{"digit", "", "5"},
		{"number", "015", "1"},
		{"what all have", "exampl", "e"},
		{"nothing", "ann", "z"},
	})
}

// keyKind is a key after what was typed before it.
type keyKind struct{ name, before, key string }

const keyRounds = 7

// benchmarkKeys starts a program whose focus is in a box for text, types, and reports the medians.
func benchmarkKeys(b *testing.B, program []string, kinds []keyKind) {
	for _, kind := range kinds {
		b.Run(kind.name, func(b *testing.B) {
			d := newDisplay(b)
			for b.Loop() {
				cmd := d.command(program[0], program[1:]...)
				if err := cmd.Start(); err != nil {
					b.Fatal(err)
				}
				part := rows.Add(d.window().Min)
				for _, r := range kind.before {
					d.press(strings.ReplaceAll(string(r), " ", "space"))
				}
				before := d.settled(part)
				d.press(kind.key)
				want := d.settled(part)
				d.keep("bench-key-" + strings.ReplaceAll(kind.name, " ", "-"))
				if want == before {
					b.Fatal("the key changes nothing that is seen")
				}
				var took []time.Duration
				for range keyRounds {
					d.press("BackSpace")
					d.settled(part)
					began := time.Now()
					d.press(kind.key)
					d.until("the rows found by "+kind.key, func() bool { return d.sum(part) == want })
					took = append(took, time.Since(began))
					d.settled(part)
				}
				stop(cmd)
				b.Logf("from a key to its rows %v", spread(took))
				const frame = time.Second / 60
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(ms(median(took)), "ms")
				b.ReportMetric(ms(frame), "limit-ms")
				b.ReportMetric(float64(median(took))/float64(frame), "ratio")
			}
		})
	}
}

func (d *display) press(key string) {
	d.b.Helper()
	if _, err := fmt.Fprintf(d.hand, "key %s\n", key); err != nil {
		d.b.Fatal(err)
	}
}

// started is a program that is started again and again.
type started struct {
	*display
	name   string
	args   []string
	part   image.Rectangle // of the window; zero: all of it
	want   uint64          // what that part shows in the end
	colors int
	took   []time.Duration
}

// learn starts the program once to see what it shows in the end, and brings it and its files into the system's memory.
func (s *started) learn() {
	s.b.Helper()
	cmd := s.start()
	defer s.end(cmd)
	at := s.window()
	if s.part.Empty() {
		s.part = at
	} else {
		s.part = s.part.Add(at.Min)
	}
	s.want, s.colors = s.settled(s.part), s.display.colors(s.part)
	s.keep("bench-" + s.name)
}

func (s *started) measure() {
	s.b.Helper()
	began := time.Now()
	cmd := s.start()
	defer s.end(cmd)
	s.until(s.name+" on the screen", func() bool { return s.sum(s.part) == s.want })
	s.took = append(s.took, time.Since(began))
	if now := s.settled(s.part); now != s.want {
		s.b.Fatalf("%s went on to show something else", s.name)
	}
}

func (s *started) start() *exec.Cmd {
	s.b.Helper()
	cmd := s.command(s.args[0], s.args[1:]...)
	if err := cmd.Start(); err != nil {
		s.b.Fatal(err)
	}
	return cmd
}

// end kills the program, and waits until its window is gone from the screen.
func (s *started) end(cmd *exec.Cmd) {
	s.b.Helper()
	stop(cmd)
	s.until("the empty screen", func() bool { return s.sum(s.part) != s.want })
	s.settled(s.part)
}

// program builds one of our programs.
func program(b *testing.B, path string) string {
	b.Helper()
	file := filepath.Join(b.TempDir(), filepath.Base(path))
	if out, err := exec.Command("go", "build", "-o", file, path).CombinedOutput(); err != nil {
		b.Fatalf("build %s: %v\n%s", path, err, out)
	}
	return file
}

// fill makes a profile with so many contacts.
func fill(b *testing.B, n int) string {
	b.Helper()
	dir := b.TempDir()
	store, err := data.Open(b.Context(), dir, data.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for from := 0; from < n; from += 10_000 {
		cards := make([]contact.Card, min(10_000, n-from))
		for i := range cards {
			cards[i] = contacttest.Realistic(1, from+i)
		}
		if _, err := store.AddAll(b.Context(), cards); err != nil {
			b.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
	return dir
}

func median(all []time.Duration) time.Duration { return quantile(all, 0.5) }

func quantile(all []time.Duration, q float64) time.Duration {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b time.Duration) int { return cmp.Compare(a, b) })
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func spread(all []time.Duration) string {
	return fmt.Sprintf("%.0f ms (from %.0f to %.0f; the middle half %.0f to %.0f)", ms(median(all)), ms(slices.Min(all)), ms(slices.Max(all)), ms(quantile(all, 0.25)), ms(quantile(all, 0.75)))
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
