-- reset_take: redeems a password reset. All resets of the user are worth nothing then,
-- and the user's tokens end.
-- p_digest  HMAC of what the link names
-- p_now     Gregorian seconds
-- Row:      taken: 0: somebody else was first, or the user has changed; nothing is done
-- Locks:    the user, then the user's resets
CREATE PROCEDURE reset_take(IN p_digest BINARY(32), IN p_account CHAR(32), IN p_user CHAR(32),
  IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_user, v_found CHAR(32) DEFAULT NULL;

  SELECT id INTO v_user FROM account_user
   WHERE account_id = p_account AND id = p_user AND enabled = 1 FOR UPDATE;
  SELECT user_id INTO v_found FROM password_reset
   WHERE digest = p_digest AND account_id = p_account AND user_id = v_user AND expires > p_now
   FOR UPDATE;
  IF v_found IS NOT NULL THEN
    DELETE FROM password_reset WHERE account_id = p_account AND user_id = p_user;
    DELETE FROM auth_token WHERE account_id = p_account AND user_id = p_user;
  END IF;
  SELECT CAST(v_found IS NOT NULL AS SIGNED) AS taken;
END
