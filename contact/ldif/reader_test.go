package ldif

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/contact"
)

var update = flag.Bool("update", false, "write the goldens anew")

func corpus(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*.ldif")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	return files
}

func readAll(t testing.TB, file []byte, options ...Option) (cards []contact.Card, broken []*BrokenRecord) {
	t.Helper()
	r := NewReader(bytes.NewReader(file), options...)
	for {
		c, err := r.Next()
		var part *BrokenRecord
		switch {
		case errors.Is(err, io.EOF):
			return cards, broken
		case errors.As(err, &part):
			broken = append(broken, part)
		case err != nil:
			t.Fatal(err)
		default:
			cards = append(cards, c)
		}
	}
}

// TestCorpus reads what each program writes, and makes the cards and the complaints that the golden shows.
func TestCorpus(t *testing.T) {
	for _, name := range corpus(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			file, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if err := checkLossless(file); err != nil {
				t.Error(err)
			}
			cards, broken := readAll(t, file)
			var got bytes.Buffer
			for _, c := range cards {
				if err := json.Indent(&got, c.JSON(), "", "  "); err != nil {
					t.Fatal(err)
				}
				got.WriteString("\n")
			}
			for _, b := range broken {
				fmt.Fprintf(&got, "%v\n", b)
			}
			golden := strings.TrimSuffix(name, ".ldif") + ".golden"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want, err := os.ReadFile(golden); err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s is not what comes out now (%v); if that is right, run with -update and read the difference.\ngot:\n%s", golden, err, &got)
			}
		})
	}
}

// checkLossless holds that each value of each record is in its card, and that cards are valid and the same each time.
func checkLossless(file []byte) error {
	r := NewReader(bytes.NewReader(file))
	records := newScanner(bytes.NewReader(file))
	for {
		card, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			continue // it is in the broken record's Raw
		}
		if again, err := contact.Parse(card.JSON()); err != nil || !again.Equal(card) {
			return fmt.Errorf("%s is read again as another card: %w", card.JSON(), err)
		}
		for records.number < r.records.number { // the same record, and those that are none or broken before it
			if err := records.next(); err != nil && !errors.Is(err, ErrTooLong) {
				return err
			}
		}
		attributes, err := records.attributes()
		if err != nil {
			return err
		}
		held := leaves(card)
		for _, a := range attributes {
			if !holds(held, a) {
				return fmt.Errorf("line %d: %s %q is not in %s", a.line, a.name, a.value, card.JSON())
			}
		}
	}
}

func holds(held string, a attribute) bool {
	p := placeOf(a)
	switch {
	case isFrame(a), a.name == "changetype", p.what >= birthYear && p.what <= wedding, p.what == identity:
		return true // said in other words
	case a.form == encoded && strings.Contains(held, base64.StdEncoding.EncodeToString([]byte(a.value))):
		return true
	case p.what == member: // by a contact's uid
		return true
	case p.what == fullAddress && strings.Contains(squeeze(held), squeeze(lines(toUTF8([]byte(a.value))))):
		return true
	}
	for word := range strings.FieldsSeq(toUTF8([]byte(a.value))) {
		if !strings.Contains(held, word) {
			return false
		}
	}
	return true
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// leaves are all texts and names of a card.
func leaves(c contact.Card) string {
	var v any
	if err := json.Unmarshal(c.JSON(), &v); err != nil {
		return ""
	}
	var b strings.Builder
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, child := range v {
				b.WriteString(name + "\n")
				walk(child)
			}
		case []any:
			for _, child := range v {
				walk(child)
			}
		case string:
			b.WriteString(v + "\n")
		}
	}
	walk(v)
	return b.String()
}

