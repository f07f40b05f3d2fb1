-- The rules that the words of the search index were made by; see searchRules.
ALTER TABLE state ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
