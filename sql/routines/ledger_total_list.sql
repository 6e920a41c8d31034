-- ledger_total_list: what the entries of an account add up to, for each account
-- they arose for and each service; the usage's type and unit are the first's. An
-- account that no entry names has the name it has now.
-- p_from, p_to  Gregorian seconds, both included
CREATE PROCEDURE ledger_total_list(IN p_account CHAR(32), IN p_from BIGINT, IN p_to BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT COALESCE(l.for_id, p_account) AS account_for, COALESCE(MAX(for_name), MAX(a.name)) AS account_name, service,
         SUM(IF(type = 'credit', amount, -amount)) AS amount,
         CAST(COALESCE(SUM(usage_quantity), 0) AS SIGNED) AS quantity,
         SUBSTRING(MIN(CONCAT(LPAD(l.created, 20, '0'), NULLIF(usage_type, ''))), 21) AS usage_type,
         SUBSTRING(MIN(CONCAT(LPAD(l.created, 20, '0'), NULLIF(usage_unit, ''))), 21) AS usage_unit
    FROM ledger AS l LEFT JOIN account AS a ON a.id = COALESCE(l.for_id, p_account)
   WHERE l.account_id = p_account AND l.created BETWEEN p_from AND p_to
   GROUP BY COALESCE(l.for_id, p_account), service
   ORDER BY account_for, service;
END
