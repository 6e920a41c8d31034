-- ledger_usage_sum: the sum of one type of usage in an account's ledger.
-- p_from, p_to  Gregorian seconds, both included
-- Row:          the sum and the number of entries
CREATE PROCEDURE ledger_usage_sum(IN p_account CHAR(32), IN p_service VARCHAR(128),
  IN p_type VARCHAR(64), IN p_from BIGINT, IN p_to BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT CAST(COALESCE(SUM(usage_quantity), 0) AS SIGNED) AS quantity, COUNT(*) AS entries
    FROM ledger
   WHERE account_id = p_account AND service = p_service AND usage_type = p_type
     AND created BETWEEN p_from AND p_to;
END
