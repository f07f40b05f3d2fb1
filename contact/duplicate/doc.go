// Package duplicate finds contacts that are the same one twice, says how sure that is and why, and combines them without loss.
// It is pure: it knows cards and nothing of where they are stored.
//
// # Finding
//
// Comparing each contact with each other is out of the question: 100,000 contacts are five thousand million pairs. Read gives each
// card some keys (its e-mail addresses, its phone numbers, its name, and its name together with each of these), and only cards that
// share a key are compared. A key that very many share (info@, a switchboard, a common name) says nothing of two of them, and
// compares nobody; the keys that join it with the name still find the colleague who is there twice.
//
// Keys and comparison look at normalised values: folded names, canonical mail addresses, numbers as their country would dial them.
// The card itself is never changed by that.
//
// # Judging
//
// Compare weighs what two cards share and what sets them apart, and puts them into one of three lanes: Certain, Likely, Look. A
// name alone never makes more than Look, whatever the name; a shared address or number makes no more than Look, and mostly
// nothing, of two people who plainly have different names. Groups joins pairs to groups, and never two contacts that something
// says are different people.
package duplicate
