-- The undos that Redo can take back, by their action: the newest is the next. An edit by this device's user empties it.
CREATE TABLE redo (
  action INTEGER PRIMARY KEY
) STRICT;
