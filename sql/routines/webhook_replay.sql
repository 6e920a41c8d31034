-- webhook_replay: messages to a webhook that were given up wait again, each in
-- its old place.
-- p_delivery  one of them; '' all
-- Row:        how many
-- Locks:      the lines of the webhook
CREATE PROCEDURE webhook_replay(IN p_target VARCHAR(160), IN p_delivery VARCHAR(32), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_replayed BIGINT;

  UPDATE outbox_line AS l
    JOIN (SELECT DISTINCT account_id FROM outbox
           WHERE target = p_target AND state = 'dead' AND (p_delivery = '' OR delivery_id = p_delivery)) AS d
      ON d.account_id = l.account_id
     SET l.due = COALESCE(l.due, p_now)
   WHERE l.target = p_target;
  UPDATE outbox SET state = 'waiting', forgiven = attempts, settled = NULL
   WHERE target = p_target AND state = 'dead' AND (p_delivery = '' OR delivery_id = p_delivery);
  SET v_replayed = ROW_COUNT();
  SELECT v_replayed AS replayed;
END
