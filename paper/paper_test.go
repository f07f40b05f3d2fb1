package paper

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/contact"
	"kith/contact/contacttest"
)

var printedAt = time.Date(2026, 11, 22, 15, 4, 0, 0, time.UTC)

func of(cards ...contact.Card) iter.Seq2[contact.Card, error] {
	return func(yield func(contact.Card, error) bool) {
		for _, c := range cards {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func mustPrint(t testing.TB, o Options, cards ...contact.Card) (string, Result) {
	t.Helper()
	o.Now, o.CacheDir = printedAt, t.TempDir()
	var b bytes.Buffer
	r, err := Write(&b, of(cards...), o)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), r
}

func realistic(n int) []contact.Card {
	cards := make([]contact.Card, n)
	for i := range cards {
		cards[i] = contacttest.Realistic(5, i)
	}
	return cards
}

// streams are the decompressed contents of a PDF, in order.
func streams(t *testing.T, pdf string) (all []string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`/Length (\d+) [^\n]*>>\nstream\n`).FindAllStringSubmatchIndex(pdf, -1) {
		n, err := strconv.Atoi(pdf[m[2]:m[3]])
		if err != nil {
			t.Fatal(err)
		}
		z, err := zlib.NewReader(strings.NewReader(pdf[m[1] : m[1]+n]))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(b))
	}
	return all
}

// The file is what readers of PDF walk through: each object stands where the table says, and every reference has one.
func TestStructure(t *testing.T) {
	for _, layout := range []Layout{List, Cards} {
		for _, n := range []int{0, 1, 60} {
			pdf, r := mustPrint(t, Options{Layout: layout, Title: "Wer: (山田)"}, realistic(n)...)
			again, _ := mustPrint(t, Options{Layout: layout, Title: "Wer: (山田)"}, realistic(n)...)
			if pdf != again {
				t.Errorf("%s of %d: two prints differ", layout, n)
			}
			start := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindStringSubmatch(pdf)
			if start == nil {
				t.Fatalf("%s of %d has no end", layout, n)
			}
			at, _ := strconv.Atoi(start[1])
			entries := regexp.MustCompile(`(?m)^(\d{10}) 00000 n $`).FindAllStringSubmatch(pdf[at:], -1)
			for i, e := range entries {
				offset, _ := strconv.Atoi(e[1])
				if want := fmt.Sprintf("%d 0 obj\n", i+1); !strings.HasPrefix(pdf[offset:], want) {
					t.Fatalf("object %d is not at %d", i+1, offset)
				}
			}
			for _, ref := range regexp.MustCompile(`(\d+) 0 R\b`).FindAllStringSubmatch(pdf, -1) {
				if number, _ := strconv.Atoi(ref[1]); number < 1 || number > len(entries) {
					t.Errorf("a reference to object %s of %d", ref[1], len(entries))
				}
			}
			if pages := strings.Count(pdf, "/Type /Page "); pages != r.Pages || r.Contacts != n || pages == 0 {
				t.Errorf("%s of %d: %d pages, %+v", layout, n, pages, r)
			}
		}
	}
}

// Nothing is drawn outside of the paper's margins, whatever the contacts hold.
func TestInsideThePage(t *testing.T) {
	cards := append(realistic(150),
		contact.New().WithFullName(strings.Repeat("Wolfeschlegelsteinhausen", 20)).WithNote(strings.Repeat("a very long note\n", 300)),
		contact.New().WithFullName("Many").WithPhones(slices.Repeat([]contact.Entry{{Value: "+49 1"}}, 200)))
	position := regexp.MustCompile(`1 0 0 1 (\S+) (\S+) (Tm|cm)`)
	for _, layout := range []Layout{List, Cards} {
		for _, size := range []Size{A4, Letter} {
			pdf, _ := mustPrint(t, Options{Layout: layout, Size: size, Title: "All"}, cards...)
			for _, content := range streams(t, pdf) {
				if !strings.Contains(content, "/Total Do") {
					continue // a glyph
				}
				for _, m := range position.FindAllStringSubmatch(content, -1) {
					x, _ := strconv.ParseFloat(m[1], 64)
					y, _ := strconv.ParseFloat(m[2], 64)
					if x < margin-2 || x > size.Width-margin+2 || y < margin-footer-2 || y > size.Height-margin+2 {
						t.Fatalf("%s on %s: text at %.1f, %.1f", layout, size.Name, x, y)
					}
				}
			}
		}
	}
}

