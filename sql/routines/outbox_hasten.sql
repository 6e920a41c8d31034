-- outbox_hasten: makes messages to an account's bookkeepers due now, even after a
-- failed attempt, and ends the pauses of their receivers: one of the messages tries.
-- p_now   Gregorian seconds
-- Locks:  lines of the account that nobody has claimed, then their receivers
CREATE PROCEDURE outbox_hasten(IN p_account CHAR(32), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  UPDATE outbox_line SET due = p_now
   WHERE account_id = p_account AND target LIKE 'bookkeeper/%' AND due > p_now AND claim IS NULL;
  UPDATE outbox_line AS l STRAIGHT_JOIN outbox_receiver AS r ON r.target = l.target
     SET r.paused_until = p_now
   WHERE l.account_id = p_account AND l.target LIKE 'bookkeeper/%' AND r.paused_until > p_now;
END
