-- user_save: stores the login side of a user object. A user who is disabled, or whose rights
-- change, loses their tokens; links to recover the password end with another name or
-- address, too.
-- p_role         NULL: priv_level decides
-- p_credentials  0: its credentials no longer work
-- Locks:         the user
-- Errors:        45404 account: unknown
CREATE PROCEDURE user_save(
  IN p_account CHAR(32), IN p_id CHAR(32), IN p_username VARCHAR(256), IN p_first_name VARCHAR(128),
  IN p_last_name VARCHAR(128), IN p_email VARCHAR(254), IN p_priv_level VARCHAR(32),
  IN p_role VARCHAR(16), IN p_enabled TINYINT, IN p_credentials TINYINT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_priv_level VARCHAR(32) DEFAULT NULL;
  DECLARE v_role VARCHAR(16) DEFAULT NULL;
  DECLARE v_username VARCHAR(256) DEFAULT NULL;
  DECLARE v_email VARCHAR(254) DEFAULT NULL;

  IF NOT EXISTS (SELECT 1 FROM account WHERE id = p_account) THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  SELECT priv_level, role, username, email INTO v_priv_level, v_role, v_username, v_email
    FROM account_user WHERE account_id = p_account AND id = p_id FOR UPDATE;
  INSERT INTO account_user (id, account_id, username, first_name, last_name, email, priv_level,
                            role, enabled, created, modified)
  VALUES (p_id, p_account, p_username, p_first_name, p_last_name, p_email, p_priv_level,
          p_role, p_enabled, p_now, p_now)
  ON DUPLICATE KEY UPDATE username = p_username, first_name = p_first_name,
    last_name = p_last_name, email = p_email, priv_level = p_priv_level, role = p_role,
    enabled = p_enabled, modified = p_now;
  IF NOT p_credentials THEN
    DELETE FROM user_credential WHERE account_id = p_account AND user_id = p_id;
  END IF;
  IF v_priv_level IS NOT NULL AND
     NOT (v_priv_level = p_priv_level AND v_role <=> p_role AND p_enabled) THEN
    DELETE FROM auth_token WHERE account_id = p_account AND user_id = p_id;
  END IF;
  IF NOT (v_username <=> p_username AND v_email <=> p_email AND p_enabled) THEN
    DELETE FROM password_reset WHERE account_id = p_account AND user_id = p_id;
  END IF;
END
