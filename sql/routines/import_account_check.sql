-- import_account_check: refuses an account that an import must not write to. It stays
-- as it is until the transaction ends. Internal.
-- Errors: 45404 account: unknown, or deleted
-- Locks:  the account's row, shared, as the keys that refer to it do
CREATE PROCEDURE import_account_check(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_known, v_deleted TINYINT DEFAULT 0;
  SELECT 1, deleted IS NOT NULL INTO v_known, v_deleted
    FROM account WHERE id = p_account LOCK IN SHARE MODE;
  IF NOT v_known THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  ELSEIF v_deleted THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: the account was deleted';
  END IF;
END
