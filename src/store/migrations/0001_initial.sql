-- Times are Unix seconds, UTC: clients see whole seconds, and lists are sorted by them.

CREATE TABLE scopes (
    -- AUTOINCREMENT: an id is never reused, because cached results refer to it.
    scope_id INTEGER PRIMARY KEY AUTOINCREMENT,
    cloud    TEXT NOT NULL,
    account  TEXT NOT NULL,
    region   TEXT NOT NULL,
    -- The number of changes of its secrets.
    changes  INTEGER NOT NULL,
    UNIQUE (cloud, account, region)
) STRICT;

CREATE TABLE secrets (
    secret_id          INTEGER PRIMARY KEY,
    scope_id           INTEGER NOT NULL REFERENCES scopes,
    name               TEXT NOT NULL,
    secret_type        TEXT NOT NULL,
    description        TEXT NOT NULL,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    state              TEXT NOT NULL CHECK (state IN ('enabled', 'disabled', 'pending_deletion')),
    planned_delete_at  INTEGER,
    encryption_key_id  TEXT,
    dkms_instance_id   TEXT,
    owing_service      TEXT,
    creator            TEXT,
    -- Managed types only. Rotation is on if next_rotation_at is set.
    extended_config    TEXT,
    rotation_interval  INTEGER,
    last_rotated_at    INTEGER,
    next_rotation_at   INTEGER,
    policy             TEXT,
    CHECK ((state = 'pending_deletion') = (planned_delete_at IS NOT NULL)),
    UNIQUE (scope_id, name)
) STRICT;

-- Indexes for due work.
CREATE INDEX secrets_by_planned_delete_at ON secrets (planned_delete_at)
    WHERE planned_delete_at IS NOT NULL;
CREATE INDEX secrets_by_next_rotation_at ON secrets (next_rotation_at)
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

-- Lists, their members and their markers: see store/lists.rs.

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
    name       TEXT NOT NULL,
    secret_id  INTEGER NOT NULL,
    PRIMARY KEY (list_id, created_at, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE list_markers (
    list_id    INTEGER NOT NULL,
    level      INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    name       TEXT NOT NULL,
    count      INTEGER NOT NULL,
    PRIMARY KEY (list_id, level, created_at, name)
) STRICT, WITHOUT ROWID;
