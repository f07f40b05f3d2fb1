package cardfile

import (
	"errors"
	"io"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"kith/contact"
	"kith/contact/csv"
)

func utf16(t *testing.T, s string) string {
	t.Helper()
	out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const twoCards = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada Lovelace\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:2.1\r\nN:Hopper;Grace\r\nEND:VCARD\r\n"

func TestSniff(t *testing.T) {
	for _, tc := range []struct {
		name, file, content string
		want                Format
		err                 string
	}{
		{"vCard", "", twoCards, VCard, ""},
		{"vCard in small letters and UTF-16", "", utf16(t, strings.ToLower(twoCards)), VCard, ""},
		{"vCard behind a heading", "a.txt", "\xef\xbb\xbfmy friends\n\n" + twoCards, VCard, ""},
		{"a broken vCard by its name", "a.VCF", "VERSION:3.0\nFN:a\n", VCard, ""},
		{"JSON", "a.txt", " \n[{}]", JSON, ""},
		{"LDIF", "a.txt", "# extended LDIF\r\n#\r\n goes on\r\nversion: 1\r\n\r\ndn: x\r\ncn: A", LDIF, ""},
		{"LDIF whose note is a vCard", "", "dn:: eA==\ncn: A\ndescription: x\n\nBEGIN:VCARD\n", LDIF, ""},
		{"a broken LDIF by its name", "a.ldif", "cn: A\n", LDIF, ""},
		{"Google's table", "", "First Name,Last Name,E-mail 1 - Value\nAda,King,a@b.c\n", CSV, ""},
		{"a table in UTF-16", "contacts.txt", utf16(t, "Vorname\tNachname\tOrt\nAda\tKing\tLeeds\n"), CSV, ""},
		{"a table of one column", "", "E-mail\na@b.c\n", CSV, ""},
		{"a table without a header", "", "Ada,a@b.c\nBob,b@b.c\nCleo,c@b.c\n", CSV, ""},
		{"a table of strange columns", "a.csv", "foo,bar\n1,2\n", CSV, ""},
		{"a table of strange columns and a strange name", "a.txt", "foo,bar\n1,2\n", "", "neither vCard"},
		{"a table whose note speaks of vCards", "", "Name,Notes\nAda,begin:vcard is how it begins\n", CSV, ""},
		{"prose", "letter.txt", "Dear Ada, please note that the phone rings, and that it does so often, in the night.\nYours\n", "", "neither vCard"},
		{"an e-mail", "a.eml", "Received: from b.c; Mon, 3 Jan 2022\nFrom: a@b.c, d@e.f\n\nHello\n", "", "neither vCard"},
		{"nothing", "a.vcf", "\xef\xbb\xbf\r\n ", "", "empty"},
		{"a workbook", "a.csv", "PK\x03\x04....", "", "as CSV"},
		{"Thunderbird's database", "abook.sqlite", "SQLite format 3\x00....", "", "as vCard"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Sniff([]byte(tc.content), tc.file)
			if got != tc.want || (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("got %q, %v; want %q, %q", got, err, tc.want, tc.err)
			}
		})
	}
}

// read gives the names of the cards, the broken parts, and everything as it stood in the file.
func read(t *testing.T, content string, options ...Option) (names string, broken []*Broken, raw string) {
	t.Helper()
	r, err := NewReader(strings.NewReader(content), "", options...)
	if err != nil {
		t.Fatal(err)
	}
	raw = string(r.Head())
	for line := 0; ; {
		c, err := r.Next()
		var part *Broken
		switch {
		case errors.Is(err, io.EOF):
			return strings.Trim(names, ","), broken, raw
		case errors.As(err, &part):
			broken = append(broken, part)
			raw += string(part.Raw)
			continue
		case err != nil:
			t.Fatal(err)
		}
		if r.Line() <= line {
			t.Errorf("%s is at line %d, behind line %d", c.DisplayName(), r.Line(), line)
		}
		line = r.Line()
		names += "," + c.DisplayName()
		raw += string(r.Raw())
	}
}

