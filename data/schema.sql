-- What the migrations lead to, in one piece: a new file begins with it. Written by go test ./data -run TestSchema -update.

CREATE TABLE account (                  -- one row at most; it stays after a sign-out, so that signing in again is known as such
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  server    TEXT NOT NULL,
  user      TEXT NOT NULL,
  device    TEXT NOT NULL,
  device_id TEXT NOT NULL,
  signed_in INTEGER NOT NULL
) STRICT;
CREATE TABLE "aside" (           -- aside, by book
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
CREATE TABLE base (
  contact   INTEGER PRIMARY KEY REFERENCES contacts (row_id),
  deleted   INTEGER NOT NULL,
  edited_at INTEGER NOT NULL,
  card      TEXT                        -- NULL: not known (deleted)
) STRICT;
CREATE TABLE blobs (
  id    TEXT PRIMARY KEY,               -- SHA-256 in lower-case hex
  type  TEXT NOT NULL,
  size  INTEGER NOT NULL,
  added INTEGER NOT NULL,               -- when it was last put here: what was put just now may be on its way into a card
  bytes BLOB NOT NULL
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
, live INTEGER NOT NULL DEFAULT -1, role    TEXT    NOT NULL DEFAULT 'owner' CHECK (role IN ('owner', 'writer', 'reader')), owner   TEXT    NOT NULL DEFAULT '', members INTEGER NOT NULL DEFAULT 1, wanted  TEXT    NOT NULL DEFAULT '', renamed INTEGER NOT NULL DEFAULT 0) STRICT;
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
CREATE TABLE collated (
  row_id         INTEGER PRIMARY KEY,
  sort_key       BLOB NOT NULL,
  section        TEXT NOT NULL,
  family_key     BLOB NOT NULL,
  family_section TEXT NOT NULL
, differs INTEGER NOT NULL DEFAULT 1) STRICT;
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
, family_key     BLOB    NOT NULL DEFAULT x'', family_section TEXT    NOT NULL DEFAULT '', birthday       INTEGER NOT NULL DEFAULT 0, born           INTEGER NOT NULL DEFAULT 0, remote_id TEXT NOT NULL DEFAULT '', trashed INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE deletions_in (             -- deleted at the server, and still here
  contact   INTEGER PRIMARY KEY REFERENCES contacts (row_id) ON DELETE CASCADE,
  had       INTEGER NOT NULL,           -- the contact's rev when the deletion came
  rev       INTEGER NOT NULL,           -- the deletion's; 0: a walk did not show the contact
  edited_at INTEGER NOT NULL,
  device    TEXT NOT NULL,              -- name of the device that deleted it; '': not known
  asked     INTEGER NOT NULL            -- 0: the pull that brought it has not come to its end; 1: it waits for the user
) STRICT;
CREATE TABLE deletions_out (            -- deleted here, and still at the server
  contact INTEGER PRIMARY KEY REFERENCES contacts (row_id) ON DELETE CASCADE,
  edit    INTEGER NOT NULL,             -- the contact's last_edit: the deletion
  allowed INTEGER NOT NULL              -- 0: it waits for the user; 1: the user has said yes
) STRICT;
CREATE TABLE draft (                    -- one row at most
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  id        TEXT NOT NULL,
  from_card TEXT,
  to_card   TEXT NOT NULL
, book TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE duplicate_cards (          -- what of each contact is in duplicate_keys
  contact INTEGER PRIMARY KEY,
  name    INTEGER NOT NULL,
  keys    BLOB    NOT NULL
) STRICT;
CREATE TABLE duplicate_keys (           -- under which contacts meet
  key     INTEGER NOT NULL,
  contact INTEGER NOT NULL,
  name    INTEGER NOT NULL,             -- a hash of the contact's name; 0: none
  PRIMARY KEY (key, contact)
) STRICT, WITHOUT ROWID;
CREATE TABLE duplicate_pairs (          -- what was found
  a       INTEGER NOT NULL,
  b       INTEGER NOT NULL,             -- > a
  lane    INTEGER NOT NULL,
  score   INTEGER NOT NULL,
  reasons TEXT    NOT NULL,
  PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE TABLE duplicate_state (          -- one row
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  version INTEGER NOT NULL,             -- of the rules that the tables below were made by; 0: they are not whole
  build   INTEGER NOT NULL,             -- number of the newest building from nothing
  region  TEXT    NOT NULL,             -- country of phone numbers that don't say theirs
  seen    INTEGER NOT NULL              -- the newest log entry that is in the tables below
) STRICT;
CREATE TABLE labels (                   -- the labels of contacts that are not in the trash
  label   TEXT NOT NULL,
  contact INTEGER NOT NULL REFERENCES contacts (row_id),
  PRIMARY KEY (label, contact)
) STRICT, WITHOUT ROWID;
CREATE TABLE media (
  contact INTEGER NOT NULL REFERENCES contacts (row_id),
  blob    TEXT NOT NULL,                -- it may be missing from blobs: not fetched yet
  photo   INTEGER NOT NULL,             -- 1: it is the contact's photo; one at most
  PRIMARY KEY (contact, blob)
) STRICT, WITHOUT ROWID;
CREATE TABLE merged (                   -- where contacts went that are in the trash because they were merged with another
  contact  INTEGER PRIMARY KEY REFERENCES contacts (row_id),
  survivor TEXT    NOT NULL,
  entry    INTEGER NOT NULL             -- the log entry by which it went: the link is good while that is the contact's newest edit
) STRICT;
CREATE TABLE notices (
  id   INTEGER PRIMARY KEY AUTOINCREMENT,
  at   INTEGER NOT NULL,
  kind TEXT    NOT NULL CHECK (kind IN ('lost', 'read-only', 'account')),
  book TEXT    NOT NULL,                -- its name
  gone INTEGER NOT NULL,                -- contacts that are not on this device any more
  kept INTEGER NOT NULL                 -- contacts with changes that the server did not have: they are in the first book now
) STRICT;
CREATE TABLE outbox (
  contact   INTEGER PRIMARY KEY REFERENCES contacts (row_id),
  change_id TEXT NOT NULL UNIQUE,
  operation TEXT NOT NULL CHECK (operation IN ('INSERT', 'UPDATE', 'DELETE')),
  base_rev  INTEGER NOT NULL,
  edited_at INTEGER NOT NULL,
  covered   INTEGER NOT NULL,           -- the newest log entry that it holds
  card      TEXT                        -- NULL: DELETE
) STRICT;
CREATE TABLE purged (
  book       TEXT    NOT NULL,
  id         TEXT    NOT NULL,          -- at the server
  rev        INTEGER NOT NULL,          -- the server's, of the deletion
  edited_at  INTEGER NOT NULL,          -- when it was deleted
  deleted_at INTEGER NOT NULL,          -- when it went to the trash here
  PRIMARY KEY (book, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE redo (
  action INTEGER PRIMARY KEY
) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '1 2 3');
CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE settled (
  id        INTEGER PRIMARY KEY AUTOINCREMENT, -- never given out twice: it names a question
  contact   INTEGER NOT NULL REFERENCES contacts (row_id) ON DELETE CASCADE,
  path      TEXT NOT NULL,
  base      TEXT,                       -- the three values as they were; NULL: none
  local     TEXT,
  remote    TEXT,
  stands    INTEGER NOT NULL,           -- whose value stands: 0 the local one, 1 the remote one
  device    TEXT NOT NULL,              -- whose remote edit
  user      TEXT NOT NULL,
  local_at  INTEGER NOT NULL,
  remote_at INTEGER NOT NULL,
  rev       INTEGER NOT NULL,           -- the contact's then
  waited    INTEGER NOT NULL,           -- 1: it waited in conflicts, and an undo puts it back there
  closed    INTEGER NOT NULL
) STRICT;
CREATE TABLE state (                    -- one row
  one          INTEGER PRIMARY KEY CHECK (one = 1),
  clock        INTEGER NOT NULL,        -- the newest hybrid logical time given out or seen
  clock_offset INTEGER NOT NULL,        -- the server's clock minus ours
  list_version INTEGER NOT NULL         -- rises when the list's order changes
, projection INTEGER NOT NULL DEFAULT 0, logged INTEGER NOT NULL DEFAULT 0, row_floor INTEGER NOT NULL DEFAULT 0, collation TEXT NOT NULL DEFAULT '', collating TEXT NOT NULL DEFAULT '', indexed INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE thumbnails (               -- a cache: made from blobs, on this device
  blob  TEXT NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
  size  INTEGER NOT NULL,               -- of the square's side, in pixels
  bytes BLOB NOT NULL,                  -- empty: it is no picture that can be shown
  PRIMARY KEY (blob, size)
) STRICT;
CREATE TABLE trash_clock (              -- one row; see trashClock
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  now         INTEGER NOT NULL,         -- microseconds that this device knows to have passed
  local       INTEGER NOT NULL,         -- this machine's clock when that was written; 0: never
  seen_local  INTEGER NOT NULL,         -- the same when the server's clock was last held beside it
  seen_server INTEGER NOT NULL,
  seen_now    INTEGER NOT NULL
) STRICT;
CREATE INDEX change_log_record ON change_log (record_id);
CREATE INDEX contacts_all        ON contacts (sort_key) WHERE deleted_at = 0;
CREATE INDEX contacts_birthday ON contacts (birthday) WHERE deleted_at = 0 AND birthday <> 0;
CREATE INDEX contacts_book ON contacts (book, deleted_at, starred, birthday) WHERE book <> 'personal';
CREATE INDEX contacts_changed  ON contacts (edited_at) WHERE deleted_at = 0;
CREATE INDEX contacts_conflicted ON contacts (sort_key) WHERE attention = 1;
CREATE INDEX contacts_family   ON contacts (family_key) WHERE deleted_at = 0;
CREATE INDEX contacts_favourites ON contacts (sort_key) WHERE deleted_at = 0 AND starred = 1;
CREATE INDEX contacts_pending    ON contacts (pending, book, last_edit, conflicts, rejected) WHERE pending <> 0;
CREATE UNIQUE INDEX contacts_remote ON contacts (remote_id, book) WHERE remote_id <> '';
CREATE INDEX contacts_trash      ON contacts (sort_key) WHERE deleted_at <> 0;
CREATE INDEX contacts_trashed ON contacts (trashed) WHERE deleted_at <> 0;
CREATE INDEX contacts_unsent_deletions ON contacts (book) WHERE pending <> 0 AND deleted_at <> 0;
CREATE INDEX duplicate_pairs_b ON duplicate_pairs (b);
CREATE INDEX labels_contact  ON labels (contact);
CREATE INDEX media_blob ON media (blob);
CREATE INDEX settled_closed  ON settled (closed);
CREATE INDEX settled_contact ON settled (contact, closed);
CREATE TRIGGER contacts_collated AFTER UPDATE OF card ON contacts WHEN old.card IS NOT new.card BEGIN
  DELETE FROM collated WHERE row_id = old.row_id;
END;
INSERT INTO books VALUES ('personal', 'Personal', '', '', 'merge', 0, '', 0, -1, 'owner', '', 1, '', 0);
INSERT INTO duplicate_state VALUES (1, 0, 0, '', 0);
INSERT INTO state VALUES (1, 0, 0, 0, 0, 0, 0, '', '', 0);
INSERT INTO trash_clock VALUES (1, 0, 0, 0, 0, 0);
