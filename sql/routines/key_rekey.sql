-- key_rekey: an API key is found by another digest from now on.
-- p_renewed  HMAC of the key
-- p_secret   name of the secret it was made under
CREATE PROCEDURE key_rekey(IN p_digest BINARY(32), IN p_renewed BINARY(32),
  IN p_secret VARCHAR(8))
SQL SECURITY DEFINER
BEGIN
  UPDATE api_key SET digest = p_renewed, secret = p_secret WHERE digest = p_digest;
END
