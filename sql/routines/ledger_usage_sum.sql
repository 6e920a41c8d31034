-- ledger_usage_sum: the sum of one type of usage in an account's ledger. Of the days of
-- p_from and p_to, the entries are read where some of the day's are out of the range
-- (ledger_total_list).
-- p_from, p_to  Gregorian seconds, both included
-- Row:          the sum and the number of entries
CREATE PROCEDURE ledger_usage_sum(IN p_account CHAR(32), IN p_service VARCHAR(128),
  IN p_type VARCHAR(64), IN p_from BIGINT, IN p_to BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_from BIGINT DEFAULT GREATEST(p_from, TO_DAYS('1000-01-01') * 86400);
  DECLARE v_to BIGINT DEFAULT LEAST(p_to, TO_DAYS('9999-12-31') * 86400 + 86399);
  DECLARE v_first DATE DEFAULT
    FROM_DAYS(LEAST(v_from, TO_DAYS('9999-12-31') * 86400) DIV 86400);
  DECLARE v_last DATE DEFAULT
    FROM_DAYS(GREATEST(v_to, TO_DAYS('1000-01-01') * 86400) DIV 86400);

  SELECT CAST(COALESCE(SUM(x.quantity), 0) AS SIGNED) AS quantity,
         CAST(COALESCE(SUM(x.entries), 0) AS SIGNED) AS entries
    FROM (SELECT d.quantity, d.entries
            FROM ledger_day AS d FORCE INDEX (service)
           WHERE d.account_id = p_account AND d.service = p_service AND d.usage_type = p_type
             AND d.day BETWEEN v_first AND v_last
             AND (d.day <> v_first OR NOT EXISTS (
                   SELECT 1 FROM ledger_day AS e FORCE INDEX (PRIMARY)
                    WHERE e.account_id = p_account AND e.day = v_first AND e.service = p_service
                      AND (e.first_created < v_from OR e.last_created > v_to)))
             AND (d.day <> v_last OR NOT EXISTS (
                   SELECT 1 FROM ledger_day AS e FORCE INDEX (PRIMARY)
                    WHERE e.account_id = p_account AND e.day = v_last AND e.service = p_service
                      AND (e.first_created < v_from OR e.last_created > v_to)))
          UNION ALL
          SELECT COALESCE(l.usage_quantity, 0), 1
            FROM ledger AS l FORCE INDEX (service)
           WHERE l.account_id = p_account AND l.service = p_service AND l.usage_type = p_type
             AND l.created BETWEEN v_from AND LEAST(v_to, TO_DAYS(v_first) * 86400 + 86399)
             AND EXISTS (
                   SELECT 1 FROM ledger_day AS e FORCE INDEX (PRIMARY)
                    WHERE e.account_id = p_account AND e.day = v_first AND e.service = p_service
                      AND (e.first_created < v_from OR e.last_created > v_to))
          UNION ALL
          SELECT COALESCE(l.usage_quantity, 0), 1
            FROM ledger AS l FORCE INDEX (service)
           WHERE l.account_id = p_account AND l.service = p_service AND l.usage_type = p_type
             AND v_last > v_first AND l.created BETWEEN TO_DAYS(v_last) * 86400 AND v_to
             AND EXISTS (
                   SELECT 1 FROM ledger_day AS e FORCE INDEX (PRIMARY)
                    WHERE e.account_id = p_account AND e.day = v_last AND e.service = p_service
                      AND (e.first_created < v_from OR e.last_created > v_to))) AS x;
END
