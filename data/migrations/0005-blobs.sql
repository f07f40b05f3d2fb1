-- Photos and other media, under the SHA-256 of their bytes: a card refers to them by blobId. media says which contact shows what;
-- it is filled from the cards when the file is opened, as the lists are.

CREATE TABLE blobs (
  id    TEXT PRIMARY KEY,               -- SHA-256 in lower-case hex
  type  TEXT NOT NULL,
  size  INTEGER NOT NULL,
  added INTEGER NOT NULL,               -- when it was last put here: what was put just now may be on its way into a card
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE thumbnails (               -- a cache: made from blobs, on this device
  blob  TEXT NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
  size  INTEGER NOT NULL,               -- of the square's side, in pixels
  bytes BLOB NOT NULL,                  -- empty: it is no picture that can be shown
  PRIMARY KEY (blob, size)
) STRICT;

CREATE TABLE media (
  contact INTEGER NOT NULL REFERENCES contacts (row_id),
  blob    TEXT NOT NULL,                -- it may be missing from blobs: not fetched yet
  photo   INTEGER NOT NULL,             -- 1: it is the contact's photo; one at most
  PRIMARY KEY (contact, blob)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_blob ON media (blob);
