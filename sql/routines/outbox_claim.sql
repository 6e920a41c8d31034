-- outbox_claim: claims the oldest message of a due line for one courier until
-- p_until; then any courier may claim it. The owners of receivers take turns, so the
-- messages of one do not hide those of others.
-- p_claim  32 hex digits of this claim
-- p_now, p_until  Gregorian seconds
-- p_far    no line is due after this moment: what is was made by a clock that was
--          ahead, and is due now, or when its claim would run out
-- p_lane   'webhook', or 'bookkeeper': all others
-- p_after  the queue, such as webhook/ACCOUNT, whose turn was last; '': none was;
--          NULL: whatever line has been due longest, of any lane
-- p_full   JSON list of queues that wait, as they have enough under way
-- Row:     the message, and its attempts including this one; none: nothing is due.
--          since: created, or the begin of the first attempt that is not forgiven;
--          failing_since: its receiver has not taken a message since then, NULL: it
--          has; paused: 1: until the end of a pause
-- Locks:   the line; lines that others have locked are skipped
CREATE PROCEDURE outbox_claim(IN p_claim CHAR(32), IN p_now BIGINT, IN p_until BIGINT,
  IN p_far BIGINT, IN p_lane VARCHAR(16), IN p_after VARCHAR(160), IN p_full LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_first VARCHAR(160) DEFAULT IF(p_lane = 'webhook', 'webhook/', '');
  DECLARE v_end VARCHAR(160) DEFAULT IF(p_lane = 'webhook', '~', 'webhook/');
  DECLARE v_queue VARCHAR(160) DEFAULT IF(p_after > v_first, p_after, v_first);
  DECLARE v_again TINYINT DEFAULT 0;
  DECLARE v_next VARCHAR(160);
  DECLARE v_due BIGINT;
  DECLARE v_account CHAR(32) DEFAULT NULL;
  DECLARE v_target VARCHAR(160) DEFAULT NULL;
  DECLARE v_id BIGINT DEFAULT NULL;

  IF EXISTS (SELECT 1 FROM outbox_line FORCE INDEX (due) WHERE due > p_far) THEN
    UPDATE outbox_receiver SET paused_until = p_now, trial_until = 0
     WHERE paused_until > p_far OR trial_until > p_far;
    UPDATE outbox_line SET due = IF(claim IS NULL, p_now, p_until), own_due = NULL
     WHERE due > p_far ORDER BY due LIMIT 500;
  END IF;
  -- By an index each, so that only the row found is locked.
  IF p_after IS NULL THEN
    SELECT account_id, target INTO v_account, v_target
      FROM outbox_line FORCE INDEX (due)
     WHERE due <= p_now ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED;
  ELSE
    turns: LOOP
      SET v_next = NULL;
      SELECT queue, due INTO v_next, v_due FROM outbox_line FORCE INDEX (queue)
       WHERE queue > v_queue AND queue < v_end ORDER BY queue, due LIMIT 1;
      IF v_again AND (v_next IS NULL OR v_next > p_after) THEN
        LEAVE turns;
      ELSEIF v_next IS NULL THEN
        SET v_again = 1, v_queue = v_first;
        ITERATE turns;
      END IF;
      SET v_queue = v_next;
      IF v_due <= p_now AND NOT JSON_CONTAINS(p_full, JSON_QUOTE(v_queue)) THEN
        SELECT account_id, target INTO v_account, v_target
          FROM outbox_line FORCE INDEX (queue)
         WHERE queue = v_queue AND due <= p_now ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF v_account IS NOT NULL THEN
          LEAVE turns;
        END IF;
      END IF;
    END LOOP;
  END IF;
  IF v_account IS NOT NULL THEN
    SELECT id INTO v_id FROM outbox FORCE INDEX (line)
     WHERE account_id = v_account AND target = v_target AND state = 'waiting'
     ORDER BY id LIMIT 1;
    UPDATE outbox_line
       SET due = IF(v_id IS NULL, NULL, p_until), own_due = NULL,
           claim = IF(v_id IS NULL, NULL, p_claim)
     WHERE account_id = v_account AND target = v_target;
    -- Counted in advance, so a message that kills couriers is given up in the end.
    UPDATE outbox SET attempts = attempts + 1 WHERE id = v_id;
    INSERT INTO outbox_attempt (outbox_id, attempt, begun)
      SELECT id, attempts, p_now FROM outbox WHERE id = v_id;
  END IF;
  SELECT id, delivery_id, account_id, outbox.target, message, audit_id, vendor_id, bookkeeper_id,
         bookkeeper_type, created,
         IF(forgiven = 0, created,
            (SELECT t.begun FROM outbox_attempt AS t
              WHERE t.outbox_id = v_id AND t.attempt > outbox.forgiven
              ORDER BY t.attempt LIMIT 1)) AS since,
         CAST(attempts - forgiven AS SIGNED) AS tries,
         r.since AS failing_since,
         CAST(COALESCE(r.paused_until, 0) > p_now AS SIGNED) AS paused, document
    FROM outbox LEFT JOIN outbox_receiver AS r ON r.target = outbox.target
   WHERE id = v_id;
END
