package csv

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// Whatever becomes of the rows, their raw text is the file's, to the byte.
func TestRawRowsAreTheFile(t *testing.T) {
	for _, file := range []string{
		"a,b\r\nc,\"d\r\ne\"\rf,\"g\nh,i\n\n\r\nj", "\"open\n" + strings.Repeat("x\"y,\"z\n", 100), "x," + strings.Repeat("long", maxRow) + "\r\nb\r\n",
		strings.Repeat("y", maxRow), strings.Repeat("y", maxRow) + "\n", "a,\"" + strings.Repeat("y", maxRow+5) + "\"\nb", "a,\"\n" + strings.Repeat("y", maxRow+5) + "\nb",
	} {
		r := newRows(strings.NewReader(file), ',')
		var raw strings.Builder
		lines := 0
		for {
			_, line, err := r.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if line < lines {
				t.Errorf("%.40q: line %d after %d", file, line, lines)
			}
			lines = line
			raw.Write(r.raw)
		}
		blank := strings.NewReplacer("\n\n\r\n", "\n", "\n\n", "\n") // lines without a letter are no rows
		if got, want := blank.Replace(raw.String()), blank.Replace(file); got != want && got != strings.TrimSuffix(want, "\n") {
			t.Errorf("%.40q (%d bytes) came as %.40q (%d)", file, len(want), got, len(got))
		}
	}
}

// A file in which each line opens a quote and none closes one is read in the time of any other: without a bound on what is read
// twice, these 4 MB would be 500 GB.
func TestQuotesThatNothingCloses(t *testing.T) {
	const n = 500_000
	r := newRows(strings.NewReader(strings.Repeat("x\"y,\"z\n", n)), ',')
	rows := 0
	for {
		_, line, err := r.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if rows++; line != rows || !errors.Is(err, ErrUnclosed) {
			t.Fatalf("row %d is at line %d, %v", rows, line, err)
		}
	}
	if rows != n {
		t.Errorf("%d rows, want %d", rows, n)
	}
}
