// Package csv reads contacts from the CSV files of Google, Outlook (in many languages), Thunderbird and other programs, and
// writes those of Google and Outlook. It knows neither files, the store, nor the network.
//
// Reading goes in four steps: the character set and the delimiter are found out (text.go), the text is cut into rows (rows.go), each
// column gets a meaning by its header (mapping.go, headers.go), and a row becomes a card (card.go). The meaning of the columns can be
// shown and corrected before the first row is read; a Mapping is JSON and is kept under its header's Key, so that a file of the same
// kind need not be corrected again.
//
// Writing goes the other way: a card as columns see it (view.go) fills Google's columns (export.go) or Outlook's (outlook.go).
//
// What has no place in a card is kept in its member "kith.app:csv", by header, and is written again under that header. Keys and
// uid are made of the values: the same file, read twice or on two machines, gives the same cards, and two rows that are alike
// to the letter are one contact.
package csv
