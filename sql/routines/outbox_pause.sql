-- outbox_pause: notes that a receiver did not take a message. From the p_from-th failure
-- in a row on it is paused: outbox_claim passes it over. Each pause in a row is twice as
-- long as the last.
-- p_first, p_most  the first and the longest pause, seconds
-- p_now      Gregorian seconds
-- Locks:     the receiver
CREATE PROCEDURE outbox_pause(IN p_target VARCHAR(160), IN p_from BIGINT, IN p_first BIGINT,
  IN p_most BIGINT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_failures INT;
  DECLARE v_until BIGINT;

  INSERT INTO outbox_receiver (target, since, failures, paused_until, trial_until)
  VALUES (p_target, p_now, 0, 0, 0)
  ON DUPLICATE KEY UPDATE trial_until = 0;
  SELECT failures + 1, paused_until INTO v_failures, v_until
    FROM outbox_receiver WHERE target = p_target FOR UPDATE;
  -- An attempt that began before a pause and fails in it does not make it longer.
  IF v_until <= p_now THEN
    UPDATE outbox_receiver
       SET failures = v_failures,
           paused_until = IF(v_failures < p_from, 0,
                             p_now + LEAST(p_most, p_first << LEAST(v_failures - p_from, 30)))
     WHERE target = p_target;
  END IF;
END
