-- outbox_replay: makes a message that was given up wait again, in its old place. A
-- pause of its receiver ends.
-- p_now    Gregorian seconds
-- Errors:  45404 id: unknown; 45409 id: it was not given up
-- Locks:   the line of the message, then those of outbox_resume
-- Called by reevectl.
CREATE PROCEDURE outbox_replay(IN p_id BIGINT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_account CHAR(32) DEFAULT NULL;
  DECLARE v_target VARCHAR(160);
  DECLARE v_audit VARCHAR(64);

  SELECT account_id, target, audit_id INTO v_account, v_target, v_audit FROM outbox WHERE id = p_id;
  IF v_account IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'id: no such message';
  END IF;
  UPDATE outbox_line SET due = COALESCE(due, p_now)
   WHERE account_id = v_account AND target = v_target;
  UPDATE outbox SET state = 'waiting', forgiven = attempts, settled = NULL
   WHERE id = p_id AND state = 'dead';
  IF ROW_COUNT() = 0 THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'id: this message was not given up';
  END IF;
  UPDATE audit_entry SET status = 'pending', reason = NULL, message = NULL, results = NULL
   WHERE account_id = v_account AND id = v_audit;
  CALL outbox_resume(v_target);
END
