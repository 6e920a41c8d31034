-- program_note: notes that a process uses the database, if the procedures are those that
-- the process was built for. Migrate first makes them others, then looks for noted ones.
-- p_digest   of the procedures, as migrate records it
-- p_seconds  for which it counts as using the database; 0: it is not noted
-- Row:    fits: 1, or 0: the process must not go on; then it is no longer noted
-- Locks:  the record of the procedures, shared; the row of the process
CREATE PROCEDURE program_note(IN p_host VARCHAR(64), IN p_process BIGINT, IN p_name VARCHAR(64),
                              IN p_digest CHAR(64), IN p_seconds BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_digest CHAR(64) DEFAULT NULL;

  SELECT checksum INTO v_digest FROM schema_migration WHERE name = 'routines' LOCK IN SHARE MODE;
  IF v_digest <=> p_digest THEN
    IF p_seconds > 0 THEN
      INSERT INTO program (host, process, name, expires)
      VALUES (p_host, p_process, p_name, UNIX_TIMESTAMP() + p_seconds)
      ON DUPLICATE KEY UPDATE name = p_name, expires = UNIX_TIMESTAMP() + p_seconds;
    END IF;
    SELECT 1 AS fits;
  ELSE
    DELETE FROM program WHERE host = p_host AND process = p_process;
    SELECT 0 AS fits;
  END IF;
END
