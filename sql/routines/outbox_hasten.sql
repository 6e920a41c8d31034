-- outbox_hasten: makes messages to an account's bookkeepers due now, even after a
-- failed attempt, and while their receivers are paused.
-- p_now   Gregorian seconds
-- Locks:  lines of the account that nobody has claimed
CREATE PROCEDURE outbox_hasten(IN p_account CHAR(32), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  UPDATE outbox_line SET due = p_now, own_due = NULL
   WHERE account_id = p_account AND target LIKE 'bookkeeper/%' AND due > p_now AND claim IS NULL;
END
