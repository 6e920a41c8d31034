-- ledger_balance_verify: the stored balance of an account and the sum of its
-- entries, and what is held of it and the sum of that, as of one moment: they are
-- one statement.
-- Called by reevectl.
CREATE PROCEDURE ledger_balance_verify(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT CAST(CAST(COALESCE((SELECT amount FROM ledger_balance WHERE account_id = p_account), 0)
                   AS DECIMAL(30,6)) AS CHAR) AS kept,
         CAST(CAST(COALESCE(SUM(IF(type = 'credit', amount, -amount)), 0) AS DECIMAL(30,6))
              AS CHAR) AS computed,
         CAST(CAST(COALESCE((SELECT held FROM ledger_balance WHERE account_id = p_account), 0)
                   AS DECIMAL(30,6)) AS CHAR) AS held,
         CAST(CAST(COALESCE((SELECT SUM(amount) FROM balance_hold WHERE payer_id = p_account), 0)
                   AS DECIMAL(30,6)) AS CHAR) AS computed_held
    FROM ledger WHERE account_id = p_account AND counted = 1;
END
