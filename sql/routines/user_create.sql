-- user_create: a new user of an account.
-- Errors: 45404 account: unknown; 45409 id, username: taken in this account
CREATE PROCEDURE user_create(
  IN p_account CHAR(32), IN p_id CHAR(32), IN p_username VARCHAR(256), IN p_first_name VARCHAR(128),
  IN p_last_name VARCHAR(128), IN p_email VARCHAR(254), IN p_priv_level VARCHAR(32),
  IN p_enabled TINYINT, IN p_document LONGTEXT, IN p_created BIGINT, IN p_modified BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_account CHAR(32) DEFAULT NULL;
  -- The lock makes two creations of one user name take turns.
  SELECT id INTO v_account FROM account WHERE id = p_account FOR UPDATE;
  IF v_account IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  IF EXISTS (SELECT 1 FROM account_user WHERE account_id = p_account AND id = p_id) THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'id: a user with this id exists';
  END IF;
  IF p_username <> '' AND EXISTS (SELECT 1 FROM account_user
                                   WHERE account_id = p_account AND username = p_username) THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'username: taken in this account';
  END IF;
  INSERT INTO account_user (id, account_id, username, first_name, last_name, email, priv_level,
                            enabled, document, created, modified)
  VALUES (p_id, p_account, p_username, p_first_name, p_last_name, p_email, p_priv_level,
          p_enabled, p_document, p_created, p_modified);
END