func TestRecords(t *testing.T) {
	for _, tc := range []struct {
		name, file string
		cards      string // display names
		broken     string // line: reason
	}{
		{"line ends", "dn: a\ncn: A\n\ndn: b\r\ncn: B\r\n\r\ndn: c\rcn: C\r\rdn: d\ncn: D", "A,B,C,D", ""},
		{"no blank behind the colon", "dn:x\ncn:A\n", "A", ""},
		{"folds", "dn: x\nc\n n: A\n B\n  C\n", "AB C", ""},
		{"a fold inside a character", "dn: x\ncn: Zo\xc3\n \xab\n", "Zoë", ""},
		{"base64, folded and without padding", "dn: x\ncn:: Wm\n /Dqw\n\ndn: y\ncn:: Wm/Dqw==\n", "Zoë,Zoë", ""},
		{"comments with folds", "# a\n b: c\ndn: x\n# cn: no\n#\n cn: no\ncn: A\n", "A", ""},
		{"the version, and empty lines", "\xef\xbb\xbfversion: 1\n\n\n\n dn: broken\n\ndn: a\ncn: A\n", "A", "5"},
		{"an address by URL is not fetched", "dn: x\ncn: A\njpegPhoto:< file:///etc/passwd\n", "A", ""},
		{"no colon", "dn: x\ncn A\n\ndn: y\ncn: B\n", "B", "2: no colon"},
		{"bad base64", "dn: x\ncn:: !!!\n\ndn: y\ncn: B\n", "B", "2: the value"},
		{"no entry", "hello: world\n\ndn: y\ncn: B\n", "B", "1: there is no"},
		{"a change", "dn: x\nchangetype: modify\nadd: mail\nmail: a@b\n-\n\ndn: y\nchangetype: add\ncn: B\n", "B", "2: this record changes"},
		{"nobody", "dn: x\nemployeetype: y\n\ndn: y\ncn: B\n", "B", "1: the contact has nothing"},
		{"too long", "dn: x\ncn: " + strings.Repeat("x", maxRecord) + "\nmail: a@b\n\ndn: y\ncn: B\n", "B", "1: the record is longer;2: the record is longer"},
		{"many of everything", "dn: x\ncn: A\n" + strings.Repeat("mail: a@b.c\nou: d\ncn: e\nmember: cn=f,mail=g@h\n", 6000), "A", ""},
		{"too much", "dn: x\ncn: A\n" + "employeetype: a\nemployeetype: " + strings.Repeat("a", maxText) + "\n" + "\ndn: y\ncn: B\n", "B", "4: the record has more"},
		{"without dn", "cn: A\nmail: a@b.c\n", "A", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cards, broken := readAll(t, []byte(tc.file))
			var names, reasons []string
			for _, c := range cards {
				names = append(names, c.DisplayName())
			}
			for _, b := range broken {
				reasons = append(reasons, fmt.Sprintf("%d: %v", b.Line, b.Err))
			}
			if got := strings.Join(names, ","); got != tc.cards {
				t.Errorf("cards %q, want %q", got, tc.cards)
			}
			want := strings.Split(tc.broken, ";")
			for i, reason := range reasons {
				if i >= len(want) || !strings.HasPrefix(reason, want[i]) {
					t.Errorf("broken %q, want %q", reasons, want)
				}
			}
			if tc.broken != "" && len(reasons) != len(want) {
				t.Errorf("broken %q, want %q", reasons, want)
			}
		})
	}
}

// What is read and what is broken is the whole file, to the byte.
func TestRawIsTheFile(t *testing.T) {
	for _, name := range corpus(t) {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		checkRaw(t, file)
	}
	checkRaw(t, []byte("dn: x\r\ncn: A\r\n\r\ndn: "+strings.Repeat("y", 2*maxRecord)+"\r\n\r\ndn: z"))
}

func checkRaw(t *testing.T, file []byte) {
	t.Helper()
	s := newScanner(bytes.NewReader(file))
	var raw []byte
	for {
		err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, ErrTooLong) {
			t.Fatal(err)
		}
		raw = append(raw, s.raw...)
	}
	squeeze := func(b []byte) []byte {
		b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
		return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r"), nil), []byte("\n"), nil) // empty lines between records are no record's
	}
	if !bytes.Equal(squeeze(raw), squeeze(file)) {
		t.Errorf("%.80q came as %.80q", file, raw)
	}
}

