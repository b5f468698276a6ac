-- The accounts of tenants that were removed while there were snapshots: their secrets are not restored.
CREATE TABLE removed_tenants (account TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
