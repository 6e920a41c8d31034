-- ledger_balance_verify: the stored balance of an account and the sum of its
-- entries.
-- Errors: 45404 account: unknown
-- Locks:  audit_head of the account, so no entry comes in between
CREATE PROCEDURE ledger_balance_verify(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sequence BIGINT DEFAULT NULL;
  SELECT sequence INTO v_sequence FROM audit_head WHERE account_id = p_account FOR UPDATE;
  IF v_sequence IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  SELECT CAST(CAST(COALESCE((SELECT amount FROM ledger_balance WHERE account_id = p_account), 0)
                   AS DECIMAL(30,6)) AS CHAR) AS kept,
         CAST(CAST(COALESCE(SUM(IF(type = 'credit', amount, -amount)), 0) AS DECIMAL(30,6))
              AS CHAR) AS computed
    FROM ledger WHERE account_id = p_account AND counted = 1;
END
