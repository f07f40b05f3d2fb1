CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    name_key   TEXT   NOT NULL UNIQUE,
    password   TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE devices (
    id         TEXT   NOT NULL PRIMARY KEY,
    user_id    TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    token_hash TEXT   UNIQUE,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL
);
CREATE INDEX devices_user ON devices (user_id);

CREATE TABLE books (
    id              TEXT   NOT NULL PRIMARY KEY,
    name            TEXT   NOT NULL,
    seq             BIGINT NOT NULL,
    tombstone_floor BIGINT NOT NULL,
    commit_floor    BIGINT NOT NULL,
    created_at      BIGINT NOT NULL
);

CREATE TABLE members (
    book_id    TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    role       TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (book_id, user_id)
);
CREATE INDEX members_user ON members (user_id, created_at);

CREATE TABLE contacts (
    book_id    TEXT   NOT NULL,
    id         TEXT   NOT NULL,
    seq        BIGINT NOT NULL,
    operation  TEXT   NOT NULL,
    card       TEXT   NOT NULL,
    edited_at  BIGINT NOT NULL,
    device_id  TEXT   NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (book_id, id)
);
CREATE INDEX contacts_feed ON contacts (book_id, seq, operation);

CREATE TABLE commits (
    book_id    TEXT   NOT NULL,
    seq        BIGINT NOT NULL,
    tag        BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (book_id, seq)
);

CREATE TABLE results (
    book_id    TEXT   NOT NULL,
    change_id  TEXT   NOT NULL,
    contact_id TEXT   NOT NULL,
    status     TEXT   NOT NULL,
    rev        BIGINT NOT NULL,
    edited_at  BIGINT NOT NULL,
    code       TEXT   NOT NULL,
    detail     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (book_id, change_id)
);

CREATE TABLE blobs (
    book_id    TEXT   NOT NULL,
    hash       TEXT   NOT NULL,
    size       BIGINT NOT NULL,
    data       BYTEA  NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (book_id, hash)
);
