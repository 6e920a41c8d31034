-- migration_lock: waits for the lock that lets one migration run at a time.
-- p_wait  seconds
-- Row:    1 taken, 0 someone else is migrating.
CREATE PROCEDURE migration_lock(IN p_wait INT)
SQL SECURITY DEFINER
BEGIN
  SELECT COALESCE(GET_LOCK(CONCAT('reeve_migrate_', LEFT(DATABASE(), 40)), p_wait), 0) AS taken;
END
