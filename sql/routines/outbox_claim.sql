-- outbox_claim: takes the oldest message of a line that is due, for one courier
-- alone until p_until; then it is due again, for whoever comes.
-- p_claim  32 hex digits of this claim
-- p_now, p_until  Gregorian seconds
-- Row:     the message, and how many attempts count with this one; none: nothing
--          is due
-- Locks:   the line; lines that others have locked are passed over
CREATE PROCEDURE outbox_claim(IN p_claim CHAR(32), IN p_now BIGINT, IN p_until BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_account CHAR(32) DEFAULT NULL;
  DECLARE v_target VARCHAR(160) DEFAULT NULL;
  DECLARE v_id BIGINT DEFAULT NULL;

  -- By the index, so that no more than the one row is locked.
  SELECT account_id, target INTO v_account, v_target
    FROM outbox_line FORCE INDEX (due)
   WHERE due <= p_now ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF v_account IS NOT NULL THEN
    SELECT id INTO v_id FROM outbox
     WHERE account_id = v_account AND target = v_target AND state = 'waiting'
     ORDER BY id LIMIT 1;
    UPDATE outbox_line
       SET due = IF(v_id IS NULL, NULL, p_until), claim = IF(v_id IS NULL, NULL, p_claim)
     WHERE account_id = v_account AND target = v_target;
    -- Counted before it is made: a message that kills couriers comes to an end.
    UPDATE outbox SET attempts = attempts + 1 WHERE id = v_id;
    INSERT INTO outbox_attempt (outbox_id, attempt, begun)
      SELECT id, attempts, p_now FROM outbox WHERE id = v_id;
  END IF;
  SELECT id, delivery_id, account_id, target, message, audit_id, vendor_id, bookkeeper_id,
         bookkeeper_type, created, CAST(attempts - forgiven AS SIGNED) AS tries, document
    FROM outbox WHERE id = v_id;
END
