package ui

import (
	"testing"

	"kith/contact"
	"kith/contact/contacttest"
)

func TestMatchIn(t *testing.T) {
	tests := []struct{ text, query, want string }{
		{"Ada Lovelace", "lov", "Lov"},
		{"Ada Lovelace", "ADA", "Ada"},
		{"Ada Lovelace", "love ada", "Love"},
		{"Ada Lovelace", "zzz ada", "Ada"},
		{"Ada Lovelace", "lace", ""},
		{"Ada Lovelace", "", ""},
		{"Søren Kierkegaard", "soren", "Søren"},
		{"Großmann", "grossm", "Großm"},
		{"Émilie", "emi", "Émi"},
		{"E\u0301milie", "emi", "E\u0301mi"},
		{"ada.lovelace@example.org", "exam", "exam"},
		{"+44 20 7946", "7946", "7946"},
		{"+49 (151) 234-56", "15123", "151) 23"},
		{"+49 (151) 234-56", "0151 234", "151) 234"},
		{"+49 (151) 234-56", "4", "4"},
		{"+49 (151) 234-56", "234", "234"},
		{"+49 (151) 234-56", "9151", "9 (151"},
		{"0171 555 01 23", "+49 171 5550123", "171 555 01 23"},
		{"0171 555 01 23", "0049 171/555", "171 555"},
		{"0171 555 01 23", "ada 555-01", "555 01"},
		{"0171 555 01 23", "5552", ""},
		{"Room 12, 34", "1234", ""},
		{"٠١٧١ ٥٥٥", "171555", "١٧١ ٥٥٥"},
		{"山田太郎", "太", "太"},
		{"山田太郎", "太郎", "太郎"},
		{"東京タワー", "たわー", ""},
		{"김민수", "민수", "민수"},
	}
	for _, tt := range tests {
		from, to, ok := matchIn(tt.text, tt.query)
		if got := tt.text[from:to]; got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q in %q: got %q, %v; want %q", tt.query, tt.text, got, ok, tt.want)
		}
	}
}

// Whatever is searched, what is marked is a part of the text.
func TestMatchInAnything(t *testing.T) {
	for i := range 500 {
		a, b := contacttest.Realistic(5, i).DisplayName(), contacttest.Realistic(6, i).DisplayName()
		for _, query := range []string{a, b, contact.Initials(a)} {
			if from, to, ok := matchIn(a, query); from < 0 || to > len(a) || from > to || ok && from == to {
				t.Fatalf("%q in %q: %d to %d", query, a, from, to)
			}
		}
		if _, _, ok := matchIn(a, a); a != "" && !ok && inWord([]rune(a)[0]) {
			t.Errorf("%q is not found in itself", a)
		}
	}
}
