-- The book that was chosen for what is in the draft; '': none was.
ALTER TABLE draft ADD COLUMN book TEXT NOT NULL DEFAULT '';
