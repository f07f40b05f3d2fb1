package ui

import (
	"strings"
	"unicode"

	"kith/contact"
)

// fewestDigits make a part of a phone number: fewer are the beginning of a word.
const fewestDigits = 3

// numbersIn are the texts in a search that may be phone numbers: its words of digits and separators, joined where they stand in a row.
func numbersIn(query string) (all []string) {
	inNumber := false
	for word := range strings.FieldsSeq(query) {
		isNumber := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsDigit(r) && !separatesDigits(r) }) < 0
		switch {
		case isNumber && inNumber:
			all[len(all)-1] += word
		case isNumber:
			all = append(all, word)
		}
		inNumber = isNumber
	}
	return all
}

func separatesDigits(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("+()-./", r) }

// nationalToo are the digits by which the search finds a number: without leading zeros, and without each country's code that may
// begin it.
func nationalToo(typed string) (all []string) {
	digits := contact.Digits(typed)
	number := strings.TrimLeft(digits, "0")
	if len(number) < fewestDigits {
		return nil
	}
	all = append(all, number)
	if strings.HasPrefix(typed, "+") || strings.HasPrefix(digits, "00") {
		const longestCode, national = 3, 6 // as the search
		for n := 1; n <= longestCode && len(number)-n >= national; n++ {
			all = append(all, number[n:])
		}
	}
	return all
}

// digitsIn is where in a text some digits stand in a row, with nothing but separators between them.
func digitsIn(text, digits string) (from, to int, ok bool) {
	for from := range text {
		left := digits
		for i, r := range text[from:] {
			d := contact.Digits(string(r))
			if d == "" && separatesDigits(r) && i > 0 {
				continue
			}
			rest, goesOn := strings.CutPrefix(left, d)
			if d == "" || !goesOn {
				break
			}
			if left = rest; left == "" {
				return from, from + i + len(string(r)), true
			}
		}
	}
	return 0, 0, false
}
