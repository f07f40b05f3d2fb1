package data

import (
	"slices"
	"strings"
	"unicode"

	"kith/contact"
)

// minTail is the shortest tail of a phone number that is indexed: parts of a number are found when at least so many digits
// follow their beginning.
const minTail = 3

// indexWords is what the search index holds of a card: its folded words, the pieces of those that are written without blanks, and
// every tail of every phone number. A prefix of a tail is any part of the number, so that parts are found as fast as beginnings.
// After a change here raise searchRules.
func indexWords(c contact.Card) string {
	words := splitWords(c.SearchText())
	seen := make(map[string]bool, len(words))
	kept := make([]string, 0, len(words))
	keep := func(w string) {
		if !seen[w] {
			seen[w] = true
			kept = append(kept, w)
		}
	}
	for _, w := range words {
		keep(w)
	}
	for _, w := range slices.Clone(kept) {
		for _, piece := range pieces(w) {
			keep(piece)
		}
	}
	for _, phone := range c.Phones() {
		for d := contact.Digits(phone.Value); len(d) >= minTail; d = d[1:] {
			keep(d)
		}
	}
	return strings.Join(kept, " ")
}

// splitWords cuts folded text into words of letters, digits and their marks. The index and the query are cut alike.
func splitWords(folded string) []string {
	words := strings.FieldsFunc(folded, func(r rune) bool { return !inWord(r) && !unicode.IsMark(r) })
	return slices.DeleteFunc(words, func(w string) bool { return strings.IndexFunc(w, inWord) < 0 }) // the mark after an emoji is none
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// symbolsOf are the emoji and other signs of a search, which are no words: they are looked for in the cards. What is in ASCII is
// punctuation, and a card's own marks.
func symbolsOf(text string) []string {
	var all []string
	for _, r := range text {
		if s := string(r); r > unicode.MaxASCII && unicode.IsSymbol(r) && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// nothingToFind: a text of punctuation alone, which no contact is found by.
func nothingToFind(text string) bool {
	return strings.TrimSpace(text) != "" && matchExpression(text) == "" && len(symbolsOf(text)) == 0
}

// matchExpression turns what the user typed into a query of the full text index: all words must match, each by its beginning.
// Words that can be pieces of one phone number ("+49 (151) 23") match as the number too. "" : nothing to look for.
func matchExpression(text string) string {
	var terms []string
	var run []string // fields of digits and punctuation in a row
	flush := func() {
		if term := numberTerm(run); term != "" {
			terms = append(terms, term)
		}
		run = nil
	}
	for _, field := range strings.Fields(contact.Fold(text)) {
		if strings.IndexFunc(field, notInNumber) < 0 {
			run = append(run, field)
			continue
		}
		flush()
		for _, w := range splitWords(field) {
			terms = append(terms, allOf(cutAlike(w))...)
		}
	}
	flush()
	return strings.Join(terms, " AND ")
}

func notInNumber(r rune) bool { return !unicode.IsDigit(r) && !strings.ContainsRune("+()-./", r) }

// numberTerm matches the fields as words, or put together as a part of one phone number: without the zeros of a trunk or
// international prefix, and, if it begins with a country's code, without that (one to three digits).
func numberTerm(fields []string) string {
	typed := strings.Join(fields, "")
	words := allOf(splitWords(strings.Join(fields, " ")))
	if len(words) == 0 {
		return ""
	}
	any := []string{strings.Join(words, " AND ")}
	digits := contact.Digits(typed)
	number := strings.TrimLeft(digits, "0")
	if len(number) >= minTail {
		any = append(any, prefix(number))
	}
	if strings.HasPrefix(typed, "+") || strings.HasPrefix(digits, "00") {
		const national = 6 // digits that are enough to tell a number without its country
		for n := 1; n <= 3 && len(number)-n >= national; n++ {
			any = append(any, prefix(number[n:]))
		}
	}
	return "((" + strings.Join(any, ") OR (") + "))"
}

func allOf(words []string) []string {
	terms := make([]string, len(words))
	for i, w := range words {
		terms[i] = prefix(w)
	}
	return terms
}

// prefix quotes a word, which holds no quotes, for FTS5.
func prefix(word string) string { return `"` + word + `"*` }
