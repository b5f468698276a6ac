-- What the controls of a test pipeline keep.

-- A scope that is not live is out of everybody's sight: on its way out, or waiting to take the place
-- of a live one. Its account is a text that no client has.
ALTER TABLE scopes ADD COLUMN live INTEGER NOT NULL DEFAULT 1 CHECK (live IN (0, 1));

-- Accounts made on request, each with an access key of its own.
CREATE TABLE tenants (
    account           TEXT PRIMARY KEY,
    access_key_id     TEXT NOT NULL UNIQUE,
    access_key_secret TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    -- When it is dropped with all it holds, if ever.
    expires_at        INTEGER,
    -- Whether it began with the fixtures that the server was started with.
    start_fixtures    INTEGER NOT NULL CHECK (start_fixtures IN (0, 1))
) STRICT;
CREATE INDEX tenants_by_expires_at ON tenants (expires_at) WHERE expires_at IS NOT NULL;

-- Named states to come back to: fixture files, cut into parts.
CREATE TABLE snapshots (
    name       TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL,
    secrets    INTEGER NOT NULL,
    -- Of which scopes it is; absent stands for all.
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

-- The certificate authority of this database; one row at the most.
CREATE TABLE authority (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    -- Both in PEM.
    certificate TEXT NOT NULL,
    private_key TEXT NOT NULL
) STRICT;
