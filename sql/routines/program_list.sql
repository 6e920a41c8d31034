-- program_list: the processes that use the database: a few hundred at most.
-- Rows:   host, process, name, seconds for which it is noted
-- Called by migrate.
CREATE PROCEDURE program_list()
SQL SECURITY DEFINER
BEGIN
  SELECT host, process, name, expires - UNIX_TIMESTAMP() AS seconds
    FROM program WHERE expires > UNIX_TIMESTAMP() ORDER BY host, name, process;
END
