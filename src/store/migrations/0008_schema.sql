-- Times are Unix seconds, UTC: clients see whole seconds, and lists are sorted by them.

CREATE TABLE scopes (
    -- AUTOINCREMENT: an id is never reused, because cached results refer to it.
    scope_id INTEGER PRIMARY KEY AUTOINCREMENT,
    cloud    TEXT NOT NULL,
    account  TEXT NOT NULL,
    region   TEXT NOT NULL,
    -- The number of changes of its secrets.
    changes  INTEGER NOT NULL,
    -- A scope that is not live is hidden: it is soft-deleted, or a spare. Its account has a prefix that no
    -- account of a client has, see store/scopes.rs.
    live     INTEGER NOT NULL DEFAULT 1 CHECK (live IN (0, 1)),
    -- The clock by which the work of a secret is due: the number of an account with its own clock, or 0 for
    -- the server's clock. Copied to the secrets, so that an index finds the earliest work of each clock.
    clock    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (cloud, account, region)
) STRICT;

CREATE TABLE secrets (
    secret_id               INTEGER PRIMARY KEY,
    scope_id                INTEGER NOT NULL REFERENCES scopes,
    name                    TEXT NOT NULL,
    secret_type             TEXT NOT NULL,
    description             TEXT NOT NULL,
    created_at              INTEGER NOT NULL,
    updated_at              INTEGER NOT NULL,
    state                   TEXT NOT NULL
        CHECK (state IN ('enabled', 'disabled', 'pending_deletion', 'creating', 'failed')),
    planned_delete_at       INTEGER,
    encryption_key_id       TEXT,
    dkms_instance_id        TEXT,
    -- A JSON array.
    associated_instance_ids TEXT,
    owing_service           TEXT,
    creator                 TEXT,
    -- Properties that exist only on the secret's cloud, as JSON.
    extended_config         TEXT,
    -- Rotation is on if next_rotation_at is set.
    rotation_interval       INTEGER,
    last_rotated_at         INTEGER,
    next_rotation_at        INTEGER,
    policy                  TEXT,
    -- That of the scope.
    clock                   INTEGER NOT NULL DEFAULT 0,
    CHECK ((state = 'pending_deletion') = (planned_delete_at IS NOT NULL)),
    UNIQUE (scope_id, name)
) STRICT;

-- Indexes for due work.
CREATE INDEX secrets_by_planned_delete_at ON secrets (clock, planned_delete_at)
    WHERE planned_delete_at IS NOT NULL;
CREATE INDEX secrets_by_next_rotation_at ON secrets (clock, next_rotation_at)
    WHERE next_rotation_at IS NOT NULL;

CREATE TABLE secret_versions (
    secret_id  INTEGER NOT NULL REFERENCES secrets ON DELETE CASCADE,
    -- The order of creation in the secret, independent of the clock.
    sequence   INTEGER NOT NULL,
    version_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    data       TEXT NOT NULL,
    data_type  TEXT NOT NULL CHECK (data_type IN ('text', 'binary')),
    PRIMARY KEY (secret_id, sequence),
    UNIQUE (secret_id, version_id)
) STRICT, WITHOUT ROWID;

