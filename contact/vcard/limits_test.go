package vcard

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// Inputs of the kind that costs more than its length is worth are read or refused, and the card behind them comes. Every loop over
// what a card may have many of is linear; what these take shows when one is not.
func TestHeavyCards(t *testing.T) {
	many := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, line+"\r\n", i)
		}
		return b.String()
	}
	const mega = 1 << 20
	for _, tc := range []struct {
		name, body string
		want       error // nil: it is a card
	}{
		{"folds", "NOTE:" + strings.Repeat("a\r\n ", mega/8), nil},
		{"folds before the colon", strings.Repeat("A\r\n ", mega/8) + ":b", nil},
		{"soft breaks", "NOTE;ENCODING=QUOTED-PRINTABLE:" + strings.Repeat("a=\r\n", mega/8), nil},
		{"parameters", "TEL" + strings.Repeat(";A=1", mega/8) + ":1", ErrParams},
		{"parameters without names", "TEL" + strings.Repeat(";A", mega/8) + ":1", ErrParams},
		{"values of a parameter", "TEL;TYPE=a" + strings.Repeat(",a", mega/8) + ":1", ErrParams},
		{"quotation marks", "TEL;TYPE=" + strings.Repeat(`"`, mega/2) + ":1", nil},
		{"members", many(3_000, "MEMBER:urn:uuid:03a0e51f-d1aa-4385-8a53-e29025%06d"), nil},
		{"members, all the same", strings.Repeat("MEMBER:a\r\n", 10_000), nil},
		{"phones", many(5_000, "TEL:%d"), nil},
		{"labels", many(2_000, "item%[1]d.TEL:%[1]d\r\nitem%[1]d.X-ABLabel:b"), nil},
		{"labels of one group", many(3_000, "item.TEL:%d\r\nitem.X-ABLabel:b"), nil},
		{"nicknames on one line", "NICKNAME:a" + strings.Repeat(",b", mega/128), nil},
		{"nicknames on lines", strings.Repeat("NICKNAME:a,b\r\n", 4_000), nil},
		{"categories", "CATEGORIES:" + strings.Repeat("a,", mega/16), nil},
		{"names", "N:" + strings.Repeat("a,", mega/128), nil},
		{"names beside", strings.Repeat("N:a;b\r\n", 8_000), nil},
		{"patches", many(1_500, "JSPROP;JSPTR=phones/p%d:1"), nil},
		{"text", "NOTE:" + strings.Repeat("a", mega), ErrTooMuch},
		{"text on many lines", strings.Repeat("X-A:b\r\n", mega/4), ErrTooMuch},
		{"a photo", "PHOTO;ENCODING=b:" + strings.Repeat("AAAA", mega), nil},
		{"more than a card", "PHOTO;ENCODING=b:" + strings.Repeat("AAAA", 9*mega), ErrTooLong},
		{"cards in cards", strings.Repeat("AGENT:\r\nBEGIN:VCARD\r\n", 2_000) + strings.Repeat("END:VCARD\r\n", 2_000), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:a\r\n" + tc.body + "\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:b\r\nEND:VCARD\r\n"
			cards, broken := readAll(t, []byte(file))
			if got := cards[len(cards)-1].FullName(); got != "b" {
				t.Errorf("the last card is %q", got)
			}
			if tc.want == nil && (len(broken) > 0 || len(cards) != 2) {
				t.Fatalf("%d cards, broken: %v", len(cards), broken[0].Err)
			}
			if tc.want != nil && (len(broken) == 0 || !errors.Is(broken[0], tc.want)) {
				t.Fatalf("%d cards, broken %v, want %v", len(cards), len(broken), tc.want)
			}
			if tc.want == nil {
				for _, v := range []Version{V30, V40} {
					write(t, v, cards...)
				}
				edited := cards[0].WithFullName("c")
				if out := write(t, V30, edited); !bytes.Contains(out, []byte("FN:c\r\n")) {
					t.Errorf("the edited card has no such name")
				}
			}
		})
	}
}
