-- Filters of Alibaba Cloud can match a part of the name, too.
INSERT INTO secret_names (rowid, name)
SELECT secret_id, name FROM secrets JOIN scopes USING (scope_id) WHERE cloud = 'alibaba';
