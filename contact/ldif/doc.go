// Package ldif reads contacts from LDIF (RFC 2849), as Thunderbird and its forerunners, Evolution, and directory servers write it.
// It knows neither files, the store, nor the network: a value that is only named by a URL (attr:< file:///...) is not fetched.
//
// The text is cut into records (record.go): folded lines, comments, base64. An attribute that a contact has a place for goes there
// (attributes.go, card.go): those of inetOrgPerson (RFC 2798, RFC 4519), mozillaAbPersonAlpha and evolutionPerson. Any other, and
// what does not fit its place, is kept in the card's member "kith.app:ldif": lists of texts by the attribute's name in small letters, as
// it would stand before the value: "employeetype", or "userpkcs12:" for bytes in base64, or "jpegphoto<" for a URL.
//
// Keys and uid are made of the values, so that a file read twice, or on two machines, gives the same cards; an entryUUID (RFC 4530)
// is the uid where there is one.
package ldif
