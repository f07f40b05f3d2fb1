// Package store keeps accounts, devices, books and their feeds of changes in SQLite, PostgreSQL or MySQL/MariaDB, through one
// query layer. It knows neither HTTP nor what is inside a card.
//
// Two rules carry the protocol's promises:
//
//   - Every transaction that writes to a book begins with UPDATE books SET seq = seq + n. That locks the book on all three
//     databases, so the order of seq is the order of commit and no cursor can skip a row.
//   - Every seq from 1 to the book's own belongs to exactly one row of commits, whose random tag tells this history from
//     another one that a restored backup began at the same place.
package store
