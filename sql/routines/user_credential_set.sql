-- user_credential_set: sets a user's credential of one method. The user's tokens end.
-- p_method    'md5' or 'sha'
-- p_lookup    HMAC of the credential
-- p_verifier  argon2id of the credential
CREATE PROCEDURE user_credential_set(
  IN p_account CHAR(32), IN p_user CHAR(32), IN p_method VARCHAR(3), IN p_lookup BINARY(32),
  IN p_verifier VARCHAR(128))
SQL SECURITY DEFINER
BEGIN
  INSERT INTO user_credential (account_id, user_id, method, lookup, verifier)
  VALUES (p_account, p_user, p_method, p_lookup, p_verifier)
  ON DUPLICATE KEY UPDATE lookup = p_lookup, verifier = p_verifier;
  DELETE FROM auth_token WHERE account_id = p_account AND user_id = p_user;
END
