-- ledger_balance_rebuild: recomputes the balance of an account from its entries.
-- The caller holds audit_head of the account. Internal.
CREATE PROCEDURE ledger_balance_rebuild(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  INSERT INTO ledger_balance (account_id, amount)
    SELECT p_account, n.amount
      FROM (SELECT COALESCE(SUM(IF(type = 'credit', amount, -amount)), 0) AS amount
              FROM ledger WHERE account_id = p_account AND counted = 1) AS n
  ON DUPLICATE KEY UPDATE amount = n.amount;
END
