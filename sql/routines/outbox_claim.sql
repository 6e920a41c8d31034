-- outbox_claim: claims the oldest message of a due line for one courier until
-- p_until; then any courier may claim it. The owners of receivers take turns, so the
-- messages of one do not hide those of others. Receivers that are paused are passed
-- over; after the pause, one message at a time tries.
-- p_claim  32 hex digits of this claim
-- p_now, p_until  Gregorian seconds
-- p_far    no line is due, and no pause ends, after this moment: what does was made by
--          a clock that was ahead, and is due now, or when its claim would run out
-- p_overdue  messages to webhooks that were left until then are claimed in a pause,
--          too, if the webhook has failed since: to be given up
-- p_lane   'webhook', 'mail', or 'bookkeeper': all others
-- p_after  the queue, such as webhook/ACCOUNT, whose turn was last; '': none was;
--          NULL: whatever line has been due longest, of any lane
-- p_full   JSON list of queues that wait, as they have enough under way
-- p_resting  JSON list of receivers that are passed over, too
-- Row:     the message, and its attempts including this one; none: nothing is due.
--          since: created, or the begin of the first attempt that is not forgiven;
--          failing_since: its receiver has not taken a message since then, NULL: it
--          has; paused: 1: until the end of a pause
-- Locks:   the line, and its receiver if it failed; lines that others have locked are
--          skipped
CREATE PROCEDURE outbox_claim(IN p_claim CHAR(32), IN p_now BIGINT, IN p_until BIGINT,
  IN p_far BIGINT, IN p_overdue BIGINT, IN p_lane VARCHAR(16), IN p_after VARCHAR(160),
  IN p_full LONGTEXT, IN p_resting LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_first VARCHAR(160) DEFAULT
    CASE p_lane WHEN 'webhook' THEN 'webhook/' WHEN 'mail' THEN 'mail/' ELSE '' END;
  DECLARE v_end VARCHAR(160) DEFAULT
    CASE p_lane WHEN 'webhook' THEN '~' WHEN 'mail' THEN 'mail0' ELSE 'webhook/' END;
  DECLARE v_queue VARCHAR(160) DEFAULT IF(p_after > v_first, p_after, v_first);
  DECLARE v_again TINYINT DEFAULT 0;
  DECLARE v_next, v_receiver VARCHAR(160);
  DECLARE v_due, v_oldest, v_paused, v_trial BIGINT;
  DECLARE v_leads CHAR(32);
  DECLARE v_account CHAR(32) DEFAULT NULL;
  DECLARE v_target VARCHAR(160) DEFAULT NULL;
  DECLARE v_id BIGINT DEFAULT NULL;

  IF EXISTS (SELECT 1 FROM outbox_line FORCE INDEX (due) WHERE due > p_far) THEN
    UPDATE outbox_line SET due = IF(claim IS NULL, p_now, p_until)
     WHERE due > p_far ORDER BY due LIMIT 500;
  END IF;
  -- By an index each, so that only the row found is locked.
  IF p_after IS NULL THEN
    SELECT account_id, target INTO v_account, v_target
      FROM outbox_line AS l FORCE INDEX (due)
     WHERE l.due <= p_now
       AND NOT EXISTS (
             SELECT 1 FROM outbox_receiver AS r
              WHERE r.target = l.target
                AND (r.trial_until BETWEEN p_now + 1 AND p_far
                     OR r.paused_until BETWEEN p_now + 1 AND p_far
                        AND NOT (r.since <= p_overdue AND r.target LIKE 'webhook/%'
                                 AND EXISTS (SELECT 1 FROM outbox AS o FORCE INDEX (line)
                                              WHERE o.account_id = l.account_id
                                                AND o.target = l.target
                                                AND o.state = 'waiting' AND o.forgiven = 0
                                                AND o.created <= p_overdue))))
     ORDER BY l.due LIMIT 1 FOR UPDATE SKIP LOCKED;
  ELSE
    turns: LOOP
      SET v_next = NULL;
      SELECT queue INTO v_next FROM outbox_line FORCE INDEX (receiver)
       WHERE queue > v_queue AND queue < v_end ORDER BY queue LIMIT 1;
      IF v_again AND (v_next IS NULL OR v_next > p_after) THEN
        LEAVE turns;
      ELSEIF v_next IS NULL THEN
        SET v_again = 1, v_queue = v_first;
        ITERATE turns;
      END IF;
      -- Those of mail stand among the others; '0' follows '/'.
      IF p_lane = 'bookkeeper' AND v_next LIKE 'mail/%' THEN
        SET v_queue = 'mail0';
        ITERATE turns;
      END IF;
      SET v_queue = v_next;
      IF JSON_CONTAINS(p_full, JSON_QUOTE(v_queue)) THEN
        ITERATE turns;
      END IF;
      -- The receiver of the queue whose first line has been due longest.
      SET v_receiver = '', v_target = NULL, v_oldest = p_now;
      receivers: LOOP
        SET v_next = NULL;
        SELECT target, due, account_id INTO v_next, v_due, v_leads
          FROM outbox_line FORCE INDEX (receiver)
         WHERE queue = v_queue AND target > v_receiver ORDER BY target, due LIMIT 1;
        IF v_next IS NULL THEN
          LEAVE receivers;
        END IF;
        SET v_receiver = v_next;
        IF v_due > v_oldest OR JSON_CONTAINS(p_resting, JSON_QUOTE(v_receiver)) OR
           EXISTS (
             SELECT 1 FROM outbox_receiver AS r
              WHERE r.target = v_receiver
                AND (r.trial_until BETWEEN p_now + 1 AND p_far
                     OR r.paused_until BETWEEN p_now + 1 AND p_far
                        AND NOT (r.since <= p_overdue AND r.target LIKE 'webhook/%'
                                 AND EXISTS (SELECT 1 FROM outbox AS o FORCE INDEX (line)
                                              WHERE o.account_id = v_leads
                                                AND o.target = v_receiver
                                                AND o.state = 'waiting' AND o.forgiven = 0
                                                AND o.created <= p_overdue)))) THEN
          ITERATE receivers;
        END IF;
        SET v_target = v_receiver, v_oldest = v_due;
      END LOOP;
      IF v_target IS NOT NULL THEN
        SELECT account_id INTO v_account
          FROM outbox_line FORCE INDEX (receiver)
         WHERE queue = v_queue AND target = v_target AND due <= p_now
         ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED;
        IF v_account IS NOT NULL THEN
          LEAVE turns;
        END IF;
      END IF;
    END LOOP;
  END IF;
  IF v_account IS NOT NULL THEN
    -- A receiver that was paused is tried by one. The row decides between two.
    SELECT paused_until, trial_until INTO v_paused, v_trial
      FROM outbox_receiver WHERE target = v_target AND paused_until > 0 FOR UPDATE;
    IF v_trial BETWEEN p_now + 1 AND p_far THEN
      SET v_account = NULL;
    ELSEIF v_paused NOT BETWEEN p_now + 1 AND p_far THEN
      UPDATE outbox_receiver SET trial_until = p_until WHERE target = v_target;
    END IF;
  END IF;
  IF v_account IS NOT NULL THEN
    SELECT id INTO v_id FROM outbox FORCE INDEX (line)
     WHERE account_id = v_account AND target = v_target AND state = 'waiting'
     ORDER BY id LIMIT 1;
    UPDATE outbox_line
       SET due = IF(v_id IS NULL, NULL, p_until), claim = IF(v_id IS NULL, NULL, p_claim)
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
         CAST(COALESCE(r.paused_until, 0) BETWEEN p_now + 1 AND p_far AS SIGNED) AS paused, document
    FROM outbox LEFT JOIN outbox_receiver AS r ON r.target = outbox.target
   WHERE id = v_id;
END
