-- Tenants with a clock and settings of their own.
ALTER TABLE tenants ADD COLUMN own_clock INTEGER NOT NULL DEFAULT 0 CHECK (own_clock IN (0, 1));
-- NULL: the setting of the server.
ALTER TABLE tenants ADD COLUMN alibaba_filter_match TEXT CHECK (alibaba_filter_match IN ('exact', 'contains'));

-- The clock by which the work of a secret is due: the number of an account with a clock of its own, or 0 for
-- the server's clock. Copied to the secrets, so that an index finds the earliest work of each clock.
ALTER TABLE scopes ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;
ALTER TABLE secrets ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;
DROP INDEX secrets_by_planned_delete_at;
DROP INDEX secrets_by_next_rotation_at;
CREATE INDEX secrets_by_planned_delete_at ON secrets (clock, planned_delete_at)
    WHERE planned_delete_at IS NOT NULL;
CREATE INDEX secrets_by_next_rotation_at ON secrets (clock, next_rotation_at)
    WHERE next_rotation_at IS NOT NULL;
