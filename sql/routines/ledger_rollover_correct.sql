-- ledger_rollover_correct: adds late entries to the rollovers of later months, and to
-- their day rows. The entries are those of new_entry, after ledger_entry_write has
-- written them; some may belong to months that are over. Those that do not count
-- change nothing; the negatives of those that no longer count (ledger_rollover_uncount)
-- are among them. Internal.
-- p_imported  0: imported rollovers stay as they are. They restate what is imported,
--             but not what was used since. Only they do not know what was available
-- If the month after the first of them has no rollover, there was nothing to carry
-- over: the account's months are open again, and those without a rollover get one.
-- (An imported entry may have any id.)
CREATE PROCEDURE ledger_rollover_correct(IN p_imported TINYINT)
SQL SECURITY DEFINER
BEGIN
  IF EXISTS (SELECT 1
               FROM (SELECT account_id, LEFT(MIN(id), 6) AS month FROM new_entry
                      WHERE state = 'written' AND counted = 1 GROUP BY account_id) AS n
               STRAIGHT_JOIN ledger_rollover AS r ON r.account_id = n.account_id
                                                 AND r.id > CONCAT(n.month, '~')
               STRAIGHT_JOIN ledger AS o FORCE INDEX (PRIMARY)
                          ON o.account_id = r.account_id AND o.id = r.id AND o.counted = 0
                         AND (p_imported OR o.available IS NOT NULL)) THEN
    UPDATE (SELECT o.account_id, o.id,
                   IF(o.type = 'credit', o.amount, -o.amount) +
                   SUM(IF(n.type = 'credit', n.amount, -n.amount)) AS amount
              FROM new_entry AS n
              STRAIGHT_JOIN ledger_rollover AS r ON r.account_id = n.account_id
                                                AND r.id > CONCAT(LEFT(n.id, 6), '~')
              STRAIGHT_JOIN ledger AS o FORCE INDEX (PRIMARY)
                         ON o.account_id = r.account_id AND o.id = r.id AND o.counted = 0
                         AND (p_imported OR o.available IS NOT NULL)
             WHERE n.state IN ('written', 'restated') AND n.counted = 1
             GROUP BY o.account_id, o.id, o.type, o.amount) AS late
      STRAIGHT_JOIN ledger AS l FORCE INDEX (PRIMARY)
                 ON l.account_id = late.account_id AND l.id = late.id
       SET l.amount = ABS(late.amount), l.type = IF(late.amount < 0, 'debit', 'credit');
    UPDATE (SELECT o.account_id, FROM_DAYS(o.created DIV 86400) AS day, o.service,
                   COALESCE(o.for_id, o.account_id) AS for_id,
                   COALESCE(o.usage_type, '') AS usage_type,
                   SUM(IF(n.type = 'credit', n.amount, -n.amount)) AS amount
              FROM new_entry AS n
              STRAIGHT_JOIN ledger_rollover AS r ON r.account_id = n.account_id
                                                AND r.id > CONCAT(LEFT(n.id, 6), '~')
              STRAIGHT_JOIN ledger AS o FORCE INDEX (PRIMARY)
                         ON o.account_id = r.account_id AND o.id = r.id AND o.counted = 0
                         AND (p_imported OR o.available IS NOT NULL)
             WHERE n.state IN ('written', 'restated') AND n.counted = 1
             GROUP BY o.account_id, day, o.service, for_id, usage_type) AS late
      STRAIGHT_JOIN ledger_day AS d FORCE INDEX (PRIMARY)
                 ON d.account_id = late.account_id AND d.day = late.day
                AND d.service = late.service AND d.for_id = late.for_id
                AND d.usage_type = late.usage_type
       SET d.amount = d.amount + late.amount;
    DELETE d
      FROM (SELECT account_id, LEFT(MIN(id), 6) AS month FROM new_entry
             WHERE state = 'written' AND counted = 1 GROUP BY account_id) AS n
      STRAIGHT_JOIN due_done AS d ON d.account_id = n.account_id AND d.task = 'rollover'
      LEFT JOIN ledger_rollover AS r
             ON r.account_id = n.account_id
            AND r.id = CONCAT(IF(n.month REGEXP '^[0-9]{4}(0[1-9]|1[0-2])$',
                                 PERIOD_ADD(n.month, 1), ''), '-ledgers_monthly_rollover')
     WHERE r.id IS NULL;
  END IF;
END
