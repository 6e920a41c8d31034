-- migration_unlock: gives migration_lock back.
CREATE PROCEDURE migration_unlock()
SQL SECURITY DEFINER
BEGIN
  DO RELEASE_LOCK(CONCAT('reeve_migrate_', LEFT(DATABASE(), 40)));
END
