-- The search for duplicates. It runs behind the edits, by the change log, and can be made anew from the contacts at any time.

CREATE TABLE duplicate_state (          -- one row
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  version INTEGER NOT NULL,             -- of the rules that the tables below were made by; 0: they are not whole
  build   INTEGER NOT NULL,             -- number of the newest building from nothing
  region  TEXT    NOT NULL,             -- country of phone numbers that don't say theirs
  seen    INTEGER NOT NULL              -- the newest log entry that is in the tables below
) STRICT;
INSERT INTO duplicate_state VALUES (1, 0, 0, '', 0);

CREATE TABLE duplicate_keys (           -- under which contacts meet
  key     INTEGER NOT NULL,
  contact INTEGER NOT NULL,
  name    INTEGER NOT NULL,             -- a hash of the contact's name; 0: none
  PRIMARY KEY (key, contact)
) STRICT, WITHOUT ROWID;

CREATE TABLE duplicate_cards (          -- what of each contact is in duplicate_keys
  contact INTEGER PRIMARY KEY,
  name    INTEGER NOT NULL,
  keys    BLOB    NOT NULL
) STRICT;

CREATE TABLE duplicate_pairs (          -- what was found
  a       INTEGER NOT NULL,
  b       INTEGER NOT NULL,             -- > a
  lane    INTEGER NOT NULL,
  score   INTEGER NOT NULL,
  reasons TEXT    NOT NULL,
  PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX duplicate_pairs_b ON duplicate_pairs (b);

CREATE TABLE merged (                   -- where contacts went that are in the trash because they were merged with another
  contact  INTEGER PRIMARY KEY REFERENCES contacts (row_id),
  survivor TEXT    NOT NULL,
  entry    INTEGER NOT NULL             -- the log entry by which it went: the link is good while that is the contact's newest edit
) STRICT;
