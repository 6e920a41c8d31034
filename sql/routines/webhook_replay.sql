-- webhook_replay: makes messages to a webhook that were given up wait again, each in
-- its old place. A pause of the webhook ends.
-- p_delivery  one of them; '' all
-- Row:        number of messages
-- Locks:      the lines of the messages, so that none is given up meanwhile; then
--             those of outbox_resume
CREATE PROCEDURE webhook_replay(IN p_target VARCHAR(160), IN p_delivery VARCHAR(32),
  IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_replayed, v_lines BIGINT;
  DECLARE v_account CHAR(32) DEFAULT NULL;

  IF p_delivery <> '' THEN
    SELECT account_id INTO v_account FROM outbox
     WHERE delivery_id = p_delivery AND target = p_target;
    SELECT COUNT(*) INTO v_lines
      FROM (SELECT account_id FROM outbox_line
             WHERE account_id = v_account AND target = p_target FOR UPDATE) AS l;
    UPDATE outbox SET state = 'waiting', forgiven = attempts, settled = NULL
     WHERE delivery_id = p_delivery AND target = p_target AND state = 'dead';
    SET v_replayed = ROW_COUNT();
    UPDATE outbox_line SET due = COALESCE(due, p_now)
     WHERE account_id = v_account AND target = p_target AND v_replayed > 0;
  ELSE
    SELECT COUNT(*) INTO v_lines
      FROM (SELECT account_id FROM outbox_line
             WHERE target = p_target ORDER BY account_id FOR UPDATE) AS l;
    UPDATE outbox_line AS l
      STRAIGHT_JOIN outbox AS o FORCE INDEX (line)
                 ON o.account_id = l.account_id AND o.target = l.target AND o.state = 'dead'
       SET o.state = 'waiting', o.forgiven = o.attempts, o.settled = NULL
     WHERE l.target = p_target;
    SET v_replayed = ROW_COUNT();
    UPDATE outbox_line AS l
       SET l.due = COALESCE(l.due, p_now)
     WHERE l.target = p_target
       AND EXISTS (SELECT 1 FROM outbox AS o FORCE INDEX (line)
                    WHERE o.account_id = l.account_id AND o.target = p_target
                      AND o.state = 'waiting');
  END IF;
  IF v_replayed > 0 THEN
    CALL outbox_resume(p_target);
  END IF;
  SELECT v_replayed AS replayed;
END
