-- user_credential_rekey: a user's credential is found by another HMAC from now on.
-- p_method  'md5' or 'sha'
-- p_lookup  HMAC that it is found by now; nothing happens if it is another
-- p_renewed HMAC that it is found by then
-- p_secret  name of the secret that was made under
CREATE PROCEDURE user_credential_rekey(IN p_account CHAR(32), IN p_user CHAR(32),
  IN p_method VARCHAR(3), IN p_lookup BINARY(32), IN p_renewed BINARY(32),
  IN p_secret VARCHAR(8))
SQL SECURITY DEFINER
BEGIN
  UPDATE user_credential SET lookup = p_renewed, secret = p_secret
   WHERE account_id = p_account AND user_id = p_user AND method = p_method
     AND lookup = p_lookup;
END
