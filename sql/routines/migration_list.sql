-- migration_list: migrations applied to this database, oldest first. The pool
-- compares them with those it was built with.
CREATE PROCEDURE migration_list()
SQL SECURITY DEFINER
BEGIN
  SELECT name, checksum FROM schema_migration ORDER BY name;
END
