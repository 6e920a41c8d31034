-- program_leave: forgets a process that ends.
-- Locks:  the row of the process
CREATE PROCEDURE program_leave(IN p_host VARCHAR(64), IN p_process BIGINT)
SQL SECURITY DEFINER
BEGIN
  DELETE FROM program WHERE host = p_host AND process = p_process;
END
