package vcard

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"
)

// Files of the corpus that were damaged at random are read to their end, and what is still a card loses nothing on its way out.
func TestMutatedCorpus(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var files [][]byte
	for _, name := range corpus(t) {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	for range 150 {
		file := mutate(random, files)
		_, broken := readAll(t, file)
		for _, b := range broken {
			if b.Line < 1 || b.Err == nil || len(b.Raw) == 0 {
				t.Fatalf("seed %d: broken %+v of\n%q", seed, b, file)
			}
		}
		if err := checkFile(t, file); err != nil {
			t.Fatalf("seed %d: %v of\n%q", seed, err, file)
		}
	}
}

// mutate damages one of the files in up to four places: bytes change, go and come, lines are doubled, lost, and put elsewhere, also in
// another file.
func mutate(random *rand.Rand, files [][]byte) []byte {
	file := slices.Clone(files[random.IntN(len(files))])
	other := files[random.IntN(len(files))]
	for range 1 + random.IntN(4) {
		if len(file) == 0 {
			break
		}
		at := random.IntN(len(file))
		lines := bytes.SplitAfter(file, []byte("\n"))
		line := random.IntN(len(lines))
		switch random.IntN(7) {
		case 0:
			file[at] = byte(random.Uint32())
		case 1:
			file = slices.Delete(file, at, min(at+1+random.IntN(8), len(file)))
		case 2:
			file = slices.Insert(file, at, []byte(marks[random.IntN(len(marks))])...)
		case 3:
			file = bytes.Join(slices.Delete(lines, line, line+1), nil)
		case 4:
			file = bytes.Join(slices.Insert(lines, random.IntN(len(lines)), lines[line]), nil)
		case 5:
			from := bytes.SplitAfter(other, []byte("\n"))
			file = bytes.Join(slices.Insert(lines, line, from[random.IntN(len(from))]), nil)
		case 6:
			file = file[:at]
		}
	}
	return file
}

// marks are what means something in a content line.
var marks = []string{":", ";", ",", `"`, "=", "\\", "\r", "\n", "\n ", "=\n", "^", "\x00", "\xff", "é", ".", "BEGIN:VCARD\n", "END:VCARD\n", ";ENCODING=b", ";CHARSET=utf-16"}
