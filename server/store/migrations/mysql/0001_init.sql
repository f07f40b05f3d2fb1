CREATE TABLE IF NOT EXISTS meta (
    name  VARBINARY(64) NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS users (
    id         VARBINARY(64) NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    name_key   VARBINARY(512) NOT NULL UNIQUE,
    password   TEXT NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS devices (
    id         VARBINARY(64) NOT NULL PRIMARY KEY,
    user_id    VARBINARY(64) NOT NULL,
    name       TEXT NOT NULL,
    token_hash VARBINARY(64) UNIQUE,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    KEY devices_user (user_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS books (
    id              VARBINARY(64) NOT NULL PRIMARY KEY,
    name            TEXT NOT NULL,
    seq             BIGINT NOT NULL,
    tombstone_floor BIGINT NOT NULL,
    commit_floor    BIGINT NOT NULL,
    created_at      BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS members (
    book_id    VARBINARY(64) NOT NULL,
    user_id    VARBINARY(64) NOT NULL,
    role       VARBINARY(64) NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (book_id, user_id),
    KEY members_user (user_id, created_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS contacts (
    book_id    VARBINARY(64) NOT NULL,
    id         VARBINARY(255) NOT NULL,
    seq        BIGINT NOT NULL,
    operation  VARBINARY(64) NOT NULL,
    card       LONGTEXT NOT NULL,
    edited_at  BIGINT NOT NULL,
    device_id  VARBINARY(64) NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (book_id, id),
    KEY contacts_feed (book_id, seq, operation)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS commits (
    book_id    VARBINARY(64) NOT NULL,
    seq        BIGINT NOT NULL,
    tag        BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (book_id, seq)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS results (
    book_id    VARBINARY(64) NOT NULL,
    change_id  VARBINARY(64) NOT NULL,
    contact_id VARBINARY(255) NOT NULL,
    status     VARBINARY(64) NOT NULL,
    rev        BIGINT NOT NULL,
    edited_at  BIGINT NOT NULL,
    code       VARBINARY(64) NOT NULL,
    detail     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (book_id, change_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS blobs (
    book_id    VARBINARY(64) NOT NULL,
    hash       VARBINARY(64) NOT NULL,
    size       BIGINT NOT NULL,
    data       LONGBLOB NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (book_id, hash)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