// The same contact is the same card, whenever and in whatever order it was written.
func TestStableUIDs(t *testing.T) {
	uid := func(file string) string {
		cards, _ := readAll(t, []byte(file))
		return cards[0].UID()
	}
	first := uid("dn: x\ncn: A\nmail: a@b.c\nmodifytimestamp: 1Z\n")
	for _, tc := range []struct {
		file string
		same bool
	}{
		{"dn: x\nmodifytimestamp: 2Z\nmail: a@b.c\ncn: A\n", true}, {"dn: x\nmail: b@b.c\ncn: A\n", false}, {"dn: x\nmail: a@b.c\ncn;x: A\ncn: A\n", false},
	} {
		if got := uid(tc.file); (got == first) != tc.same {
			t.Errorf("%q has the uid %s, the first %s", tc.file, got, first)
		}
	}
	if got := uid("dn: x\ncn: A\nentryUUID: 7F2C0D1E-3B4A-4C5D-8E6F-9A0B1C2D3E4F\n"); got != "7f2c0d1e-3b4a-4c5d-8e6f-9a0b1c2d3e4f" {
		t.Errorf("uid %s", got)
	}
}

// Of several organizations, titles and notes the first is the contact's, and the departments are the first organization's.
func TestFirstOfSeveral(t *testing.T) {
	for _, file := range []string{"ou: D\no: First\ntitle: One\no: Second\ntitle: Two\nbusinessRole: R\n", "o: First\nou: D\ntitle: One\n", "businessRole: R\ntitle: One\no: First\nou: D\no: Second\n"} {
		cards, _ := readAll(t, []byte("dn: x\ncn: A\n"+file))
		if c := cards[0]; c.Organization() != "First" || c.Title() != "One" {
			t.Errorf("%q: %q, %q of %s", file, c.Organization(), c.Title(), c.JSON())
		}
		for _, e := range members(cards[0].Object()["organizations"]) {
			if units, _ := members(e)["units"].([]any); (members(e)["name"] == "First") != (len(units) == 1) {
				t.Errorf("%q: departments of %v", file, e)
			}
		}
	}
}

func TestBlobs(t *testing.T) {
	file, err := os.ReadFile("testdata/directory.ldif")
	if err != nil {
		t.Fatal(err)
	}
	var got []contact.Blob
	cards, _ := readAll(t, file, TakeBlobs(func(b contact.Blob) error { got = append(got, b); return nil }))
	if len(got) != 1 || got[0].Type != "image/jpeg" || len(cards[0].BlobIDs()) != 1 || cards[0].BlobIDs()[0] != got[0].ID {
		t.Errorf("blobs %v of %s", got, cards[0].JSON())
	}
	full := errors.New("the disk is full")
	if _, err := NewReader(bytes.NewReader(file), TakeBlobs(func(contact.Blob) error { return full })).Next(); !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
}

// FuzzRead: no input makes the reader crash, hang or forget a value or a byte.
func FuzzRead(f *testing.F) {
	for _, name := range corpus(f) {
		file, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Add([]byte("dn: x\r\r\ncn:: Zm8=\n a\n#\n b\n\nmember: y\nbirthday: 31\nbirthmonth: 2"))
	f.Fuzz(func(t *testing.T, file []byte) {
		checkRaw(t, file)
		if err := checkLossless(file); err != nil {
			t.Fatal(err)
		}
	})
}

// endless gives n records, one at a time.
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
		fmt.Fprintf(&e.buf, "dn: cn=Given Surname%d,mail=person%d@example.com\nobjectclass: top\nobjectclass: mozillaAbPersonAlpha\ngivenName: Given\nsn: Surname%d\n"+
			"cn: Given Surname%d\nmail: person%d@example.com\ntelephoneNumber: +1 555 %07d\nmobile: +1 556 %07d\nmozillaHomeStreet: %d Main Street\n"+
			"mozillaHomeLocalityName: Town\no: Company %d\ntitle: Title\ndescription:: QSBub3RlIG9mIHNvbWUgd29yZHM=\n\n",
			e.at, e.at, e.at, e.at, e.at, e.at, e.at, e.at, e.at)
	}
	return e.buf.Read(p)
}

// BenchmarkImport is per record.
func BenchmarkImport(b *testing.B) {
	b.ReportAllocs()
	r := NewReader(&endless{n: b.N})
	for range b.N {
		if _, err := r.Next(); err != nil {
			b.Fatal(err)
		}
	}
}
