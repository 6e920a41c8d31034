-- ledger_month_add: adds the entries of new_entry to the months of their accounts, after
-- ledger_entry_write has written them, and to the row of the balance what was used in the
-- last month with usage. ledger_month_compute is the definition. Internal.
-- p_recorded  Gregorian seconds
-- Locks:      the caller holds audit_head of the accounts
CREATE PROCEDURE ledger_month_add(IN p_recorded BIGINT)
SQL SECURITY DEFINER
BEGIN
  INSERT INTO ledger_month (account_id, month, charged, used)
    SELECT n.account_id, n.month, n.charged, n.used
      FROM (SELECT x.account_id, x.month, SUM(x.amount) AS charged, SUM(x.used) AS used
              FROM (SELECT account_id, amount,
                           IF(COALESCE(usage_quantity, 0) = 0, 0, amount) AS used,
                           DATE_FORMAT(FROM_DAYS(LEAST(created, p_recorded) DIV 86400),
                                       '%Y%m') AS month
                      FROM new_entry
                     WHERE state = 'written' AND type = 'debit' AND service <> 'rollovers'
                       AND amount > 0) AS x
             GROUP BY x.account_id, x.month) AS n
  ON DUPLICATE KEY UPDATE charged = ledger_month.charged + n.charged,
                          used = ledger_month.used + n.used;
  UPDATE (SELECT account_id,
                 MAX(DATE_FORMAT(FROM_DAYS(LEAST(created, p_recorded) DIV 86400), '%Y%m')) AS month
            FROM new_entry
           WHERE state = 'written' AND type = 'debit' AND service <> 'rollovers' AND amount > 0
             AND usage_quantity <> 0
           GROUP BY account_id) AS n
         STRAIGHT_JOIN ledger_month AS m ON m.account_id = n.account_id AND m.month = n.month
         STRAIGHT_JOIN ledger_balance AS b ON b.account_id = n.account_id
                                          AND b.used_month <= n.month
     SET b.used_month = n.month, b.used = m.used;
END
