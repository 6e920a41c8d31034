-- webhook_replay: makes messages to a webhook that were given up wait again, each in
-- its old place.
-- p_delivery  one of them; '' all
-- Row:        number of messages
-- Locks:      the lines of the webhook, so that none is given up meanwhile
CREATE PROCEDURE webhook_replay(IN p_target VARCHAR(160), IN p_delivery VARCHAR(32),
  IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_replayed, v_lines BIGINT;

  SELECT COUNT(*) INTO v_lines
    FROM (SELECT account_id FROM outbox_line
           WHERE target = p_target ORDER BY account_id FOR UPDATE) AS l;
  UPDATE outbox SET state = 'waiting', forgiven = attempts, settled = NULL
   WHERE target = p_target AND state = 'dead' AND (p_delivery = '' OR delivery_id = p_delivery);
  SET v_replayed = ROW_COUNT();
  UPDATE outbox_line AS l
    JOIN (SELECT DISTINCT account_id FROM outbox WHERE target = p_target AND state = 'waiting') AS w
      ON w.account_id = l.account_id
     SET l.due = COALESCE(l.due, p_now)
   WHERE l.target = p_target;
  SELECT v_replayed AS replayed;
END
