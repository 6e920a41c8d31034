-- ledger_total_list: sums of an account's entries, for each account they arose for
-- and each service. Usage type and unit are those of the first entry that has one.
-- An account that no entry names gets its present name.
-- p_from, p_to  Gregorian seconds, both included
CREATE PROCEDURE ledger_total_list(IN p_account CHAR(32), IN p_from BIGINT, IN p_to BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT l.account_for, COALESCE(MAX(l.for_name), MAX(a.name)) AS account_name, l.service,
         SUM(IF(l.type = 'credit', l.amount, -l.amount)) AS amount,
         CAST(COALESCE(SUM(l.usage_quantity), 0) AS SIGNED) AS quantity,
         SUBSTRING(MIN(CONCAT(l.moment, NULLIF(l.usage_type, ''))), 21) AS usage_type,
         SUBSTRING(MIN(CONCAT(l.moment, NULLIF(l.usage_unit, ''))), 21) AS usage_unit
    FROM (SELECT COALESCE(for_id, p_account) AS account_for, for_name, service, type, amount,
                 usage_quantity, LPAD(created, 20, '0') AS moment, usage_type, usage_unit
            FROM ledger
           WHERE account_id = p_account AND created BETWEEN p_from AND p_to) AS l
    LEFT JOIN account AS a ON a.id = l.account_for
   GROUP BY l.account_for, l.service
   ORDER BY l.account_for, l.service;
END
