package cardfile

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"kith/contact"
	"kith/contact/csv"
	"kith/contact/vcard"
)

// Output is a format that is written.
type Output struct {
	Name   string // for a command line
	Ending string // of a file's name
	Title  string // for a person
	Whole  bool   // everything that a contact holds is in it
	write  func(w io.Writer, cards iter.Seq2[contact.Card, error]) (int, error)
}

// Outputs are all of them, the usual one first.
var Outputs = []Output{
	{"vcf", ".vcf", "vCard 4.0", true, vcards(vcard.V40)},
	{"vcf3", ".vcf", "vCard 3.0, for phones and older programs", true, vcards(vcard.V30)},
	{"csv", ".csv", "CSV for Google Contacts", false, tables(csv.Google)},
	{"csv-outlook", ".csv", "CSV for Outlook", false, tables(csv.Outlook)},
	{"json", ".json", "JSContact JSON (RFC 9553)", true, arrays},
}

// OutputNamed returns the output of a name.
func OutputNamed(name string) (Output, bool) {
	for _, o := range Outputs {
		if o.Name == name {
			return o, true
		}
	}
	return Output{}, false
}

// Write writes the cards, and returns how many there were. An error that comes in a card's place ends it.
func (o Output) Write(w io.Writer, cards iter.Seq2[contact.Card, error]) (int, error) {
	return o.write(w, cards)
}

func vcards(v vcard.Version) func(io.Writer, iter.Seq2[contact.Card, error]) (int, error) {
	return func(w io.Writer, cards iter.Seq2[contact.Card, error]) (n int, err error) {
		out := vcard.NewWriter(w, v)
		for c, err := range cards {
			if err == nil {
				err = out.Write(c)
			}
			if err != nil {
				return n, err
			}
			n++
		}
		return n, nil
	}
}

// arrays writes one JSON array.
func arrays(w io.Writer, cards iter.Seq2[contact.Card, error]) (n int, err error) {
	separator, end := "[\n", "[]\n"
	for c, err := range cards {
		if err == nil {
			_, err = fmt.Fprintf(w, "%s%s", separator, c.JSON())
		}
		if err != nil {
			return n, err
		}
		separator, end = ",\n", "\n]\n"
		n++
	}
	_, err = io.WriteString(w, end)
	return n, err
}

// tables holds all cards, as text: the columns have to be known before the first row is written.
func tables(f csv.Format) func(io.Writer, iter.Seq2[contact.Card, error]) (int, error) {
	return func(w io.Writer, cards iter.Seq2[contact.Card, error]) (int, error) {
		var held [][]byte
		for c, err := range cards {
			if err != nil {
				return 0, err
			}
			held = append(held, c.JSON())
		}
		var parseErr error
		err := csv.Write(w, f, func(yield func(contact.Card) bool) {
			for _, b := range held {
				c, err := contact.Parse(b)
				if err != nil {
					parseErr = err
					return
				}
				if !yield(c) {
					return
				}
			}
		})
		return len(held), errors.Join(parseErr, err)
	}
}