func TestMissingGlyphs(t *testing.T) {
	_, r := mustPrint(t, Options{}, contact.New().WithFullName("Ada \U0010FFFD Ĺovelace Юрий Σ"))
	if string(r.Missing) != "\U0010FFFD" {
		t.Errorf("missing %q; want the one that no font has", string(r.Missing))
	}
}

// Text that runs from right to left is laid out so: the first letter stands last.
func TestDirections(t *testing.T) {
	ts, err := newTypesetter(Options{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, text, want string }{
		{"left to right", "abc", "abc"},
		{"right to left", "אבג", "גבא"},
		{"a word from the right within a line from the left", "a אב c", "a בא c"},
		{"a word from the left within a line from the right", "אב x1 גד", "דג x1 בא"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lines := ts.lines(tt.text, false, 10, 500, 0)
			if len(lines) != 1 {
				t.Fatalf("%d lines", len(lines))
			}
			got := ""
			for _, run := range lines[0].runs {
				for _, g := range run.Glyphs {
					got += string(lines[0].text[g.TextIndex()])
				}
			}
			if got != tt.want {
				t.Errorf("drawn as %q; want %q", got, tt.want)
			}
		})
	}
	if got := len(ts.lines("one two three four five six seven", false, 10, 60, 2)); got != 2 {
		t.Errorf("%d lines; want 2 at most", got)
	}
}

func TestSizeFor(t *testing.T) {
	for locale, want := range map[string]Size{
		"": A4, "C": A4, "C.UTF-8": A4, "en_US.UTF-8": Letter, "en-US": Letter, "es_MX": Letter, "de_DE@euro": A4, "zh-Hant-TW": A4, "fr_CA": Letter, "en": A4,
	} {
		if got := SizeFor(locale); got != want {
			t.Errorf("%q: %s; want %s", locale, got.Name, want.Name)
		}
	}
}

func TestValues(t *testing.T) {
	c := contact.New().WithFullName("Ada").WithTitle("Countess").WithOrganization("Society").WithLabel("Maths", true).
		WithPhones([]contact.Entry{{Value: "1", Kind: "mobile"}, {Value: "2", Label: "Car"}, {Value: "3"}}).
		WithBirthday(contact.Date{Month: 12, Day: 10}).WithNote("a note")
	var got []string
	for _, v := range (Options{Date: contact.Date.String, Words: english}).values(c) {
		got = append(got, v.label+": "+v.text)
	}
	if want := []string{"Mobile: 1", "Car: 2", "Phone: 3", "Birthday: --12-10", "Labels: Maths", "Note: a note"}; !slices.Equal(got, want) {
		t.Errorf("values %q; want %q", got, want)
	}
	if got := work(c); got != "Countess, Society" {
		t.Errorf("work = %q", got)
	}
}

func TestErrors(t *testing.T) {
	broken := errors.New("broken")
	failing := func(yield func(contact.Card, error) bool) { yield(contact.Card{}, broken) }
	if _, err := Write(io.Discard, failing, Options{}); !errors.Is(err, broken) {
		t.Errorf("a card that can't be read: %v", err)
	}
	if _, err := Write(full{}, of(realistic(200)...), Options{CacheDir: t.TempDir()}); !errors.Is(err, errFull) {
		t.Errorf("a full disk: %v", err)
	}
	if _, err := Write(io.Discard, of(), Options{Regular: []byte("no font")}); err == nil {
		t.Error("no font is no error")
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func BenchmarkList(b *testing.B) {
	cards := realistic(1000)
	for b.Loop() {
		mustPrint(b, Options{}, cards...)
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(cards)), "µs/card")
}
