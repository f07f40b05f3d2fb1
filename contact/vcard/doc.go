// Package vcard reads vCard 2.1, 3.0 and 4.0 as real programs write them, and writes 3.0 and 4.0, without losing anything.
// It turns vCards into contact.Card values and back, and knows neither files, the store, nor the network.
//
// # Layers
//
// Content lines (contentline.go, property.go, charset.go, text.go): the character set of the file (byte order marks, UTF-16),
// line ends (CRLF, LF, CR), unfolding by the card's own version (RFC 6350 section 3.2; vCard 2.1 section 2.1.3, where the white
// space stays), quoted-printable with its soft breaks, CHARSET, base64 blocks, groups, parameters (quoted ones, lists, bare ones
// of 2.1, RFC 6868) and the escapes of text (RFC 6350 section 3.4). A value stays as it was written, but for its transfer
// encoding, until a rule reads it.
//
// Mapping (RFC 9555, section 2 to read and section 3 to write): one rule per property that becomes an entry of a keyed map
// (rules_*.go), one unit per group of properties that stand once in a card (unit*.go).
//
// # How nothing is lost
//
// A property is mapped only if the way back is known: the importer writes each entry out again at once and compares. What the
// written form lacks is remembered beside the value:
//
//   - parameters without a member, the group, and a TYPE list that is spelled in another way than ours, in the entry's
//     vCardParams (RFC 9555 section 2.15.2); a property name other than the usual one in vCardName (2.15.3);
//   - a value that is spelled in another way, in the entry's "kith.app:vCardValue"; which nicknames stood on one line, in
//     "kith.app:vCardLine"; properties that have no entry of their own (UID, N, CATEGORIES), in the card's "kith.app:vCardProps".
//     They count only as long as they still say what the card says;
//   - a property that no rule takes, or whose way back fails even so, whole in vCardProps (2.15.1), as jCard (RFC 7095) with
//     its verbatim value as type "unknown".
//
// In the other direction a member that no property holds is written as JSPROP with JSPTR (RFC 9555 section 3.2.1), with
// PROP-ID naming the entry (RFC 9554) where it is part of one. On the way in JSPROP is applied only if the card still gives all of
// its properties then, and is kept in vCardProps else.
//
// # Where this departs from RFC 9555
//
// GENDER, SORT-STRING, LABEL and AGENT have no member here, and are kept. Alternative languages (ALTID with LANGUAGE) become further entries or stay in vCardProps, not localizations. UID becomes the
// card's uid only where it is usable as an identifier of ours: "urn:uuid:" is taken off, and a UID of other form, or a missing one,
// is replaced by a UUID made of it or of the content, so that a file read twice, or on two machines, gives the same cards.
//
// What has a name in one version only changes it with the version: X-ADDRESSBOOKSERVER-KIND and KIND, X-ANNIVERSARY and ANNIVERSARY,
// X-SOCIALPROFILE and SOCIALPROFILE, base64 and data: URIs, TYPE=PREF and PREF=1.
//
// A tel: URI in TEL is shown as its number; the URI is written again as long as the number is the same. An X-ABDATE that is labelled an
// anniversary is one, and so are the days and relations in X-ANDROID-CUSTOM. Photos may leave the card (TakeBlobs, GiveBlobs).
//
// # Limits
//
// A card may have 32 MiB, of which 1 MiB beside pictures, sounds and keys, and a line 1,000 values of parameters; what has more is
// reported, and its bytes are given to be kept. Everything else takes time and memory in proportion to its length.
//
// An entry's key is made of its place among its kind and of its value: entries sort as they stood in the file.
package vcard
