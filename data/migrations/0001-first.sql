-- The first schema. Times are microseconds since 1970; edited_at and timestamp are hybrid logical time.

CREATE TABLE state (                    -- one row
  one          INTEGER PRIMARY KEY CHECK (one = 1),
  clock        INTEGER NOT NULL,        -- the newest hybrid logical time given out or seen
  clock_offset INTEGER NOT NULL,        -- the server's clock minus ours
  list_version INTEGER NOT NULL         -- rises when the list's order changes
) STRICT;
INSERT INTO state VALUES (1, 0, 0, 0);

CREATE TABLE account (                  -- one row at most; it stays after a sign-out, so that signing in again is known as such
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  server    TEXT NOT NULL,
  user      TEXT NOT NULL,
  device    TEXT NOT NULL,
  device_id TEXT NOT NULL,
  signed_in INTEGER NOT NULL
) STRICT;

CREATE TABLE books (
  id        TEXT PRIMARY KEY,
  name      TEXT NOT NULL,
  remote    TEXT NOT NULL DEFAULT '',
  cursor    TEXT NOT NULL DEFAULT '',
  strategy  TEXT NOT NULL DEFAULT 'merge' CHECK (strategy IN ('merge', 'newest', 'ask')),
  last_sync INTEGER NOT NULL DEFAULT 0,
  reconcile TEXT NOT NULL DEFAULT '' CHECK (reconcile IN ('', 'unknown', 'expired')), -- why a walk is under way
  walk      INTEGER NOT NULL DEFAULT 0  -- number of the newest walk
) STRICT;
INSERT INTO books (id, name) VALUES ('personal', 'Personal');

-- card stands last: a list never reads it.
CREATE TABLE contacts (
  row_id     INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  book       TEXT NOT NULL REFERENCES books (id),
  rev        INTEGER NOT NULL,          -- the server's; 0: it has none that we know of
  edited_at  INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL,          -- 0: not in the trash
  name       TEXT NOT NULL,
  sort_key   BLOB NOT NULL,
  section    TEXT NOT NULL,
  subtitle   TEXT NOT NULL,
  starred    INTEGER NOT NULL,
  pending    INTEGER NOT NULL,          -- id of its oldest unsynced log entry; 0: none
  last_edit  INTEGER NOT NULL,          -- id of its newest log entry by this device's user; 0: none
  conflicts  INTEGER NOT NULL,          -- how many of its fields wait for the user
  rejected   TEXT NOT NULL,             -- why the server refused the newest edit; '': it did not
  walk       INTEGER NOT NULL,          -- the newest walk that showed it
  attention  INTEGER GENERATED ALWAYS AS (conflicts > 0 OR rejected <> '') VIRTUAL,
  card       TEXT NOT NULL
) STRICT;
CREATE INDEX contacts_all        ON contacts (sort_key) WHERE deleted_at = 0;
CREATE INDEX contacts_favourites ON contacts (sort_key) WHERE deleted_at = 0 AND starred = 1;
CREATE INDEX contacts_conflicted ON contacts (sort_key) WHERE attention = 1;
CREATE INDEX contacts_trash      ON contacts (sort_key) WHERE deleted_at <> 0;
CREATE INDEX contacts_pending    ON contacts (pending, book, last_edit, conflicts, rejected) WHERE pending <> 0;

-- The words of each contact, folded and split by us: the tokenizer has only to split at blanks.
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '1 2 3');

-- A contact as last agreed with the server at its rev: there exactly while it is pending and has a rev.
CREATE TABLE base (
  contact   INTEGER PRIMARY KEY REFERENCES contacts (row_id),
  deleted   INTEGER NOT NULL,
  edited_at INTEGER NOT NULL,
  card      TEXT                        -- NULL: not known (deleted)
) STRICT;

CREATE TABLE change_log (
  id         INTEGER PRIMARY KEY,
  table_name TEXT NOT NULL,
  record_id  TEXT NOT NULL,
  operation  TEXT NOT NULL CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE')),
  timestamp  INTEGER NOT NULL,
  synced     INTEGER NOT NULL,          -- 0: the server does not have it
  change_id  TEXT NOT NULL DEFAULT '',  -- the push that took it there
  origin     TEXT NOT NULL CHECK (origin IN ('local', 'remote', 'merge', 'undo')),
  action     INTEGER NOT NULL,          -- groups what one action of the user did: the id of its first entry
  undone     INTEGER NOT NULL DEFAULT 0,
  lost       INTEGER NOT NULL,          -- 1: a value that gave way in a merge; it changed nothing in the card
  device     TEXT NOT NULL,             -- name of the device whose edit it was; '': this one
  patch      TEXT                       -- both ways; NULL: none, or a new contact (all that later patches do not explain)
) STRICT;
CREATE INDEX change_log_record ON change_log (record_id);

-- What was sent and not answered yet, frozen.
CREATE TABLE outbox (
  contact   INTEGER PRIMARY KEY REFERENCES contacts (row_id),
  change_id TEXT NOT NULL UNIQUE,
  operation TEXT NOT NULL CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE')),
  base_rev  INTEGER NOT NULL,
  edited_at INTEGER NOT NULL,
  covered   INTEGER NOT NULL,           -- the newest log entry that it holds
  card      TEXT                        -- NULL: DELETE
) STRICT;

-- Fields that wait for the user. The local value is in the card, the remote one in base.
CREATE TABLE conflicts (
  contact   INTEGER NOT NULL REFERENCES contacts (row_id),
  path      TEXT NOT NULL,
  base      TEXT,                       -- the value that both sides began from; NULL: none
  device    TEXT NOT NULL,              -- whose remote edit
  user      TEXT NOT NULL,
  local_at  INTEGER NOT NULL,
  remote_at INTEGER NOT NULL,
  PRIMARY KEY (contact, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (                    -- one row at most
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  id        TEXT NOT NULL,
  from_card TEXT,
  to_card   TEXT NOT NULL
) STRICT;
