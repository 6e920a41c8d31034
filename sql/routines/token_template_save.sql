-- token_template_save: sets the template of an account's tokens. The caller ends those that
-- were made under the one before (token_end); a login beside it (login_hold) is before or
-- after it.
-- p_template  JSON; NULL: none from now on
-- Errors:     45404 account: unknown
-- Locks:      the account
CREATE PROCEDURE token_template_save(IN p_account CHAR(32), IN p_template TEXT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_account CHAR(32) DEFAULT NULL;

  SELECT id INTO v_account FROM account WHERE id = p_account AND deleted IS NULL FOR UPDATE;
  IF v_account IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  IF p_template IS NULL THEN
    DELETE FROM token_template WHERE account_id = p_account;
  ELSE
    INSERT INTO token_template (account_id, template, modified)
    VALUES (p_account, p_template, p_now)
    ON DUPLICATE KEY UPDATE template = p_template, modified = p_now;
  END IF;
END
