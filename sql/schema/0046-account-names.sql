-- The names of a parent's accounts are looked up: those of deleted ones are free.

ALTER TABLE account ADD KEY name_below (parent_id, deleted, name_key, name);
