-- migration_hold: holds the progress of a migration until the transaction ends, so that
-- nobody runs its next statement beside this transaction.
-- Row:    statements done, statements begun, SHA-256 of these, hex; done is -1 if the
--         whole migration was applied
-- Locks:  the row of the progress
-- Called by migrate.
CREATE PROCEDURE migration_hold(IN p_name VARCHAR(64))
SQL SECURITY DEFINER
BEGIN
  INSERT INTO schema_progress (name, done, begun, checksum) VALUES (p_name, 0, 0, '')
  ON DUPLICATE KEY UPDATE done = schema_progress.done;
  SELECT IF(EXISTS (SELECT 1 FROM schema_migration WHERE name = p_name), -1, done) AS done,
         begun, checksum
    FROM schema_progress WHERE name = p_name FOR UPDATE;
END
