// Package locale knows how people of a language and a country write dates, hours and numbers, read what they type of a date, and
// order names. Patterns, words and preferences are those of the Unicode CLDR (release 46), of which it holds what an address book
// needs: golang.org/x/text has no date patterns. It knows no widgets, no files, and no settings but those that it is given.
package locale
