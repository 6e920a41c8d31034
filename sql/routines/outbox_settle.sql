-- outbox_settle: records how an attempt ended and makes the next message of the line
-- due.
-- p_state    'delivered', 'dead', or 'waiting': to be tried again
-- p_counts   0: Reeve broke the attempt off, so it does not count
-- p_http     status of the answer, NULL: there was none
-- p_reason, p_detail  of a failure, or NULL; p_detail is for people
-- p_outcome  new status of the audit entry; NULL: unchanged. p_results goes with
--            it: JSON
-- p_due      when a message that waits may be tried again; p_now: Gregorian seconds
-- Row:       failing: 1: the receiver did not take the last message
-- Errors:    45404 outbox: unknown; 45409 claim: it has run out
-- Locks:     the line of the message, and its receiver if the attempt was broken off
CREATE PROCEDURE outbox_settle(IN p_id BIGINT, IN p_claim CHAR(32), IN p_state VARCHAR(16),
  IN p_counts TINYINT,
  IN p_http BIGINT, IN p_reason VARCHAR(255), IN p_detail TEXT, IN p_outcome VARCHAR(32),
  IN p_results LONGTEXT, IN p_due BIGINT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_account CHAR(32) DEFAULT NULL;
  DECLARE v_target VARCHAR(160);
  DECLARE v_audit VARCHAR(64);
  DECLARE v_attempt INT;
  DECLARE v_claim CHAR(32) DEFAULT NULL;
  DECLARE v_failing TINYINT;

  SELECT account_id, target, audit_id, attempts INTO v_account, v_target, v_audit, v_attempt
    FROM outbox WHERE id = p_id;
  IF v_account IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'outbox: no such message';
  END IF;
  SELECT claim INTO v_claim FROM outbox_line
   WHERE account_id = v_account AND target = v_target FOR UPDATE;
  IF v_claim IS NULL OR v_claim <> p_claim THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'claim: another courier has taken the turn';
  END IF;

  UPDATE outbox_attempt
     SET ended = p_now, http_status = p_http, reason = p_reason, detail = p_detail
   WHERE outbox_id = p_id AND attempt = v_attempt;
  UPDATE outbox
     SET state = p_state, http_status = p_http, reason = p_reason, detail = p_detail,
         forgiven = forgiven + IF(p_counts, 0, 1),
         settled = IF(p_state = 'waiting', NULL, p_now)
   WHERE id = p_id;
  IF p_outcome IS NOT NULL THEN
    UPDATE audit_entry
       SET status = p_outcome, reason = p_reason, message = p_detail, results = p_results
     WHERE account_id = v_account AND id = v_audit;
  END IF;
  UPDATE outbox_line
     SET claim = NULL,
         due = IF(p_state = 'waiting', p_due,
                  IF(EXISTS (SELECT 1 FROM outbox AS o FORCE INDEX (line)
                              WHERE o.account_id = v_account AND o.target = v_target
                                AND o.state = 'waiting'), p_now, NULL))
   WHERE account_id = v_account AND target = v_target;
  SELECT COUNT(*) INTO v_failing FROM outbox_receiver WHERE target = v_target;
  -- Of an attempt that was broken off nothing is known: another one may try.
  IF v_failing AND NOT p_counts THEN
    UPDATE outbox_receiver SET trial_until = 0 WHERE target = v_target;
  END IF;
  SELECT CAST(v_failing AS SIGNED) AS failing;
END
