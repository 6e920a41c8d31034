-- outbox_rest: lets a receiver that does not answer be, for a while: what other
-- accounts have for it is not due before. Else each of them would wait for it
-- in vain, and everybody else's messages meanwhile.
-- p_target  the receiver
-- p_until   Gregorian seconds
-- Locks:    lines of the receiver that nobody has claimed
CREATE PROCEDURE outbox_rest(IN p_target VARCHAR(160), IN p_until BIGINT)
SQL SECURITY DEFINER
BEGIN
  UPDATE outbox_line SET due = p_until
   WHERE target = p_target AND due < p_until AND claim IS NULL;
END
