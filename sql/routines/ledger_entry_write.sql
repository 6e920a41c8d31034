-- ledger_entry_write: writes the entries of new_entry (ledger_entry_begin) and adds
-- them to the balances, day and month rows of their accounts. Internal.
-- p_documents the documents, UTF-8; new_entry says where each begins
-- p_recorded  Gregorian seconds
-- Errors:     45400 amount: too much for a balance
-- Locks:      the caller holds audit_head of the accounts
CREATE PROCEDURE ledger_entry_write(IN p_documents LONGBLOB, IN p_recorded BIGINT)
SQL SECURITY DEFINER
BEGIN
  INSERT INTO ledger (account_id, id, type, service, source_id, amount, usage_type, usage_quantity,
                      usage_unit, period_start, period_end, created, recorded, document, dedupe,
                      for_id, for_name, counted, available)
    SELECT n.account_id, n.id, n.type, n.service, n.source_id, n.amount, n.usage_type,
           n.usage_quantity, n.usage_unit, n.period_start, n.period_end, n.created, p_recorded,
           CONVERT(SUBSTRING(p_documents, n.document_start, n.document_bytes) USING utf8mb4),
           n.dedupe, n.for_id, n.for_name, n.counted, n.available + COALESCE(n.added, 0)
      FROM (SELECT new_entry.*, SUM(IF(type = 'credit', amount, -amount)) OVER (
                     PARTITION BY account_id ORDER BY n
                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS added
              FROM new_entry WHERE state = 'written') AS n;

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
  CALL ledger_month_add(p_recorded);
END
