-- ledger_entry_write: writes the entries of new_entry (ledger_entry_begin) and adds
-- them to the balances and day rows of their accounts. Internal.
-- p_recorded  Gregorian seconds
-- Errors:     45400 amount: too much for a balance
-- Locks:      the caller holds audit_head of the accounts
CREATE PROCEDURE ledger_entry_write(IN p_recorded BIGINT)
SQL SECURITY DEFINER
BEGIN
  INSERT INTO ledger (account_id, id, type, service, source_id, amount, usage_type, usage_quantity,
                      usage_unit, period_start, period_end, created, recorded, document, dedupe,
                      for_id, for_name, counted, available)
    SELECT account_id, id, type, service, source_id, amount, usage_type, usage_quantity,
           usage_unit, period_start, period_end, created, p_recorded, document, dedupe,
           for_id, for_name, counted,
           available + COALESCE(SUM(IF(type = 'credit', amount, -amount)) OVER (
             PARTITION BY account_id ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
             0)
      FROM new_entry WHERE state = 'written';

  INSERT INTO ledger_balance (account_id, amount)
    SELECT n.account_id, n.amount
      FROM (SELECT account_id, SUM(IF(type = 'credit', amount, -amount)) AS amount
              FROM new_entry WHERE state = 'written' AND counted = 1 GROUP BY account_id) AS n
  ON DUPLICATE KEY UPDATE amount = ledger_balance.amount + n.amount;
  CALL ledger_balance_check((SELECT MAX(ABS(b.amount))
                               FROM (SELECT DISTINCT account_id FROM new_entry
                                      WHERE state = 'written') AS n
                               STRAIGHT_JOIN ledger_balance AS b ON b.account_id = n.account_id));
  CALL ledger_day_add();
END
