-- migration_advance: remembers how far a migration has come. A statement that commits
-- by itself is remembered as begun before, and as done after it.
-- p_name      file in sql/schema
-- p_done      its statements that are done
-- p_begun     those that were begun
-- p_checksum  SHA-256 of the statements begun, hex
-- Locks:  the row of the migration
-- Called by migrate.
CREATE PROCEDURE migration_advance(IN p_name VARCHAR(64), IN p_done INT, IN p_begun INT,
                                   IN p_checksum CHAR(64))
SQL SECURITY DEFINER
BEGIN
  INSERT INTO schema_progress (name, done, begun, checksum)
  VALUES (p_name, p_done, p_begun, p_checksum)
  ON DUPLICATE KEY UPDATE done = p_done, begun = p_begun, checksum = p_checksum;
END
