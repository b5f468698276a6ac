-- The last marker of each level now stores the complement of the number of members before it, instead of the number of
-- members of its range: see store/lists/markers.rs.
UPDATE list_markers SET count = ~((SELECT total FROM lists WHERE lists.list_id = list_markers.list_id) - count)
WHERE NOT EXISTS (
    SELECT 1 FROM list_markers AS next
    WHERE next.list_id = list_markers.list_id AND next.level = list_markers.level
      AND (next.created_at, next.tie_break) > (list_markers.created_at, list_markers.tie_break));
