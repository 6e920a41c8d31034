-- outbox_resume: ends the pause of a receiver; the messages to it are due when they
-- were without it.
-- Locks:   the receiver, then its lines that nobody has claimed
CREATE PROCEDURE outbox_resume(IN p_target VARCHAR(160))
SQL SECURITY DEFINER
BEGIN
  DELETE FROM outbox_receiver WHERE target = p_target;
  UPDATE outbox_line SET due = IF(due IS NULL, NULL, own_due), own_due = NULL
   WHERE target = p_target AND own_due IS NOT NULL AND claim IS NULL;
END
