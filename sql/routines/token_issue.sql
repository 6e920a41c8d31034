-- token_issue: stores a new token, and deletes some tokens that expired more than a
-- week ago.
-- p_digest   HMAC of the token
-- p_user, p_api_key  NULL: none
-- p_expires  Gregorian seconds, NULL: never
-- p_secret   name of the secret that the digest was made under
-- p_restrictions  what the login asked for, JSON; NULL: none
-- p_rules    of the account's template, JSON; NULL: none
-- Errors:    45404 account, user: unknown
CREATE PROCEDURE token_issue(
  IN p_digest BINARY(32), IN p_account CHAR(32), IN p_user CHAR(32), IN p_api_key CHAR(32),
  IN p_method VARCHAR(32), IN p_created BIGINT, IN p_expires BIGINT,
  IN p_secret VARCHAR(8), IN p_restrictions TEXT, IN p_rules TEXT)
SQL SECURITY DEFINER
BEGIN
  IF NOT EXISTS (SELECT 1 FROM account WHERE id = p_account) THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  IF p_user IS NOT NULL AND NOT EXISTS (SELECT 1 FROM account_user
                                         WHERE account_id = p_account AND id = p_user) THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'user: no such user in this account';
  END IF;
  INSERT INTO auth_token (digest, account_id, user_id, api_key_id, method, created, expires,
                          secret, restrictions, rules)
  VALUES (p_digest, p_account, p_user, p_api_key, p_method, p_created, p_expires, p_secret,
          p_restrictions, p_rules);
  DELETE FROM auth_token WHERE expires < p_created - 604800 ORDER BY expires LIMIT 20;
END
