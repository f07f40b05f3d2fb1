// Package contact is the model: a JSContact Card (RFC 9553), its validation, its names and sort keys, the difference of two
// cards, and the three-way merge. It is pure: no files, no clock that is not passed in, no other package of ours.
package contact

import (
	"encoding/json"
	"errors"
)

var errUnfinished = errors.New("contact: not written yet")

// MaxBytes is the largest card, in bytes of canonical JSON, that a book accepts.
const MaxBytes = 256 << 10

// Card is an immutable JSContact Card. The zero Card stands for "no card". Methods named With… return a changed copy that
// keeps every member they do not speak of, known or not. Safe for concurrent use.
type Card struct{ members map[string]any }

// New returns an empty card with a new uid (UUIDv7).
func New() Card { return Card{} }

// Parse reads one JSON object as a card. Unknown members and the exact digits of numbers are kept.
func Parse(b []byte) (Card, error) { return Card{}, errUnfinished }

// JSON is the canonical form: members sorted by name, no white space, no HTML escapes. Equal cards have equal JSON.
func (c Card) JSON() []byte { return nil }

// MarshalJSON and UnmarshalJSON let a Card stand in a struct.
func (c Card) MarshalJSON() ([]byte, error)  { return c.JSON(), nil }
func (c *Card) UnmarshalJSON(b []byte) error { p, err := Parse(b); *c = p; return err }

func (c Card) IsZero() bool      { return c.members == nil }
func (c Card) Equal(o Card) bool { return false }
func (c Card) UID() string       { return "" }

// Entry is one value of a keyed map (emails, phones): ID is its key there. Unknown members of an entry are kept by With….
type Entry struct {
	ID    string
	Value string // the address, the number as typed
	Kind  string // the one context shown: "private", "work", or "" ; phones also "mobile", "fax", "pager" from features
	Label string // typed by the user
	Pref  int    // 1 (first) to 100; 0: none
}

// Date is a RFC 9553 PartialDate; zero parts are not known.
type Date struct{ Year, Month, Day int }

func (c Card) FullName() string     { return "" } // name.full, or the components joined
func (c Card) Given() string        { return "" } // the components of that kind, joined by a blank
func (c Card) Surname() string      { return "" }
func (c Card) Organization() string { return "" }
func (c Card) Title() string        { return "" }
func (c Card) Note() string         { return "" }
func (c Card) Birthday() Date       { return Date{} }
func (c Card) Starred() bool        { return false }
func (c Card) Emails() []Entry      { return nil } // by pref, then in the order they were added
func (c Card) Phones() []Entry      { return nil }
func (c Card) Links() []Entry       { return nil }

// Address is one postal address, as lines that a person typed.
type Address struct {
	ID, Street, Locality, Region, Postcode, Country, Full string
	Kind, Label                                           string
}

func (c Card) Addresses() []Address { return nil }

// WithFullName sets name.full as typed, and guesses its components for sorting.
func (c Card) WithFullName(s string) Card { return c }

// WithGiven and WithSurname set that component and write name.full anew from the components; "" removes.
func (c Card) WithGiven(s string) Card   { return c }
func (c Card) WithSurname(s string) Card { return c }

func (c Card) WithOrganization(s string) Card { return c }
func (c Card) WithTitle(s string) Card        { return c }
func (c Card) WithNote(s string) Card         { return c }
func (c Card) WithBirthday(d Date) Card       { return c }
func (c Card) WithStarred(on bool) Card       { return c }

// WithEmails makes the card hold exactly these, in this order; an Entry with an empty ID gets a new key; blank values are left out.
func (c Card) WithEmails(e []Entry) Card      { return c }
func (c Card) WithPhones(e []Entry) Card      { return c }
func (c Card) WithLinks(e []Entry) Card       { return c }
func (c Card) WithAddresses(a []Address) Card { return c }

// Field and WithField are what scripts use: name given surname org title note birthday email phone, or a JSON pointer (RFC 6901)
// into the card. email and phone stand for the first one. Setting "" removes. A pointer's value is JSON if it parses, else a string.
func (c Card) Field(field string) (string, error)          { return "", errUnfinished }
func (c Card) WithField(field, value string) (Card, error) { return c, errUnfinished }

// Problem is one thing wrong with a card: Path is a JSON pointer, Message says what to do.
type Problem struct{ Path, Message string }

// Validate reports what keeps the card from being saved: nothing to be found by (no name, organization, e-mail or phone), too
// large, a member of the wrong type. The error is a *ValidationError.
func (c Card) Validate() error { return nil }

// ValidationError lists every problem of a card.
type ValidationError struct{ Problems []Problem }

func (e *ValidationError) Error() string { return "" }

// DisplayName is what the list shows: the full name, else nickname, organization, e-mail, phone, else "".
func (c Card) DisplayName() string { return "" }

// Subtitle is the list's second line, whatever DisplayName did not use: title and organization, else e-mail, else phone.
func (c Card) Subtitle() string { return "" }

// SortKey is the display name's collation key (golang.org/x/text/collate); bytewise order is the list's order. A card without a
// name sorts last.
func SortKey(displayName string) []byte { return nil }

// Section is the letter under which a name stands: "A" to "Z" without accents, another script's letter, or "#".
func Section(displayName string) string { return "" }

// Fold is what search compares: lower case, no accents (ø, ł, ß, æ too), width and compatibility forms folded.
func Fold(s string) string { return "" }

// SearchText is everything in the card that can be found, folded; phone numbers also as digits only.
func (c Card) SearchText() string { return "" }

// Edit is one changed leaf: Old or New is nil where the member was or is absent.
type Edit struct {
	Path string          `json:"path"` // JSON pointer
	Old  json.RawMessage `json:"old,omitempty"`
	New  json.RawMessage `json:"new,omitempty"`
}

// Patch is the difference of two cards, ordered by path; it works both ways.
type Patch []Edit

// Diff returns the patch that turns a into b.
func Diff(a, b Card) Patch { return nil }

// Apply applies a patch; Invert().Apply undoes it. An edit whose Old is not what the card holds is an error.
func (p Patch) Apply(c Card) (Card, error) { return c, errUnfinished }
func (p Patch) Invert() Patch              { return nil }
