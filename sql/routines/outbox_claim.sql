-- outbox_claim: claims the oldest message of a due line for one courier until
-- p_until; then any courier may claim it.
-- p_claim  32 hex digits of this claim
-- p_now, p_until  Gregorian seconds
-- Row:     the message, and its attempts including this one; none: nothing is due
-- Locks:   the line; lines that others have locked are skipped
CREATE PROCEDURE outbox_claim(IN p_claim CHAR(32), IN p_now BIGINT, IN p_until BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_account CHAR(32) DEFAULT NULL;
  DECLARE v_target VARCHAR(160) DEFAULT NULL;
  DECLARE v_id BIGINT DEFAULT NULL;

  -- By the index, so that only this row is locked.
  SELECT account_id, target INTO v_account, v_target
    FROM outbox_line FORCE INDEX (due)
   WHERE due <= p_now ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED;
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
  SELECT id, delivery_id, account_id, target, message, audit_id, vendor_id, bookkeeper_id,
         bookkeeper_type, created, CAST(attempts - forgiven AS SIGNED) AS tries, document
    FROM outbox WHERE id = v_id;
END
