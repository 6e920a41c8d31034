-- migration_progress: how far a migration that stopped halfway has come.
-- Rows:   none, or one: statements done, statements begun, SHA-256 of these, hex
-- Called by migrate.
CREATE PROCEDURE migration_progress(IN p_name VARCHAR(64))
SQL SECURITY DEFINER
BEGIN
  SELECT done, begun, checksum FROM schema_progress WHERE name = p_name;
END