-- A stage belongs to one version of its secret; a version can have several.
CREATE TABLE version_stages (
    secret_id  INTEGER NOT NULL,
    stage      TEXT NOT NULL,
    version_id TEXT NOT NULL,
    PRIMARY KEY (secret_id, stage),
    FOREIGN KEY (secret_id, version_id) REFERENCES secret_versions (secret_id, version_id)
        ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX version_stages_by_version ON version_stages (secret_id, version_id);

CREATE TABLE secret_tags (
    secret_id INTEGER NOT NULL REFERENCES secrets ON DELETE CASCADE,
    tag_key   TEXT NOT NULL,
    tag_value TEXT NOT NULL,
    position  INTEGER NOT NULL,
    PRIMARY KEY (secret_id, tag_key)
) STRICT, WITHOUT ROWID;

-- Lists, their members and their markers: see store/lists/mod.rs.

CREATE TABLE lists (
    list_id  INTEGER PRIMARY KEY,
    scope_id INTEGER NOT NULL REFERENCES scopes,
    kind     INTEGER NOT NULL,
    value    TEXT NOT NULL,
    total    INTEGER NOT NULL,
    levels   INTEGER NOT NULL,
    UNIQUE (scope_id, kind, value)
) STRICT;

CREATE TABLE list_members (
    list_id    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    tie_break  TEXT NOT NULL,
    secret_id  INTEGER NOT NULL,
    PRIMARY KEY (list_id, created_at, tie_break)
) STRICT, WITHOUT ROWID;

CREATE TABLE list_markers (
    list_id    INTEGER NOT NULL,
    level      INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    tie_break  TEXT NOT NULL,
    count      INTEGER NOT NULL,
    PRIMARY KEY (list_id, level, created_at, tie_break)
) STRICT, WITHOUT ROWID;

-- See store/names.rs.
CREATE VIRTUAL TABLE secret_names USING fts5 (
    name, tokenize = 'trigram case_sensitive 1', content = '', contentless_delete = 1
);

-- Accounts that tests created, each with its own access key.
CREATE TABLE tenants (
    account           TEXT PRIMARY KEY,
    access_key_id     TEXT NOT NULL UNIQUE,
    access_key_secret TEXT NOT NULL,
    created_at        INTEGER NOT NULL,
    -- When it is removed with its secrets, if ever.
    expires_at        INTEGER,
    -- Whether it was created with the fixtures of the start.
    start_fixtures    INTEGER NOT NULL CHECK (start_fixtures IN (0, 1)),
    -- Whether it has its own clock and settings.
    own_clock         INTEGER NOT NULL DEFAULT 0 CHECK (own_clock IN (0, 1)),
    -- NULL: the setting of the server.
    alibaba_filter_match TEXT CHECK (alibaba_filter_match IN ('exact', 'contains'))
) STRICT;
CREATE INDEX tenants_by_expires_at ON tenants (expires_at) WHERE expires_at IS NOT NULL;

-- The accounts of tenants that were removed while there were snapshots: their secrets are not restored.
CREATE TABLE removed_tenants (account TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

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
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    -- Both in PEM.
    certificate  TEXT NOT NULL,
    private_key  TEXT NOT NULL,
    -- The intermediate certificate in PEM, signed by `certificate`; the private key of the row belongs to it.
    -- Its permitted subtrees are separated by spaces. Both columns are NULL for an authority without name
    -- constraints, whose private key belongs to `certificate`.
    intermediate TEXT,
    permitted    TEXT
) STRICT;

-- The keys of Alibaba Cloud KMS. Their lists are in `lists`, see store/cmks/lists.rs.

CREATE TABLE cmks (
    cmk_id               INTEGER PRIMARY KEY,
    scope_id             INTEGER NOT NULL REFERENCES scopes,
    key_id               TEXT NOT NULL,
    spec                 TEXT NOT NULL,
    usage                TEXT NOT NULL,
    origin               TEXT NOT NULL,
    protection_level     TEXT NOT NULL,
    creator              TEXT NOT NULL,
    creator_type         TEXT NOT NULL,
    description          TEXT NOT NULL,
    created_at           INTEGER NOT NULL,
    state                TEXT NOT NULL,
    planned_delete_at    INTEGER,
    dkms_instance_id     TEXT,
    material_expires_at  INTEGER,
    -- Rotation is on if next_rotation_at is set.
    rotation_interval    INTEGER,
    last_rotated_at      INTEGER,
    next_rotation_at     INTEGER,
    -- The description of the protection; NULL without protection.
    deletion_protection  TEXT,
    policy               TEXT,
    -- The earliest of the times at which work is due, and the clock by which it is, as in `secrets`.
    next_due_at          INTEGER,
    clock                INTEGER NOT NULL DEFAULT 0,
    CHECK ((state = 'PendingDeletion') = (planned_delete_at IS NOT NULL)),
    UNIQUE (scope_id, key_id)
) STRICT;
CREATE INDEX cmks_by_next_due_at ON cmks (clock, next_due_at) WHERE next_due_at IS NOT NULL;

CREATE TABLE cmk_versions (
    cmk_id          INTEGER NOT NULL REFERENCES cmks ON DELETE CASCADE,
    -- The order of creation. The newest version of a symmetric key encrypts.
    sequence        INTEGER NOT NULL,
    version_id      TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    -- NULL before an import, and after the material was deleted.
    material        BLOB,
    imported_digest BLOB,
    PRIMARY KEY (cmk_id, sequence)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX cmk_versions_by_id ON cmk_versions (version_id, cmk_id);

CREATE TABLE cmk_tags (
    cmk_id    INTEGER NOT NULL REFERENCES cmks ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    tag_key   TEXT NOT NULL,
    tag_value TEXT NOT NULL,
    PRIMARY KEY (cmk_id, position),
    UNIQUE (cmk_id, tag_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE cmk_aliases (
    alias_id   INTEGER PRIMARY KEY,
    scope_id   INTEGER NOT NULL REFERENCES scopes,
    name       TEXT NOT NULL,
    cmk_id     INTEGER NOT NULL REFERENCES cmks ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    UNIQUE (scope_id, name)
) STRICT;
CREATE INDEX cmk_aliases_by_cmk ON cmk_aliases (cmk_id);

-- What the material of a key can be imported with, until it expires.
CREATE TABLE cmk_imports (
    cmk_id      INTEGER NOT NULL REFERENCES cmks ON DELETE CASCADE,
    token       BLOB NOT NULL,
    algorithm   TEXT NOT NULL,
    private_key BLOB NOT NULL,
    expires_at  INTEGER NOT NULL,
    PRIMARY KEY (cmk_id, token)
) STRICT, WITHOUT ROWID;
