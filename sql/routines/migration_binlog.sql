-- migration_binlog: may this server be written to at READ COMMITTED? Not while it
-- writes its binary log by statement: then every write is error 1665.
-- Row:    1 it refuses writes, 0 it does not.
CREATE PROCEDURE migration_binlog()
SQL SECURITY DEFINER
BEGIN
  SELECT @@GLOBAL.log_bin = 1 AND @@SESSION.binlog_format = 'STATEMENT' AS refuses;
END
