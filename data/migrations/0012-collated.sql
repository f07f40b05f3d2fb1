-- Most names have the same keys in many languages: what stays is not written again.
ALTER TABLE collated ADD COLUMN differs INTEGER NOT NULL DEFAULT 1; -- from the keys in contacts
