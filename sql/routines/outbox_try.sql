-- outbox_try: one message tries a receiver that was paused; the other messages to it
-- wait for what it finds out, p_until at most.
-- p_until  Gregorian seconds
-- Locks:   the receiver, then its lines that nobody has claimed
CREATE PROCEDURE outbox_try(IN p_target VARCHAR(160), IN p_until BIGINT)
SQL SECURITY DEFINER
BEGIN
  UPDATE outbox_receiver SET trial_until = p_until WHERE target = p_target;
  IF ROW_COUNT() > 0 THEN
    UPDATE outbox_line
       SET own_due = COALESCE(own_due, due), due = p_until
     WHERE target = p_target AND due < p_until AND claim IS NULL;
  END IF;
END
