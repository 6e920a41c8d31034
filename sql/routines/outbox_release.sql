-- outbox_release: gives a claimed message back that was not sent, as if it had not been
-- claimed. Nothing changes if the claim has run out.
-- p_due   when it may be claimed again, Gregorian seconds
-- Locks:  the line of the message, and its receiver
CREATE PROCEDURE outbox_release(IN p_id BIGINT, IN p_claim CHAR(32), IN p_due BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_account CHAR(32) DEFAULT NULL;
  DECLARE v_target VARCHAR(160);
  DECLARE v_attempt INT;

  SELECT account_id, target, attempts INTO v_account, v_target, v_attempt
    FROM outbox WHERE id = p_id;
  UPDATE outbox_line SET due = p_due, claim = NULL
   WHERE account_id = v_account AND target = v_target AND claim = p_claim;
  IF ROW_COUNT() > 0 THEN
    DELETE FROM outbox_attempt WHERE outbox_id = p_id AND attempt = v_attempt;
    UPDATE outbox SET attempts = v_attempt - 1 WHERE id = p_id;
    UPDATE outbox_receiver SET trial_until = 0 WHERE target = v_target AND trial_until > 0;
  END IF;
END
