CREATE TABLE blob_refs (
    book_id    TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    hash       TEXT NOT NULL,
    PRIMARY KEY (book_id, contact_id, hash)
);
CREATE INDEX blob_refs_hash ON blob_refs (book_id, hash);
