-- For the control API.

-- A scope that is not live is hidden: it is soft-deleted, or a spare. Its account has a prefix that no
-- account of a client has, see store/scopes.rs.
ALTER TABLE scopes ADD COLUMN live INTEGER NOT NULL DEFAULT 1 CHECK (live IN (0, 1));

-- Accounts that tests created, each with its own access key.
CREATE TABLE tenants (
    account           TEXT PRIMARY KEY,
    access_key_id     TEXT NOT NULL UNIQUE,
    access_key_secret TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    -- When it is removed with its secrets, if ever.
    expires_at        INTEGER,
    -- Whether it was created with the fixtures of the start.
    start_fixtures    INTEGER NOT NULL CHECK (start_fixtures IN (0, 1))
) STRICT;
CREATE INDEX tenants_by_expires_at ON tenants (expires_at) WHERE expires_at IS NOT NULL;

-- Named copies of scopes, as fixture files in parts.
CREATE TABLE snapshots (
    name       TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    secrets    INTEGER NOT NULL,
    -- The selection of scopes; NULL selects all.
    cloud      TEXT,
    account    TEXT,
    region     TEXT
) STRICT;
CREATE TABLE snapshot_parts (
    name     TEXT NOT NULL REFERENCES snapshots ON DELETE CASCADE,
    position INTEGER NOT NULL,
    fixture  TEXT NOT NULL,
    PRIMARY KEY (name, position)
) STRICT, WITHOUT ROWID;

-- The certificate authority of this database; at most one row.
CREATE TABLE authority (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    -- Both in PEM.
    certificate TEXT NOT NULL,
    private_key TEXT NOT NULL
) STRICT;
