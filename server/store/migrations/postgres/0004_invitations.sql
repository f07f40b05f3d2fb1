CREATE TABLE invitations (
    id         TEXT   NOT NULL PRIMARY KEY,
    book_id    TEXT   NOT NULL,
    code_hash  TEXT   NOT NULL UNIQUE,
    role       TEXT   NOT NULL,
    made_by    TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_by    TEXT   NOT NULL
);
CREATE INDEX invitations_book ON invitations (book_id, made_by);
CREATE INDEX invitations_expiry ON invitations (expires_at);
