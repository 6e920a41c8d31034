-- ledger_month_compute: computes the months of an account from its entries, and writes
-- them. Internal.
-- Locks:  the caller holds audit_head of the account
CREATE PROCEDURE ledger_month_compute(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  DELETE FROM ledger_month WHERE account_id = p_account;
  INSERT INTO ledger_month (account_id, month, charged, used)
    SELECT p_account, l.month, SUM(l.amount), SUM(l.used)
      FROM (SELECT amount, IF(COALESCE(usage_quantity, 0) = 0, 0, amount) AS used,
                   DATE_FORMAT(FROM_DAYS(LEAST(created, recorded) DIV 86400), '%Y%m') AS month
              FROM ledger
             WHERE account_id = p_account AND type = 'debit' AND service <> 'rollovers'
               AND amount > 0) AS l
     GROUP BY l.month;
  UPDATE ledger_balance
     SET used_month = COALESCE((SELECT MAX(month) FROM ledger_month
                                 WHERE account_id = p_account AND used > 0), ''),
         used = COALESCE((SELECT used FROM ledger_month
                           WHERE account_id = p_account AND used > 0
                           ORDER BY month DESC LIMIT 1), 0)
   WHERE account_id = p_account;
END
