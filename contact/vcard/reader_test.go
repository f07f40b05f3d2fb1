package vcard

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"kith/contact"
)

func TestBrokenCardsAreSkipped(t *testing.T) {
	file := strings.Join([]string{
		"From: somebody", // 1
		"",
		"BEGIN:VCARD", // 3
		"FN:One",
		"END:VCARD",
		"BEGIN:VCARD", // 6: no END
		"FN:Two",
		"BEGIN:VCARD", // 8
		"FN:Three",
		"this line is none", // 10
		"END:VCARD",
		"BEGIN:VCARD", // 12
		"FN:Four",
		"END:VCARD",
		"BEGIN:VCARD", // 15
		"N<a>:x",
		"END:VCARD",
		"begin:vcard", // 18
		"fn:Five",
		"end:vcard",
		"BEGIN:VCARD", // 21
		"FN:Six",
	}, "\n")
	cards, broken := readAll(t, []byte(file))
	var names, faults []string
	for _, c := range cards {
		names = append(names, c.FullName())
	}
	rest := 0
	for _, b := range broken {
		faults = append(faults, fmt.Sprintf("%d %v", b.Line, b.Err))
		rest += len(b.Raw)
	}
	if got := strings.Join(names, ","); got != "One,Four,Five" {
		t.Errorf("cards %s", got)
	}
	want := []string{"1 " + ErrOutside.Error(), "6 " + ErrNoEnd.Error(), "10 " + ErrNoColon.Error(), `16 ` + ErrName.Error() + `: "N<a>"`, "21 " + ErrNoEnd.Error()}
	if got := strings.Join(faults, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("broken:\n%s", got)
	}
	whole := 0
	for _, name := range []string{"One", "Four", "Five"} {
		whole += len("BEGIN:VCARD\nFN:\nEND:VCARD\n") + len(name)
	}
	if rest+whole != len(file) {
		t.Errorf("%d of %d bytes are in neither a card nor a broken one", len(file)-rest-whole, len(file))
	}
	if !strings.Contains(string(broken[2].Raw), "this line is none\n") {
		t.Errorf("raw is %q", broken[2].Raw)
	}
}

// A file without any card is one broken part, an empty one is none.
func TestNotVCards(t *testing.T) {
	for file, want := range map[string]int{"": 0, "\xef\xbb\xbf": 0, "\r\n \r\n": 0, "<html>\n<p>BEGIN</p>": 1, "name,phone\nA,1\n": 1} {
		if cards, broken := readAll(t, []byte(file)); len(cards) != 0 || len(broken) != want {
			t.Errorf("%q: %d cards, %d broken", file, len(cards), len(broken))
		}
	}
}

func TestReadErrorIsFinal(t *testing.T) {
	boom := errors.New("the disk is gone")
	r := NewReader(io.MultiReader(strings.NewReader("BEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\n"), iotest.ErrReader(boom)))
	if _, err := r.Next(); err != nil {
		t.Fatalf("first: %v", err)
	}
	if _, err := r.Next(); !errors.Is(err, boom) {
		t.Errorf("second: %v", err)
	}
}

// A large photo is reported, and the card is whole.
func TestLargeCardIsWhole(t *testing.T) {
	photo := strings.Repeat("iVBORw0K", 40<<10)
	r := NewReader(strings.NewReader("\nBEGIN:VCARD\nVERSION:3.0\nFN:A\nPHOTO;ENCODING=b;TYPE=PNG:" + photo + "\nEND:VCARD\n"))
	c, err := r.Next()
	var large *LargeCard
	if !errors.As(err, &large) || large.Line != 2 || large.Bytes <= contact.MaxBytes {
		t.Fatalf("err %v", err)
	}
	if out := write(t, V30, c); !strings.Contains(strings.ReplaceAll(string(out), "\r\n ", ""), photo) {
		t.Error("the photo is not whole")
	}
	if large.Bytes > len(photo)+2000 {
		t.Errorf("%d bytes for a photo of %d", large.Bytes, len(photo))
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("then %v", err)
	}
}

// The longest thing held is one card; what is longer comes in pieces, and none is lost.
func TestEndlessCard(t *testing.T) {
	line := strings.Repeat("x", 1<<20) + "\n"
	size := 0
	file := io.MultiReader(strings.NewReader("BEGIN:VCARD\n"), strings.NewReader(strings.Repeat(line, 70)), strings.NewReader("END:VCARD\nBEGIN:VCARD\nFN:A\nEND:VCARD\n"))
	r := NewReader(file)
	for {
		c, err := r.Next()
		var broken *BrokenCard
		if errors.As(err, &broken) {
			if len(broken.Raw) > maxCardBytes {
				t.Errorf("%d bytes at once", len(broken.Raw))
			}
			size += len(broken.Raw)
			continue
		}
		if err != nil {
			t.Fatalf("Next: %v", err)
		}
		if c.FullName() != "A" {
			t.Errorf("card %s", c.JSON())
		}
		break
	}
	if want := len("BEGIN:VCARD\nEND:VCARD\n") + 70*len(line); size != want {
		t.Errorf("%d bytes of %d", size, want)
	}
}

// The same file gives the same cards everywhere; so do a UID of another form and none.
func TestSameFileSameCards(t *testing.T) {
	for _, tc := range []struct{ uid, want string }{
		{"UID:abc-DEF_1", "abc-DEF_1"},
		{"UID:urn:uuid:F81D4FAE-7dec-11d0-a765-00a0c91e6bf6", "F81D4FAE-7dec-11d0-a765-00a0c91e6bf6"},
		{"UID:http://example.com/people/1", ""}, {"UID:" + strings.Repeat("x", 256), ""}, {"NOTE:no uid", ""}, {"UID:", ""},
	} {
		file := "BEGIN:VCARD\nVERSION:4.0\nFN:A\nTEL:1\nTEL:2\n" + tc.uid + "\nEND:VCARD\n"
		first, _ := readAll(t, []byte(file))
		second, _ := readAll(t, []byte(file))
		if !first[0].Equal(second[0]) {
			t.Errorf("%s: two cards", tc.uid)
		}
		if uid := first[0].UID(); tc.want != "" && uid != tc.want || tc.want == "" && !isUUID(uid) {
			t.Errorf("%s: uid %s", tc.uid, uid)
		}
		again, _ := readAll(t, write(t, V40, first[0]))
		if again[0].UID() != first[0].UID() {
			t.Errorf("%s: uid %s, then %s", tc.uid, first[0].UID(), again[0].UID())
		}
	}
}

// Entries stand in the order of the file, and what the user adds stands behind them.
func TestOrder(t *testing.T) {
	var file strings.Builder
	file.WriteString("BEGIN:VCARD\nVERSION:4.0\nFN:A\nROLE:second\nTITLE:first\n")
	for i := range 100 {
		fmt.Fprintf(&file, "TEL:%d\n", i)
	}
	file.WriteString("END:VCARD\n")
	cards, _ := readAll(t, []byte(file.String()))
	phones := cards[0].WithPhones(append(cards[0].Phones(), contact.Entry{Value: "100"})).Phones()
	for i, p := range phones {
		if p.Value != fmt.Sprint(i) || p.Pref != 0 {
			t.Fatalf("phone %d is %+v", i, p)
		}
	}
	if cards[0].Title() != "first" {
		t.Errorf("title %q", cards[0].Title())
	}
}
