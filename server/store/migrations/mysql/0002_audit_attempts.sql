CREATE TABLE IF NOT EXISTS audit (
    id          VARBINARY(64)  NOT NULL PRIMARY KEY,
    at          BIGINT         NOT NULL,
    event       VARBINARY(64)  NOT NULL,
    by_whom     VARBINARY(64)  NOT NULL,
    user_id     VARBINARY(64)  NOT NULL,
    user_key    VARBINARY(512) NOT NULL,
    user_name   TEXT NOT NULL,
    device_id   VARBINARY(64)  NOT NULL,
    device_name TEXT NOT NULL,
    book_id     VARBINARY(64)  NOT NULL,
    address     VARBINARY(64)  NOT NULL,
    request_id  VARBINARY(64)  NOT NULL,
    detail      TEXT NOT NULL,
    KEY audit_at (at),
    KEY audit_user (user_key, at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS attempts (
    bucket VARBINARY(64) NOT NULL PRIMARY KEY,
    paid   BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
