-- program_purge: forgets processes that ended without a word a day ago. Reads the whole
-- table, a few hundred rows, so it is not for requests.
CREATE PROCEDURE program_purge()
SQL SECURITY DEFINER
BEGIN
  DELETE FROM program WHERE expires <= UNIX_TIMESTAMP() - 86400;
END
