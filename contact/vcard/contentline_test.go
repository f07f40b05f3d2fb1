package vcard

import (
	"slices"
	"strings"
	"testing"
)

func TestContentLines(t *testing.T) {
	type params = []param
	for _, tc := range []struct {
		name, line string
		old        bool
		want       property
	}{
		{"plain", "TEL:1", false, property{Name: "TEL", Value: "1"}},
		{"group and case", "Item1.tel;type=Home:1", false, property{Group: "Item1", Name: "TEL", Params: params{{"TYPE", []string{"Home"}}}, Value: "1"}},
		{"quoted", `X-A;P="a:b;c,d",e;Q=:v:w`, false, property{Name: "X-A", Params: params{{"P", []string{"a:b;c,d", "e"}}, {"Q", []string{""}}}, Value: "v:w"}},
		{"a quotation mark alone", `X-A;P=5";Q="x:v`, false, property{Name: "X-A", Params: params{{"P", []string{`5"`}}, {"Q", []string{`"x`}}}, Value: "v"}},
		{"RFC 6868", `X-A;P="a^nb^^c^'d^x":v`, false, property{Name: "X-A", Params: params{{"P", []string{"a\nb^c\"d^x"}}}, Value: "v"}},
		{"one list", "TEL;TYPE=a;TYPE=b,c:1", false, property{Name: "TEL", Params: params{{"TYPE", []string{"a", "b", "c"}}}, Value: "1"}},
		{"bare words", "TEL;HOME;VOICE;CHARSET=UTF-8:1", true, property{Name: "TEL", Params: params{{"TYPE", []string{"HOME", "VOICE"}}}, Value: "1"}},
		{"bare encoding", "NOTE;QUOTED-PRINTABLE:a=3Db=0D=0Ac; d, e", true, property{Name: "NOTE", Value: `a=b\nc\; d\, e`}},
		{"no RFC 6868 in 2.1", "TEL;X-A=^n:1", true, property{Name: "TEL", Params: params{{"X-A", []string{"^n"}}}, Value: "1"}},
		{"charset", "FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:J=FCrgen", true, property{Name: "FN", Value: "Jürgen"}},
		{"Shift_JIS", "FN;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=8E=52=93=63", true, property{Name: "FN", Value: "山田"}},
		{"no charset", "FN:J\xfcrgen \x80", true, property{Name: "FN", Value: "Jürgen €"}},
		{"an unknown charset", "FN;CHARSET=X-MAC:a\xfc", true, property{Name: "FN", Params: params{{"CHARSET", []string{"X-MAC"}}}, Value: "aü"}},
		{"base64", "PHOTO;BASE64;JPEG: aG Vs\tbG8=", true, property{Name: "PHOTO", Params: params{{"ENCODING", []string{"b"}}, {"TYPE", []string{"JPEG"}}}, Value: "aGVsbG8="}},
		{"2.1 escapes", `N:a\;b;c,d;x\\y`, true, property{Name: "N", Value: `a\;b;c\,d;x\\\\y`}},
		{"2.1 line break", `NOTE:a\nb`, true, property{Name: "NOTE", Value: `a\nb`}},
		{"spaces", " TEL ; TYPE = HOME :1 ", false, property{Name: "TEL", Params: params{{"TYPE", []string{"HOME"}}}, Value: "1 "}},
		{"an unknown encoding", "X-A;ENCODING=X-ROT13:n", false, property{Name: "X-A", Params: params{{"ENCODING", []string{"X-ROT13"}}}, Value: "n"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := parseProperty([]byte(tc.line), tc.old)
			if err != nil {
				t.Fatal(err)
			}
			if !got.same(tc.want) {
				t.Errorf("got  %+v\nwant %+v", got, tc.want)
			}
		})
	}
	for _, line := range []string{"", "TEL", "TEL;HOME", ":1", ";A=1:1", "T EL:1", "BEGIN:VEVENT"} {
		if got, err := parseProperty([]byte(line), false); err == nil {
			t.Errorf("%q gave %+v", line, got)
		}
	}
}

func TestUnfold(t *testing.T) {
	for _, tc := range []struct {
		name string
		old  bool
		file string
		want []string
	}{
		{"blank and tab", false, "NOTE:a\n b\n\tc\nFN:d", []string{"NOTE:abc", "FN:d"}},
		{"the second blank is text", false, "NOTE:a\n  b", []string{"NOTE:a b"}},
		{"in 2.1 the blank is text", true, "NOTE:a\n b", []string{"NOTE:a b"}},
		{"inside a parameter", false, "X;A=b\n c:d\n e", []string{"X;A=bc:de"}},
		{"inside a character", false, "FN:\xc3\n \xbc", []string{"FN:ü"}},
		{"empty lines", false, "FN:a\n\n\nTEL:1", []string{"FN:a", "TEL:1"}},
		{"a fold behind an empty line", false, "FN:a\n\n b", []string{"FN:ab"}},
		{"soft breaks", true, "NOTE;ENCODING=QUOTED-PRINTABLE:a=\nb=\n c", []string{"NOTE;ENCODING=QUOTED-PRINTABLE:ab c"}},
		{"a soft break that ends nothing", true, "NOTE;QUOTED-PRINTABLE:a=\n\nTEL:1", []string{"NOTE;QUOTED-PRINTABLE:a", "TEL:1"}},
		{"no soft break elsewhere", true, "URL:a=\nTEL:1", []string{"URL:a=", "TEL:1"}},
		{"base64 without folds", true, "PHOTO;BASE64:aaaa\nbbbb\ncc==\n\nTEL:1", []string{"PHOTO;BASE64:aaaabbbbcc==", "TEL:1"}},
		{"base64 with folds", true, "PHOTO;ENCODING=b:aaaa\n  bbbb\nTEL:1", []string{"PHOTO;ENCODING=b:aaaa bbbb", "TEL:1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var b block
			for i, line := range strings.SplitAfter(tc.file, "\n") {
				b.add([]byte(line), i+1)
			}
			lines, err := unfold(b.raw, b.lines, tc.old)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, l := range lines {
				got = append(got, string(l.text))
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestLineEnds(t *testing.T) {
	for _, end := range []string{"\r\n", "\n", "\r", "\r\r\n"} {
		file := strings.ReplaceAll("BEGIN:VCARD|VERSION:3.0|FN:a|NOTE:b| c|bad|END:VCARD|BEGIN:VCARD|FN:d|END:VCARD", "|", end)
		cards, broken := readAll(t, []byte(file))
		line := 6
		if end == "\r\r\n" {
			line = 11 // each is followed by an empty one
		}
		if len(cards) != 1 || len(broken) != 1 || broken[0].Line != line {
			t.Errorf("%q: %d cards, broken %v", end, len(cards), broken)
		}
	}
}

func TestFolding(t *testing.T) {
	var w Writer
	w.line("NOTE:" + strings.Repeat("é漢😀x", 60))
	for _, line := range strings.Split(strings.TrimSuffix(w.buf.String(), "\r\n"), "\r\n") {
		if len(line) > maxLine {
			t.Errorf("%d octets: %q", len(line), line)
		}
	}
	if got := strings.ReplaceAll(w.buf.String(), "\r\n ", ""); got != "NOTE:"+strings.Repeat("é漢😀x", 60)+"\r\n" {
		t.Errorf("unfolded: %q", got)
	}
	if strings.ContainsRune(w.buf.String(), '\ufffd') {
		t.Error("a character was cut")
	}
}
