-- login_hold: whether a login that was checked is still good, and keeps it so until the
-- end of the transaction: who changes it waits, and then ends the token made under it.
-- p_user      NULL: by API key
-- p_verifier  the credential that was compared; NULL: by API key, or by a reset
-- p_api_key   NULL: by credential
-- Row:        good: 1 if account, key, user and credential are there as they were;
--             priv_level: of the user, NULL: no user; template: of the account's
--             tokens, NULL: it has none, or is the master account
-- Locks:      account, key, user: shared
CREATE PROCEDURE login_hold(
  IN p_account CHAR(32), IN p_user CHAR(32), IN p_verifier VARCHAR(128), IN p_api_key CHAR(32))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_account, v_user, v_key CHAR(32) DEFAULT NULL;
  DECLARE v_master TINYINT DEFAULT NULL;
  DECLARE v_priv_level VARCHAR(32) DEFAULT NULL;

  SELECT id, COALESCE(master, 0) INTO v_account, v_master
    FROM account WHERE id = p_account AND deleted IS NULL LOCK IN SHARE MODE;
  SELECT id INTO v_key
    FROM api_key WHERE id = p_api_key LOCK IN SHARE MODE;
  SELECT id, priv_level INTO v_user, v_priv_level
    FROM account_user WHERE account_id = p_account AND id = p_user AND enabled = 1
    LOCK IN SHARE MODE;
  SELECT v_account IS NOT NULL AND v_key <=> p_api_key AND v_user <=> p_user AND
         (p_user IS NULL OR p_verifier IS NULL OR
          EXISTS (SELECT 1 FROM user_credential
                   WHERE account_id = p_account AND user_id = p_user
                     AND verifier = p_verifier)) AS good,
         v_priv_level AS priv_level,
         (SELECT template FROM token_template
           WHERE account_id = p_account AND v_master = 0) AS template;
END
