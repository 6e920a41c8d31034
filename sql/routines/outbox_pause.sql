-- outbox_pause: pauses a receiver that did not take a message, and puts off the
-- messages of all accounts to it. Each pause in a row is twice as long as the last.
-- p_first, p_most  the first and the longest pause, seconds
-- p_overdue  if the receiver has failed since then, oldest messages of lines that
--            were left until then, Gregorian seconds, keep their time: they are to be
--            given up. NULL: none are
-- p_now      Gregorian seconds
-- Locks:     the receiver, then its lines that nobody has claimed
CREATE PROCEDURE outbox_pause(IN p_target VARCHAR(160), IN p_first BIGINT, IN p_most BIGINT,
  IN p_overdue BIGINT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_pauses INT;
  DECLARE v_since, v_until BIGINT;

  INSERT INTO outbox_receiver (target, since, pauses, paused_until, trial_until)
  VALUES (p_target, p_now, 0, 0, 0)
  ON DUPLICATE KEY UPDATE trial_until = 0;
  SELECT pauses, since, paused_until INTO v_pauses, v_since, v_until
    FROM outbox_receiver WHERE target = p_target FOR UPDATE;
  -- An attempt that began before a pause and fails in it does not make it longer.
  IF v_until <= p_now THEN
    SET v_until = p_now + LEAST(p_most, p_first << LEAST(v_pauses, 30));
    UPDATE outbox_receiver SET pauses = v_pauses + 1, paused_until = v_until
     WHERE target = p_target;
  END IF;
  UPDATE outbox_line
     SET own_due = COALESCE(own_due, due), due = v_until
   WHERE target = p_target AND claim IS NULL AND (due < v_until OR own_due IS NOT NULL)
     AND due IS NOT NULL;
  IF v_since <= p_overdue THEN
    UPDATE outbox_line AS l
       SET l.due = l.own_due, l.own_due = NULL
     WHERE l.target = p_target AND l.claim IS NULL AND l.own_due IS NOT NULL
       AND EXISTS (SELECT 1 FROM outbox AS o FORCE INDEX (line)
                    WHERE o.account_id = l.account_id AND o.target = l.target
                      AND o.state = 'waiting' AND o.forgiven = 0 AND o.created <= p_overdue);
  END IF;
END
