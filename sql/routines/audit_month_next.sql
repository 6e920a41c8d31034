-- audit_month_next: the first month of an account in [p_from, p_to] that has an
-- audit entry, a ledger entry or a day row; no row: none.
-- p_from, p_to  whole days, both included
-- Row:    first_day, last_day: the month's days, cut to the range; next_day: after
--         last_day, or NULL
-- Called by reevectl.
CREATE PROCEDURE audit_month_next(IN p_account CHAR(32), IN p_from DATE, IN p_to DATE)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_from BIGINT DEFAULT TO_DAYS(p_from) * 86400;
  DECLARE v_to BIGINT DEFAULT (TO_DAYS(p_to) + 1) * 86400 - 1;
  DECLARE v_day DATE;

  SELECT MIN(x.day) INTO v_day
    FROM (SELECT FROM_DAYS((SELECT created FROM audit_entry FORCE INDEX (created)
                             WHERE account_id = p_account AND form = 'invoice'
                               AND created BETWEEN v_from AND v_to
                             ORDER BY created LIMIT 1) DIV 86400) AS day
          UNION ALL
          SELECT FROM_DAYS((SELECT created FROM audit_entry FORCE INDEX (created)
                             WHERE account_id = p_account AND form = 'quantities'
                               AND created BETWEEN v_from AND v_to
                             ORDER BY created LIMIT 1) DIV 86400)
          UNION ALL
          SELECT FROM_DAYS((SELECT created FROM ledger FORCE INDEX (created)
                             WHERE account_id = p_account AND created BETWEEN v_from AND v_to
                             ORDER BY created LIMIT 1) DIV 86400)
          UNION ALL
          SELECT (SELECT day FROM audit_day FORCE INDEX (PRIMARY)
                   WHERE account_id = p_account AND family = 'billable'
                     AND day BETWEEN p_from AND p_to ORDER BY day LIMIT 1)
          UNION ALL
          SELECT (SELECT day FROM audit_day FORCE INDEX (PRIMARY)
                   WHERE account_id = p_account AND family = 'usage'
                     AND day BETWEEN p_from AND p_to ORDER BY day LIMIT 1)
          UNION ALL
          SELECT (SELECT day FROM audit_day FORCE INDEX (PRIMARY)
                   WHERE account_id = p_account AND family = 'quantity'
                     AND day BETWEEN p_from AND p_to ORDER BY day LIMIT 1)
          UNION ALL
          SELECT (SELECT day FROM ledger_day FORCE INDEX (PRIMARY)
                   WHERE account_id = p_account AND day BETWEEN p_from AND p_to
                   ORDER BY day LIMIT 1)) AS x;
  SELECT GREATEST(p_from, v_day - INTERVAL DAY(v_day) - 1 DAY) AS first_day,
         LEAST(p_to, LAST_DAY(v_day)) AS last_day,
         IF(LAST_DAY(v_day) < p_to, LAST_DAY(v_day) + INTERVAL 1 DAY, NULL) AS next_day
    FROM (SELECT 1 AS one) AS x WHERE v_day IS NOT NULL;
END
