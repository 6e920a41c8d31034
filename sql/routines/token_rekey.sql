-- token_rekey: a token is found by another digest from now on.
-- p_renewed  HMAC of the token
-- p_secret   name of the secret it was made under
CREATE PROCEDURE token_rekey(IN p_digest BINARY(32), IN p_renewed BINARY(32),
  IN p_secret VARCHAR(8))
SQL SECURITY DEFINER
BEGIN
  UPDATE auth_token SET digest = p_renewed, secret = p_secret WHERE digest = p_digest;
END
