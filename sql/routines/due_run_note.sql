-- due_run_note: stores the state of the last run of run-due.
-- p_result  'running', 'well', 'accounts failed' or 'broken off'
-- p_now     Gregorian seconds
-- Locks:    the row
CREATE PROCEDURE due_run_note(IN p_result VARCHAR(16), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  INSERT INTO due_run (id, at, result) VALUES (1, p_now, p_result)
    ON DUPLICATE KEY UPDATE at = p_now, result = p_result;
END
