-- user_credential_set: sets a user's credential of one method. The user's tokens end, and
-- links to recover the password.
-- p_method    'md5' or 'sha'
-- p_lookup    HMAC of the credential
-- p_verifier  argon2id of the credential
-- p_secret    name of the secret that the HMAC was made under
-- Locks:      the user, so that a login beside it (login_hold) is before or after it
CREATE PROCEDURE user_credential_set(
  IN p_account CHAR(32), IN p_user CHAR(32), IN p_method VARCHAR(3), IN p_lookup BINARY(32),
  IN p_verifier VARCHAR(128), IN p_secret VARCHAR(8))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_user CHAR(32);

  SELECT id INTO v_user
    FROM account_user WHERE account_id = p_account AND id = p_user FOR UPDATE;
  INSERT INTO user_credential (account_id, user_id, method, lookup, verifier, secret)
  VALUES (p_account, p_user, p_method, p_lookup, p_verifier, p_secret)
  ON DUPLICATE KEY UPDATE lookup = p_lookup, verifier = p_verifier,
    secret = p_secret;
  DELETE FROM auth_token WHERE account_id = p_account AND user_id = p_user;
  DELETE FROM password_reset WHERE account_id = p_account AND user_id = p_user;
END
