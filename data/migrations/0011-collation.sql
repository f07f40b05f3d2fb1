-- Lists follow the order of a language.
ALTER TABLE state ADD COLUMN collation TEXT NOT NULL DEFAULT '';  -- that of the keys in contacts; '': nobody has chosen one, and it is the root's
ALTER TABLE state ADD COLUMN collating TEXT NOT NULL DEFAULT '';  -- that of the keys in collated; '': none are being made

-- The keys of an order that is being made, beside the one in force. Contacts that are not here have none yet.
CREATE TABLE collated (
  row_id         INTEGER PRIMARY KEY,
  sort_key       BLOB NOT NULL,
  section        TEXT NOT NULL,
  family_key     BLOB NOT NULL,
  family_section TEXT NOT NULL
) STRICT;

-- Whoever changes a card: its keys are to be made again.
CREATE TRIGGER contacts_collated AFTER UPDATE OF card ON contacts WHEN old.card IS NOT new.card BEGIN
  DELETE FROM collated WHERE row_id = old.row_id;
END;
