-- Several books. A contact's id is unique on this device, and so is what everything here speaks of it by; at the server it is the pair
-- of book and id, so that the same id may stand in two books. The one that comes second has another id here: remote_id is then its id
-- at the server. '' : the two are the same, as almost always.

ALTER TABLE contacts ADD COLUMN remote_id TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX contacts_remote ON contacts (remote_id, book) WHERE remote_id <> '';

-- Which contacts are in which book. Those of the first book are all others: who has one book pays nothing for this.
CREATE INDEX contacts_book ON contacts (book, deleted_at, starred, birthday) WHERE book <> 'personal';

ALTER TABLE books ADD COLUMN role    TEXT    NOT NULL DEFAULT 'owner' CHECK (role IN ('owner', 'writer', 'reader'));
ALTER TABLE books ADD COLUMN owner   TEXT    NOT NULL DEFAULT '';   -- the name of its longest-standing owner; '': not known
ALTER TABLE books ADD COLUMN members INTEGER NOT NULL DEFAULT 1;
ALTER TABLE books ADD COLUMN wanted  TEXT    NOT NULL DEFAULT '';   -- remote = '': the id that it is to be made under at the server
ALTER TABLE books ADD COLUMN renamed INTEGER NOT NULL DEFAULT 0;    -- 1: the server does not know the name yet

-- The newest log entry that ever was: ids of entries that are gone are not given out again, as others remember how far they had come.
ALTER TABLE state ADD COLUMN logged INTEGER NOT NULL DEFAULT 0;

-- What has happened to books without the user's doing, until it is dismissed.
CREATE TABLE notices (
  id   INTEGER PRIMARY KEY AUTOINCREMENT,
  at   INTEGER NOT NULL,
  kind TEXT    NOT NULL CHECK (kind IN ('lost', 'read-only', 'account')),
  book TEXT    NOT NULL,                -- its name
  gone INTEGER NOT NULL,                -- contacts that are not on this device any more
  kept INTEGER NOT NULL                 -- contacts with changes that the server did not have: they are in the first book now
) STRICT;

CREATE TABLE aside_of_books (           -- aside, by book
  book      TEXT NOT NULL REFERENCES books (id),
  id        TEXT NOT NULL,              -- the contact's at the server
  rev       INTEGER NOT NULL,           -- the server's; 0: of a history that the server does not have any more
  edited_at INTEGER NOT NULL,
  device    TEXT NOT NULL,              -- whose edit: names
  user      TEXT NOT NULL,
  at        INTEGER NOT NULL,           -- when it was put aside
  reason    TEXT NOT NULL,
  raw       BLOB NOT NULL,
  PRIMARY KEY (book, id)
) STRICT;
INSERT INTO aside_of_books (book, id, rev, edited_at, device, user, at, reason, raw)
  SELECT book, id, rev, edited_at, device, user, at, reason, raw FROM aside;
DROP TABLE aside;
ALTER TABLE aside_of_books RENAME TO aside;
