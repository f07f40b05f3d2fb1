package vcard

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the goldens anew")

func corpus(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*.vcf")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	return files
}

// TestCorpus reads what each program writes, loses nothing on the way back, and makes the card that the golden shows.
func TestCorpus(t *testing.T) {
	for _, name := range corpus(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			file, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			cards, broken := readAll(t, file)
			for _, b := range broken {
				t.Errorf("line %d: %v", b.Line, b.Err)
			}
			if err := checkLossless(t, file); err != nil {
				t.Error(err)
			}
			var got bytes.Buffer
			for _, c := range cards {
				if err := c.Validate(); err != nil {
					t.Errorf("Validate %s: %v", c.UID(), err)
				}
				got.Write(indent(t, c.JSON()))
				got.WriteString("\n")
			}
			got.WriteString("\n" + string(write(t, V30, cards...)) + "\n" + string(write(t, V40, cards...)))
			golden(t, strings.TrimSuffix(name, ".vcf")+".golden", got.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	got = bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n"))
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what comes out now; if that is right, run with -update and read the difference.\ngot:\n%s", name, got)
	}
}

func indent(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := json.Indent(&out, b, "", "  "); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
