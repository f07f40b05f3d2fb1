CREATE TABLE audit (
    id          TEXT   NOT NULL PRIMARY KEY,
    at          BIGINT NOT NULL,
    event       TEXT   NOT NULL,
    by_whom     TEXT   NOT NULL,
    user_id     TEXT   NOT NULL,
    user_key    TEXT   NOT NULL,
    user_name   TEXT   NOT NULL,
    device_id   TEXT   NOT NULL,
    device_name TEXT   NOT NULL,
    book_id     TEXT   NOT NULL,
    address     TEXT   NOT NULL,
    request_id  TEXT   NOT NULL,
    detail      TEXT   NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_user ON audit (user_key, at);

CREATE TABLE attempts (
    bucket TEXT   NOT NULL PRIMARY KEY,
    paid   BIGINT NOT NULL
);
