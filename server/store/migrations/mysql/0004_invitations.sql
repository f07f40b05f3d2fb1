CREATE TABLE IF NOT EXISTS invitations (
    id         VARBINARY(64) NOT NULL PRIMARY KEY,
    book_id    VARBINARY(64) NOT NULL,
    code_hash  VARBINARY(64) NOT NULL UNIQUE,
    role       VARBINARY(64) NOT NULL,
    made_by    VARBINARY(64) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_by    VARBINARY(64) NOT NULL,
    KEY invitations_book (book_id, made_by),
    KEY invitations_expiry (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
