CREATE TABLE IF NOT EXISTS blob_refs (
    book_id    VARBINARY(64) NOT NULL,
    contact_id VARBINARY(255) NOT NULL,
    hash       VARBINARY(64) NOT NULL,
    PRIMARY KEY (book_id, contact_id, hash),
    KEY blob_refs_hash (book_id, hash)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
