package duplicate

import "strings"

// Kind says what two cards share, or what sets them apart.
type Kind string

const (
	SameEmail       Kind = "same-email"
	SamePhone       Kind = "same-phone"
	NationalPhone   Kind = "same-phone-without-country" // one of the numbers does not say its country
	SharedEmail     Kind = "shared-email"               // of a role or of many
	SharedPhone     Kind = "shared-phone"               // of many, or one switchboard
	SameName        Kind = "same-name"
	SameReading     Kind = "same-reading" // a name in other signs
	SimilarName     Kind = "similar-name"
	Initials        Kind = "initials"
	PartOfName      Kind = "part-of-name"
	OtherSurname    Kind = "other-surname"
	OtherGivenName  Kind = "other-given-name"
	OtherName       Kind = "other-name"
	NoName          Kind = "no-name"
	SameBirthday    Kind = "same-birthday"
	OtherBirthday   Kind = "other-birthday"
	SameOrg         Kind = "same-organization"
	OtherOrg        Kind = "other-organization"
	SameAddress     Kind = "same-address"
	SameLink        Kind = "same-link"
	OtherGeneration Kind = "other-generation" // Jr., Sr.
	NotDuplicates   Kind = "not-duplicates"   // the user has said so
)

// Reason is one thing that speaks for or against two cards being one contact's. Value is what they share, as it was typed.
type Reason struct {
	Kind  Kind   `json:"kind"`
	Value string `json:"value,omitempty"`
}

var kindWords = map[Kind]string{
	SameEmail: "same e-mail", SamePhone: "same phone", NationalPhone: "same phone, once without its country",
	SharedEmail: "an e-mail that several people share", SharedPhone: "a phone that several people share",
	SameName: "same name", SameReading: "same name in other characters", SimilarName: "similar name", Initials: "name that may be the same",
	PartOfName: "one name is part of the other", OtherSurname: "same given name, other surname", OtherGivenName: "other given name",
	OtherName: "other name", NoName: "one has no name", SameBirthday: "same birthday", OtherBirthday: "other birthday",
	SameOrg: "same organization", OtherOrg: "other organization", SameAddress: "same address", SameLink: "same link",
	OtherGeneration: "one is junior, or both are of different generations", NotDuplicates: "you said they are not the same",
}

// String says it to a person.
func (r Reason) String() string { return kindWords[r.Kind] }

// Words is a list of reasons as one line, each kind once: "same e-mail, similar name".
func Words(reasons []Reason) string {
	var words []string
	seen := map[Kind]bool{}
	for _, r := range reasons {
		if !seen[r.Kind] {
			seen[r.Kind] = true
			words = append(words, r.String())
		}
	}
	return strings.Join(words, ", ")
}
