-- outbox_rest: puts off the messages of all accounts to a receiver for a moment: they
-- would be claimed in vain and delay the messages to others.
-- p_target  the receiver
-- p_until   Gregorian seconds
-- Locks:    lines of the receiver that nobody has claimed
CREATE PROCEDURE outbox_rest(IN p_target VARCHAR(160), IN p_until BIGINT)
SQL SECURITY DEFINER
BEGIN
  UPDATE outbox_line SET due = p_until
   WHERE target = p_target AND due < p_until AND claim IS NULL;
END
