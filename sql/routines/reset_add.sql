-- reset_add: leaves a password reset for a user, unless one was left a moment ago, as
-- many wait as may, for the user or for the address, or the user has changed. What was
-- left for an address counts on when the user changes. Deletes some that have expired.
-- p_digest   HMAC of what the link names
-- p_email    the address it is sent to: the user must have it still
-- p_soon, p_often  the address as subjects of login_failure: of one reset and of many
-- p_gap      seconds from one to the next
-- p_most     that may wait
-- p_now, p_expires  Gregorian seconds
-- Row:       added: 1 or 0
-- Locks:     the user; the subjects, always in this order; some expired rows
CREATE PROCEDURE reset_add(IN p_digest BINARY(32), IN p_account CHAR(32), IN p_user CHAR(32),
  IN p_email VARCHAR(254), IN p_soon VARCHAR(128), IN p_often VARCHAR(128),
  IN p_gap BIGINT, IN p_most BIGINT, IN p_now BIGINT, IN p_expires BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_user CHAR(32) DEFAULT NULL;
  DECLARE v_waiting, v_last, v_soon, v_often BIGINT DEFAULT 0;
  DECLARE v_added TINYINT DEFAULT 0;

  SELECT id INTO v_user FROM account_user
   WHERE account_id = p_account AND id = p_user AND enabled = 1 AND email = p_email FOR UPDATE;
  SELECT COUNT(*), COALESCE(MAX(created), 0) INTO v_waiting, v_last FROM password_reset
   WHERE account_id = p_account AND user_id = p_user AND expires > p_now;
  IF v_user IS NOT NULL THEN
    -- The rows are there, and locked: two users with one address wait for each other.
    INSERT INTO login_failure (subject, forgotten) VALUES (p_soon, p_now)
      ON DUPLICATE KEY UPDATE forgotten = login_failure.forgotten;
    INSERT INTO login_failure (subject, forgotten) VALUES (p_often, p_now)
      ON DUPLICATE KEY UPDATE forgotten = login_failure.forgotten;
    SELECT forgotten INTO v_soon FROM login_failure WHERE subject = p_soon FOR UPDATE;
    SELECT forgotten INTO v_often FROM login_failure WHERE subject = p_often FOR UPDATE;
  END IF;
  IF v_user IS NOT NULL AND v_soon <= p_now
     AND v_often <= p_now + (p_most - 1) * (p_expires - p_now) AND v_waiting < p_most
     AND v_last <= p_now - p_gap THEN
    INSERT INTO password_reset (digest, account_id, user_id, created, expires)
    VALUES (p_digest, p_account, p_user, p_now, p_expires);
    UPDATE login_failure SET forgotten = p_now + p_gap WHERE subject = p_soon;
    UPDATE login_failure SET forgotten = GREATEST(forgotten, p_now) + p_expires - p_now
     WHERE subject = p_often;
    SET v_added = 1;
  END IF;
  DELETE FROM password_reset WHERE expires <= p_now ORDER BY expires LIMIT 10;
  SELECT CAST(v_added AS SIGNED) AS added;
END
