-- The dedicated KMS instances of Alibaba Cloud.

CREATE TABLE kms_instances (
    scope_id    INTEGER NOT NULL REFERENCES scopes ON DELETE CASCADE,
    instance_id TEXT NOT NULL,
    -- Whether it stores new secrets and keys that name no instance.
    is_default  INTEGER NOT NULL,
    -- Its properties, as a JSON object with the member names of the cloud.
    details     TEXT NOT NULL,
    PRIMARY KEY (scope_id, instance_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX default_kms_instances ON kms_instances (scope_id) WHERE is_default;

-- Before, a scope had the instances that its secrets and keys name.
INSERT INTO kms_instances (scope_id, instance_id, is_default, details)
SELECT scope_id, dkms_instance_id, 0, json_object('InstanceId', dkms_instance_id) FROM secrets JOIN scopes USING (scope_id)
WHERE cloud = 'alibaba' AND dkms_instance_id IS NOT NULL
UNION
SELECT scope_id, dkms_instance_id, 0, json_object('InstanceId', dkms_instance_id) FROM cmks WHERE dkms_instance_id IS NOT NULL;
