-- Fields that both sides changed and that were settled: by time, for the user to look at (closed = 0), or by the user, kept for an
-- undo (closed: the action in the change log). One that the user is content with is deleted: its values are in the history.
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
CREATE INDEX settled_contact ON settled (contact) WHERE closed = 0;
CREATE INDEX settled_closed  ON settled (closed);
