-- reset_add: leaves a password reset for a user, unless one was left a moment ago, as
-- many wait as may, or the user has changed. Deletes some that have expired.
-- p_digest   HMAC of what the link names
-- p_email    the address it is sent to: the user must have it still
-- p_gap      seconds from one to the next
-- p_most     that may wait
-- p_now, p_expires  Gregorian seconds
-- Row:       added: 1 or 0
-- Locks:     the user; some expired rows
CREATE PROCEDURE reset_add(IN p_digest BINARY(32), IN p_account CHAR(32), IN p_user CHAR(32),
  IN p_email VARCHAR(254), IN p_gap BIGINT, IN p_most BIGINT, IN p_now BIGINT,
  IN p_expires BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_user CHAR(32) DEFAULT NULL;
  DECLARE v_waiting, v_last BIGINT DEFAULT 0;
  DECLARE v_added TINYINT DEFAULT 0;

  SELECT id INTO v_user FROM account_user
   WHERE account_id = p_account AND id = p_user AND enabled = 1 AND email = p_email FOR UPDATE;
  SELECT COUNT(*), COALESCE(MAX(created), 0) INTO v_waiting, v_last FROM password_reset
   WHERE account_id = p_account AND user_id = p_user AND expires > p_now;
  IF v_user IS NOT NULL AND v_waiting < p_most AND v_last <= p_now - p_gap THEN
    INSERT INTO password_reset (digest, account_id, user_id, created, expires)
    VALUES (p_digest, p_account, p_user, p_now, p_expires);
    SET v_added = 1;
  END IF;
  DELETE FROM password_reset WHERE expires <= p_now ORDER BY expires LIMIT 10;
  SELECT CAST(v_added AS SIGNED) AS added;
END
