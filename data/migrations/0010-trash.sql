-- What leaves the trash leaves the tables. Row ids that were given out once are not given out again: the highest of those that are gone.
ALTER TABLE state ADD COLUMN row_floor INTEGER NOT NULL DEFAULT 0;

CREATE TABLE trash_clock (              -- one row; see trashClock
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  now         INTEGER NOT NULL,         -- microseconds that this device knows to have passed
  local       INTEGER NOT NULL,         -- this machine's clock when that was written; 0: never
  seen_local  INTEGER NOT NULL,         -- the same when the server's clock was last held beside it
  seen_server INTEGER NOT NULL,
  seen_now    INTEGER NOT NULL
) STRICT;
INSERT INTO trash_clock VALUES (1, 0, 0, 0, 0, 0);

ALTER TABLE contacts ADD COLUMN trashed INTEGER NOT NULL DEFAULT 0; -- in the trash: since when, by trash_clock
CREATE INDEX contacts_trashed ON contacts (trashed) WHERE deleted_at <> 0;

-- Contacts that were removed for good. What is left of one is what it takes not to bring it back by mistake.
CREATE TABLE purged (
  book       TEXT    NOT NULL,
  id         TEXT    NOT NULL,          -- at the server
  rev        INTEGER NOT NULL,          -- the server's, of the deletion
  edited_at  INTEGER NOT NULL,          -- when it was deleted
  deleted_at INTEGER NOT NULL,          -- when it went to the trash here
  PRIMARY KEY (book, id)
) STRICT, WITHOUT ROWID;

-- By contact: what goes with it is found, and not searched for.
CREATE INDEX labels_contact  ON labels (contact);
DROP INDEX settled_contact;
CREATE INDEX settled_contact ON settled (contact, closed);
