-- Deletions of a size that may be a mistake wait for the user. A row speaks of its contact only for as long as the contact is as it
-- was then: see deletionsIn and deletionsOut in guard.go.

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

CREATE INDEX contacts_unsent_deletions ON contacts (book) WHERE pending <> 0 AND deleted_at <> 0;

ALTER TABLE books ADD COLUMN live INTEGER NOT NULL DEFAULT -1; -- live contacts when the pull under way began; -1: none is under way
