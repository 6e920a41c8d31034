-- outbox_resume: ends the pause of a receiver, and forgets its failures.
-- Locks:   the receiver
CREATE PROCEDURE outbox_resume(IN p_target VARCHAR(160))
SQL SECURITY DEFINER
BEGIN
  DELETE FROM outbox_receiver WHERE target = p_target;
END
