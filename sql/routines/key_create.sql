-- key_create: a new API key of an account.
-- p_digest  HMAC of the key
-- p_secret  name of the secret it was made under
-- Errors:   45404 account: unknown; 45409 key: exists
CREATE PROCEDURE key_create(IN p_id CHAR(32), IN p_account CHAR(32), IN p_label VARCHAR(128),
  IN p_digest BINARY(32), IN p_created BIGINT, IN p_secret VARCHAR(8))
SQL SECURITY DEFINER
BEGIN
  IF NOT EXISTS (SELECT 1 FROM account WHERE id = p_account) THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  IF EXISTS (SELECT 1 FROM api_key WHERE digest = p_digest) THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'key: exists already';
  END IF;
  INSERT INTO api_key (id, account_id, label, digest, created, secret)
  VALUES (p_id, p_account, p_label, p_digest, p_created, p_secret);
END
