-- token_template_show: the template of an account's tokens. No row: it has none.
CREATE PROCEDURE token_template_show(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT template FROM token_template WHERE account_id = p_account;
END
