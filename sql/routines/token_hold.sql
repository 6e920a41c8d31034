-- token_hold: a token with all that it was made for, and keeps it good until the end of the
-- transaction: a change that ends it waits, and then ends the token made in its place, too.
-- p_digest  HMAC of the token
-- Row:      none: it has ended. life: seconds, NULL: it never expires
-- Locks:    account, key, user: shared, as login_hold
CREATE PROCEDURE token_hold(IN p_digest BINARY(32))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_account, v_user, v_key, v_held CHAR(32) DEFAULT NULL;

  SELECT account_id, user_id, api_key_id INTO v_account, v_user, v_key
    FROM auth_token WHERE digest = p_digest;
  SELECT id INTO v_held
    FROM account WHERE id = v_account AND deleted IS NULL LOCK IN SHARE MODE;
  SELECT id INTO v_held
    FROM api_key WHERE id = v_key LOCK IN SHARE MODE;
  SELECT id INTO v_held
    FROM account_user WHERE account_id = v_account AND id = v_user LOCK IN SHARE MODE;
  SELECT account_id, user_id, api_key_id, method, expires - created AS life, restrictions, rules
    FROM auth_token WHERE digest = p_digest;
END
