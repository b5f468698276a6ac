-- The columns that the list of all secrets of Alibaba Cloud shows, in its order: see store/listed.rs.
CREATE INDEX secrets_in_list_order ON secrets
    (scope_id, created_at, name, secret_type, updated_at, state, planned_delete_at, owing_service);
