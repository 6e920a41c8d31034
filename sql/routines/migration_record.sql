-- migration_record: remembers that a migration was applied (again, for the procedures).
-- p_name      file in sql/schema
-- p_checksum  SHA-256 of it, hex
-- p_now       Gregorian seconds
-- Called by migrate.
CREATE PROCEDURE migration_record(IN p_name VARCHAR(64), IN p_checksum CHAR(64), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  INSERT INTO schema_migration (name, checksum, applied) VALUES (p_name, p_checksum, p_now)
  ON DUPLICATE KEY UPDATE checksum = p_checksum, applied = p_now;
  DELETE FROM schema_progress WHERE name = p_name;
END
