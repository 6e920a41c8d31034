-- ledger_rollover_correct: adds late entries to the rollovers of later months. The
-- entries are those of new_entry, after ledger_entry_write has written them; some
-- may belong to months that are over. Internal.
-- If the month after the first of them has no rollover, there was nothing to carry
-- over: the account's months are open again, and those without a rollover get one.
CREATE PROCEDURE ledger_rollover_correct()
SQL SECURITY DEFINER
BEGIN
  IF EXISTS (SELECT 1
               FROM (SELECT account_id, LEFT(MIN(id), 6) AS month FROM new_entry
                      WHERE state = 'written' GROUP BY account_id) AS n
               JOIN ledger AS o ON o.account_id = n.account_id AND o.service = 'rollovers'
                               AND o.counted = 0 AND o.id > CONCAT(n.month, '~')) THEN
    UPDATE ledger AS r
      JOIN (SELECT o.account_id, o.id,
                   IF(o.type = 'credit', o.amount, -o.amount) +
                   SUM(IF(n.type = 'credit', n.amount, -n.amount)) AS amount
              FROM new_entry AS n
              JOIN ledger AS o ON o.account_id = n.account_id AND o.service = 'rollovers'
                              AND o.counted = 0 AND o.id > CONCAT(LEFT(n.id, 6), '~')
             WHERE n.state = 'written'
             GROUP BY o.account_id, o.id, o.type, o.amount) AS late
        ON late.account_id = r.account_id AND late.id = r.id
       SET r.amount = ABS(late.amount), r.type = IF(late.amount < 0, 'debit', 'credit');
    DELETE d
      FROM due_done AS d
      JOIN (SELECT account_id, LEFT(MIN(id), 6) AS month FROM new_entry
             WHERE state = 'written' GROUP BY account_id) AS n ON n.account_id = d.account_id
      LEFT JOIN ledger AS o ON o.account_id = n.account_id
                           AND o.id = CONCAT(PERIOD_ADD(n.month, 1), '-ledgers_monthly_rollover')
     WHERE d.task = 'rollover' AND o.id IS NULL;
  END IF;
END
