package csv

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"kith/contact"
)

// Field is what a column means.
type Field string

const (
	Keep Field = "" // nothing that we know: kept in the card under its header
	Skip Field = "skip"

	FullName        Field = "name"
	Prefix          Field = "prefix"
	Given           Field = "given"
	Middle          Field = "middle"
	Surname         Field = "surname"
	Suffix          Field = "suffix"
	GivenPhonetic   Field = "given-phonetic"
	SurnamePhonetic Field = "surname-phonetic"
	Nickname        Field = "nickname"
	Organization    Field = "org"
	Department      Field = "department"
	Title           Field = "title"
	Note            Field = "note"
	Labels          Field = "labels"
	Birthday        Field = "birthday"
	BirthYear       Field = "birth-year"
	BirthMonth      Field = "birth-month"
	BirthDay        Field = "birth-day"
	Anniversary     Field = "anniversary"

	Email      Field = "email"
	Phone      Field = "phone"
	Link       Field = "link"
	Chat       Field = "chat"
	ChatName   Field = "chat-service" // which service a Chat is of
	Relation   Field = "relation"     // somebody by name; the Kind says what to the contact
	Custom     Field = "custom"       // a field of people's own, under the header or the Label
	EntryLabel Field = "label"        // what kind of e-mail, phone, address … the others of its group are

	Street   Field = "street"
	Street2  Field = "street2"
	POBox    Field = "po-box"
	Locality Field = "city"
	Region   Field = "region"
	Postcode Field = "postcode"
	Country  Field = "country"
	Address  Field = "address" // the whole of it
)

// Fields are all fields, in the order in which a person looks for one.
var Fields = []Field{
	Keep, Skip, FullName, Prefix, Given, Middle, Surname, Suffix, GivenPhonetic, SurnamePhonetic, Nickname, Organization, Department,
	Title, Email, Phone, Link, Chat, ChatName, Address, Street, Street2, POBox, Locality, Region, Postcode, Country, EntryLabel,
	Birthday, BirthYear, BirthMonth, BirthDay, Anniversary, Note, Labels, Relation, Custom,
}

// Column says what one column means. Kind is that of an entry: words out of private, work, mobile, fax, pager, text; of a
// relation, which. Columns of one
// address, or of one entry and its label, have one Group.
type Column struct {
	Field Field  `json:"field"`
	Kind  string `json:"kind,omitempty"`
	Group string `json:"group,omitempty"`
	Label string `json:"label,omitempty"` // of the entries
}

// Mapping says what each column of a file means, in their order.
type Mapping []Column

// Check reports what is wrong with a mapping that came from elsewhere.
func (m Mapping) Check(header []string) error {
	if len(m) != len(header) {
		return fmt.Errorf("the mapping has %d columns, the file has %d", len(m), len(header))
	}
	for i, c := range m {
		if !slices.Contains(Fields, c.Field) {
			return fmt.Errorf("column %q: there is no field %q", header[i], c.Field)
		}
	}
	return nil
}

// Key stands for a header, to remember a mapping by.
func Key(header []string) string {
	sum := sha256.Sum256([]byte(strings.Join(header, "\x00")))
	return hex.EncodeToString(sum[:12])
}

// Guess says what the columns of a header mean, as far as can be told.
func Guess(header []string) Mapping {
	m := make(Mapping, len(header))
	seen := map[Column]int{}
	for i, cell := range header {
		m[i] = guess(cell)
	}
	var titles []int // columns that are called "Title": what a name begins with, where another column is the job
	for i, cell := range header {
		if ambiguousTitle[normal(cell)] {
			titles = append(titles, i)
			m[i].Field = Prefix
		}
	}
	if len(titles) > 0 && !m.has(Title) {
		m[titles[len(titles)-1]].Field = Title
	}
	for i, c := range m {
		name := normal(header[i])
		switch {
		case c.Field == FullName && ambiguousName[name] && m.has(Given) && !m.has(Surname):
			m[i].Field = Surname // "Nom" beside "Prénom"
		case c.Field == FullName && ambiguousName[name] && m.has(Surname) && !m.has(Given):
			m[i].Field = Given // "Nome" beside "Cognome"
		case c.Field == Keep && m.has(Surname) && besideSurname[name].Field != Keep:
			m[i] = besideSurname[name]
		case name == "apelido" && m.has(Given) && !m.has(Surname):
			m[i].Field = Surname // in Portugal; in Brazil it is a nickname
		case ambiguousDate[name] && m.hasOther(Birthday, i):
			m[i].Field = Anniversary
		}
	}
	for i, c := range m { // two columns of one meaning are two values, but a card has one of these
		if seen[c]++; seen[c] > 1 && single[c.Field] {
			m[i] = Column{}
		}
	}
	return m
}

var single = map[Field]bool{
	FullName: true, Prefix: true, Given: true, Middle: true, Surname: true, Suffix: true, GivenPhonetic: true, SurnamePhonetic: true,
	Organization: true, Department: true, Title: true, Birthday: true, BirthYear: true, BirthMonth: true, BirthDay: true, Anniversary: true,
	Street: true, Street2: true, POBox: true, Locality: true, Region: true, Postcode: true, Country: true, Address: true,
}

func (m Mapping) has(f Field) bool { return m.hasOther(f, -1) }

func (m Mapping) hasOther(f Field, than int) bool {
	for i, c := range m {
		if c.Field == f && i != than {
			return true
		}
	}
	return false
}

// normal is a header as it is compared: folded, with single blanks for everything that is no letter or digit.
func normal(header string) string {
	return strings.Join(strings.FieldsFunc(contact.Fold(header), func(r rune) bool {
		return strings.ContainsRune(" \t\n.,:;-_/()[]'’\"*?", r)
	}), " ")
}
