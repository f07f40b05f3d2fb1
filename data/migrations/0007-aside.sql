-- What came from the server and this version can't read or store: put aside as it came, so that it stops nothing behind it.
CREATE TABLE aside (
  id        TEXT PRIMARY KEY,           -- the contact's
  book      TEXT NOT NULL REFERENCES books (id),
  rev       INTEGER NOT NULL,           -- the server's; 0: of a history that the server does not have any more
  edited_at INTEGER NOT NULL,
  device    TEXT NOT NULL,              -- whose edit: names
  user      TEXT NOT NULL,
  at        INTEGER NOT NULL,           -- when it was put aside
  reason    TEXT NOT NULL,
  raw       BLOB NOT NULL
) STRICT;
