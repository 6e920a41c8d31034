-- When an account came here: an imported one is older than that, and what it owed
-- before was not ours to collect.

ALTER TABLE account
  ADD COLUMN arrived BIGINT NULL COMMENT 'made or imported here, Gregorian seconds; NULL: before this was kept';
