-- audit_day_verify: the wrong day rows of an account: stored and computed row,
-- where the two differ.
-- p_from, p_to  whole days, both included
-- Rows:   is_stored 1: the stored row; 0: the computed one; family: that of audit_day,
--         or 'ledger' of ledger_day
-- Errors: 45404 account: unknown
-- Locks:  audit_head of the account, so no entry comes in between
-- Called by reevectl.
CREATE PROCEDURE audit_day_verify(IN p_account CHAR(32), IN p_from DATE, IN p_to DATE)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sequence BIGINT DEFAULT NULL;
  SELECT sequence INTO v_sequence FROM audit_head WHERE account_id = p_account FOR UPDATE;
  IF v_sequence IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  CALL audit_day_compute(p_account, p_from, p_to);
  CALL ledger_day_compute(p_account, p_from, p_to);
  SELECT y.is_stored, y.family, y.day, y.service
    FROM (SELECT CAST(MAX(x.is_stored) AS SIGNED) AS is_stored, x.family, x.day, x.service
            FROM (SELECT 1 AS is_stored, CAST(family AS CHAR(10)) AS family, day, service,
                         addition, removal, quantity, last_timestamp, unit
                    FROM audit_day
                   WHERE account_id = p_account AND day BETWEEN p_from AND p_to
                  UNION ALL
                  SELECT 0, family, day, service, addition, removal, quantity, last_timestamp,
                         unit
                    FROM computed_day) AS x
           GROUP BY x.family, x.day, x.service, x.addition, x.removal, x.quantity,
                    x.last_timestamp, x.unit
          HAVING COUNT(*) = 1
          UNION ALL
          SELECT CAST(MAX(x.is_stored) AS SIGNED), 'ledger', x.day, x.service
            FROM (SELECT 1 AS is_stored, day, service, for_id, usage_type, for_name, amount,
                         quantity, entries, first_created, last_created, first_type, first_unit,
                         last_unit
                    FROM ledger_day
                   WHERE account_id = p_account AND day BETWEEN p_from AND p_to
                  UNION ALL
                  SELECT 0, day, service, for_id, usage_type, for_name, amount, quantity, entries,
                         first_created, last_created, first_type, first_unit, last_unit
                    FROM computed_ledger_day) AS x
           GROUP BY x.day, x.service, x.for_id, x.usage_type, x.for_name, x.amount, x.quantity,
                    x.entries, x.first_created, x.last_created, x.first_type, x.first_unit,
                    x.last_unit
          HAVING COUNT(*) = 1) AS y
   ORDER BY y.family, y.day, y.service, y.is_stored DESC;
  DROP TEMPORARY TABLE computed_day, computed_ledger_day;
END
