-- ledger_total_list: sums of an account's entries, for each account they arose for
-- and each service. Usage type and unit are those of the first entry that has one.
-- An account that no entry names gets its present name.
-- Days count by their rows. Of the days of p_from and p_to, the entries are read where
-- some of the day's are out of the range. One statement reads both, so an entry that
-- comes meanwhile is in all of it or in none.
-- p_from, p_to  Gregorian seconds, both included
CREATE PROCEDURE ledger_total_list(IN p_account CHAR(32), IN p_from BIGINT, IN p_to BIGINT)
SQL SECURITY DEFINER
BEGIN
  -- All entries are of the years 1000 to 9999, those that a DATE has.
  DECLARE v_from BIGINT DEFAULT GREATEST(p_from, TO_DAYS('1000-01-01') * 86400);
  DECLARE v_to BIGINT DEFAULT LEAST(p_to, TO_DAYS('9999-12-31') * 86400 + 86399);
  DECLARE v_first DATE DEFAULT
    FROM_DAYS(LEAST(v_from, TO_DAYS('9999-12-31') * 86400) DIV 86400);
  DECLARE v_last DATE DEFAULT
    FROM_DAYS(GREATEST(v_to, TO_DAYS('1000-01-01') * 86400) DIV 86400);

  SELECT s.account_for, COALESCE(s.for_name, a.name) AS account_name, s.service, s.amount,
         CAST(s.quantity AS SIGNED) AS quantity, s.usage_type, s.usage_unit
    FROM (SELECT x.account_for, MAX(x.for_name) AS for_name, x.service, SUM(x.amount) AS amount,
                 SUM(x.quantity) AS quantity, SUBSTRING(MIN(x.first_type), 21) AS usage_type,
                 SUBSTRING(MIN(x.first_unit), 21) AS usage_unit
            FROM (SELECT d.for_id AS account_for, d.for_name, d.service, d.amount, d.quantity,
                         d.first_type, d.first_unit
                    FROM ledger_day AS d FORCE INDEX (PRIMARY)
                   WHERE d.account_id = p_account AND d.day BETWEEN v_first AND v_last
                     AND (d.day <> v_first OR NOT EXISTS (
                           SELECT 1 FROM ledger_day AS e FORCE INDEX (PRIMARY)
                            WHERE e.account_id = p_account AND e.day = v_first
                              AND (e.first_created < v_from OR e.last_created > v_to)))
                     AND (d.day <> v_last OR NOT EXISTS (
                           SELECT 1 FROM ledger_day AS e FORCE INDEX (PRIMARY)
                            WHERE e.account_id = p_account AND e.day = v_last
                              AND (e.first_created < v_from OR e.last_created > v_to)))
                  UNION ALL
                  SELECT COALESCE(l.for_id, p_account), l.for_name, l.service,
                         IF(l.type = 'credit', l.amount, -l.amount), COALESCE(l.usage_quantity, 0),
                         CONCAT(LPAD(l.created, 20, '0'), NULLIF(l.usage_type, '')),
                         CONCAT(LPAD(l.created, 20, '0'), NULLIF(l.usage_unit, ''))
                    FROM ledger AS l FORCE INDEX (created)
                   WHERE l.account_id = p_account
                     AND l.created BETWEEN v_from
                                       AND LEAST(v_to, TO_DAYS(v_first) * 86400 + 86399)
                     AND EXISTS (
                           SELECT 1 FROM ledger_day AS e FORCE INDEX (PRIMARY)
                            WHERE e.account_id = p_account AND e.day = v_first
                              AND (e.first_created < v_from OR e.last_created > v_to))
                  UNION ALL
                  SELECT COALESCE(l.for_id, p_account), l.for_name, l.service,
                         IF(l.type = 'credit', l.amount, -l.amount), COALESCE(l.usage_quantity, 0),
                         CONCAT(LPAD(l.created, 20, '0'), NULLIF(l.usage_type, '')),
                         CONCAT(LPAD(l.created, 20, '0'), NULLIF(l.usage_unit, ''))
                    FROM ledger AS l FORCE INDEX (created)
                   WHERE l.account_id = p_account AND v_last > v_first
                     AND l.created BETWEEN TO_DAYS(v_last) * 86400 AND v_to
                     AND EXISTS (
                           SELECT 1 FROM ledger_day AS e FORCE INDEX (PRIMARY)
                            WHERE e.account_id = p_account AND e.day = v_last
                              AND (e.first_created < v_from OR e.last_created > v_to))) AS x
           GROUP BY x.account_for, x.service) AS s
    LEFT JOIN account AS a ON a.id = s.account_for
   ORDER BY s.account_for, s.service;
END
