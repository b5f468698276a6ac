-- Replaced by the blocks of lists, which the program stores after this: see store/lists/blocks.rs.
DROP INDEX secrets_in_list_order;
CREATE TABLE list_blocks (
    -- AUTOINCREMENT: an id is never reused, because cached markers refer to it.
    block_id INTEGER PRIMARY KEY AUTOINCREMENT,
    members  BLOB NOT NULL
) STRICT;
-- The block with the members of the range that begins with the marker.
ALTER TABLE list_markers ADD COLUMN block_id INTEGER;