// Each format gives its cards, what is broken with its line, and all of it as it stood in the file.
func TestFormats(t *testing.T) {
	for _, tc := range []struct {
		name, content, want string
		lines               []int
		raw                 string // "": the content
	}{
		{"vCard", twoCards + "stray\r\nBEGIN:VCARD\r\nno property\r\nEND:VCARD\r\n", "Ada Lovelace,Grace Hopper", []int{9, 11}, ""},
		{"CSV", "Name;Notes\r\nAda;\r\n;nobody\r\n\"Gra\"\"ce\";\"a\nb\"\r\nx;\"y\n", "Ada,Gra\"ce", []int{3, 6}, ""},
		{"CSV without a header", "Ada,a@b.c\nBob,b@b.c\nCleo,c@b.c", "a@b.c,b@b.c,c@b.c", nil, ""},
		{"LDIF", "version: 1\n\ndn: x\ncn: Ada\n\ndn: y\ncn\n\ndn: z\ncn: Bob", "Ada,Bob", []int{7}, "dn: x\ncn: Ada\n\ndn: y\ncn\n\ndn: z\ncn: Bob"},
		{"an array", "[ {\"name\":{\"full\":\"Ada\"}},\n5,\n{\"name\":{\"full\":\"Bob\"}} ]", "Ada,Bob", []int{2}, "{\"name\":{\"full\":\"Ada\"}}\n5\n{\"name\":{\"full\":\"Bob\"}}\n"},
		{"JSON in a row", "\n{\"name\":{\"full\":\"Ada\"}}\n{\"name\":{\"full\":\"Bob\"}}", "Ada,Bob", nil, "{\"name\":{\"full\":\"Ada\"}}\n{\"name\":{\"full\":\"Bob\"}}\n"},
		{"an empty array", "\xef\xbb\xbf[]", "", nil, "-"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			names, broken, raw := read(t, tc.content)
			if names != tc.want || len(broken) != len(tc.lines) {
				t.Errorf("got %q and %v, want %q and %d broken", names, broken, tc.want, len(tc.lines))
			}
			for i, line := range tc.lines {
				if i < len(broken) && broken[i].Line != line {
					t.Errorf("broken at line %d (%v), want %d", broken[i].Line, broken[i], line)
				}
			}
			want := tc.raw
			if want == "" {
				want = tc.content
			}
			if raw != strings.Trim(want, "-") {
				t.Errorf("raw is %q, want %q", raw, want)
			}
		})
	}
}

func TestBrokenJSON(t *testing.T) {
	for _, tc := range []struct{ name, content, want string }{
		{"cut off", "[{},\n{\"a\":", "line 2"}, {"no JSON", "[{}\n;]", "line 2"}, {"something behind", "{}\n}", "line 2"},
		{"endless", "[\n\"" + strings.Repeat("x", maxJSON+sniffed), "32 MiB"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := NewReader(strings.NewReader(tc.content), "")
			for err == nil {
				_, err = r.Next()
			}
			if errors.Is(err, io.EOF) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

// Photos go to TakeBlobs out of every format that has them.
func TestBlobs(t *testing.T) {
	for _, content := range []string{
		"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:a\r\nPHOTO:data:image/jpeg;base64,aGVsbG8=\r\nEND:VCARD\r\n",
		"dn: x\ncn: a\njpegPhoto:: /9j/aGVsbG8=\n",
		`{"media":{"m":{"kind":"photo","uri":"data:image/jpeg;base64,aGVsbG8="}},"name":{"full":"a"}}`,
	} {
		var got []contact.Blob
		names, broken, _ := read(t, content, TakeBlobs(func(b contact.Blob) error { got = append(got, b); return nil }))
		if names != "a" || len(broken) > 0 || len(got) != 1 || got[0].Type != "image/jpeg" || !strings.HasSuffix(string(got[0].Bytes), "hello") {
			t.Errorf("%q gave %q, %v and %v", content, names, broken, got)
		}
	}
	r, err := NewReader(strings.NewReader("BEGIN:VCARD\nFN:a\nPHOTO;ENCODING=b:"+strings.Repeat("AAAA", contact.MaxBytes)+"\nEND:VCARD\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Next(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a card with a large photo in it: %v", err)
	}
}

// The meaning of a table's columns can be corrected before they are read.
func TestTable(t *testing.T) {
	r, err := NewReader(strings.NewReader("Name,Foo\nAda,1 Main St\n"), "")
	if err != nil {
		t.Fatal(err)
	}
	m := r.Columns().Mapping()
	m[1].Field = csv.Address
	if err := r.Columns().SetMapping(m); err != nil {
		t.Fatal(err)
	}
	c, err := r.Next()
	if err != nil || len(c.Addresses()) != 1 || c.Addresses()[0].Full != "1 Main St" {
		t.Errorf("got %s, %v", c.JSON(), err)
	}
}
