-- due_take: marks a task as done for an account and a period, in the transaction
-- that does it.
-- p_now   Gregorian seconds
-- Row:    taken: 1, or 0 when it was done before
-- Errors: 45404 account: unknown
-- Locks:  audit_head of the account: the second of two runs waits here, then sees
--         what the first has done
CREATE PROCEDURE due_take(IN p_account CHAR(32), IN p_task VARCHAR(32), IN p_period VARCHAR(8),
  IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sequence BIGINT DEFAULT NULL;
  SELECT sequence INTO v_sequence FROM audit_head WHERE account_id = p_account FOR UPDATE;
  IF v_sequence IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  IF EXISTS (SELECT 1 FROM due_done
              WHERE account_id = p_account AND task = p_task AND period = p_period) THEN
    SELECT 0 AS taken;
  ELSE
    INSERT INTO due_done (account_id, task, period, done)
    VALUES (p_account, p_task, p_period, p_now);
    SELECT 1 AS taken;
  END IF;
END
