-- What the lists by family name, by change, by birthday and by label are made of. The columns are filled from the cards when the
-- file is opened: projection is the number of the rules by which they were.

ALTER TABLE contacts ADD COLUMN family_key     BLOB    NOT NULL DEFAULT x'';
ALTER TABLE contacts ADD COLUMN family_section TEXT    NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN birthday       INTEGER NOT NULL DEFAULT 0;   -- month * 100 + day; 0: not known
ALTER TABLE contacts ADD COLUMN born           INTEGER NOT NULL DEFAULT 0;   -- the year; 0: not known
CREATE INDEX contacts_family   ON contacts (family_key) WHERE deleted_at = 0;
CREATE INDEX contacts_changed  ON contacts (edited_at) WHERE deleted_at = 0;
CREATE INDEX contacts_birthday ON contacts (birthday) WHERE deleted_at = 0 AND birthday <> 0;

CREATE TABLE labels (                   -- the labels of contacts that are not in the trash
  label   TEXT NOT NULL,
  contact INTEGER NOT NULL REFERENCES contacts (row_id),
  PRIMARY KEY (label, contact)
) STRICT, WITHOUT ROWID;

ALTER TABLE state ADD COLUMN projection INTEGER NOT NULL DEFAULT 0;
