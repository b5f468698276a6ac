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
