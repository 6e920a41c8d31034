-- migration_routine_list: the procedures of this database that the creator of this one
-- has created, with the same settings. Migrate creates this one at every run, so its
-- own creator and settings are today's.
-- Rows:   name, and the comment: SHA-256 of its file, hex
-- Called by migrate.
CREATE PROCEDURE migration_routine_list()
SQL SECURITY DEFINER
BEGIN
  SELECT r.routine_name AS name, r.routine_comment AS checksum
    FROM information_schema.routines AS mine
    JOIN information_schema.routines AS r
      ON r.routine_schema = mine.routine_schema AND r.definer = mine.definer
     AND r.sql_mode = mine.sql_mode
     AND r.database_collation = mine.database_collation
     AND r.collation_connection = mine.collation_connection
   WHERE mine.routine_schema = DATABASE() AND mine.routine_name = 'migration_routine_list';
END
