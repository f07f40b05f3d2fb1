// Package contact is the model: a JSContact Card (RFC 9553), its validation, its names and sort keys, the difference of two
// cards, and the three-way merge. It is pure: it knows no files, no databases, no network and no other package of ours.
//
// # Keys
//
// The maps of a card (emails, phones, addresses, …) are keyed by ids. A value that a person adds gets a new key, which sorts by
// time and is random at its end. Where the window has one field only (organization, title, note, birthday), the first entry made
// has a fixed key, so that two devices which both fill in the field meet in a conflict of it rather than in two entries of which
// one is hidden.
//
// # Names
//
// A name is stored both as typed (name.full) and as components, guessed for sorting. name.full is derived anew when a component
// is edited, and Merge treats it as derived wherever it equals the join of its components.
package contact
