-- ledger_balance_show: the balance of an account.
CREATE PROCEDURE ledger_balance_show(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT CAST(COALESCE(SUM(amount), 0) AS CHAR) AS amount FROM ledger_balance
   WHERE account_id = p_account;
END
