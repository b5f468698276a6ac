-- For Tencent Cloud: more states, associated instances, another tie-break, search by a part of the name.

CREATE TABLE new_secrets (
    secret_id          INTEGER PRIMARY KEY,
    scope_id           INTEGER NOT NULL REFERENCES scopes,
    name               TEXT NOT NULL,
    secret_type        TEXT NOT NULL,
    description        TEXT NOT NULL,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    state              TEXT NOT NULL
        CHECK (state IN ('enabled', 'disabled', 'pending_deletion', 'creating', 'failed')),
    planned_delete_at  INTEGER,
    encryption_key_id  TEXT,
    dkms_instance_id   TEXT,
    -- A JSON array.
    associated_instance_ids TEXT,
    owing_service      TEXT,
    creator            TEXT,
    -- Properties that exist only on the secret's cloud, as JSON.
    extended_config    TEXT,
    -- Rotation is on if next_rotation_at is set.
    rotation_interval  INTEGER,
    last_rotated_at    INTEGER,
    next_rotation_at   INTEGER,
    policy             TEXT,
    CHECK ((state = 'pending_deletion') = (planned_delete_at IS NOT NULL)),
    UNIQUE (scope_id, name)
) STRICT;

INSERT INTO new_secrets (secret_id, scope_id, name, secret_type, description, created_at, updated_at, state,
    planned_delete_at, encryption_key_id, dkms_instance_id, owing_service, creator, extended_config,
    rotation_interval, last_rotated_at, next_rotation_at, policy)
SELECT secret_id, scope_id, name, secret_type, description, created_at, updated_at, state,
    planned_delete_at, encryption_key_id, dkms_instance_id, owing_service, creator, extended_config,
    rotation_interval, last_rotated_at, next_rotation_at, policy
FROM secrets;
DROP TABLE secrets;
ALTER TABLE new_secrets RENAME TO secrets;

CREATE INDEX secrets_by_planned_delete_at ON secrets (planned_delete_at)
    WHERE planned_delete_at IS NOT NULL;
CREATE INDEX secrets_by_next_rotation_at ON secrets (next_rotation_at)
    WHERE next_rotation_at IS NOT NULL;

-- See SortKey in store/lists.rs.
ALTER TABLE list_members RENAME COLUMN name TO tie_break;
ALTER TABLE list_markers RENAME COLUMN name TO tie_break;

-- See store/names.rs.
CREATE VIRTUAL TABLE secret_names USING fts5 (
    name, tokenize = 'trigram case_sensitive 1', content = '', contentless_delete = 1
);
