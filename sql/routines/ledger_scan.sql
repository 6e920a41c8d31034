-- ledger_scan: all ledger entries of an account, by id.
-- p_after  only ids after this one; '' from the beginning
-- p_limit  at most this many rows
-- Row:     as ledger_list
-- Called by reevectl.
CREATE PROCEDURE ledger_scan(IN p_account CHAR(32), IN p_after VARCHAR(64), IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT id, CAST(type AS CHAR) AS type, amount, available, created, document, service
    FROM ledger WHERE account_id = p_account AND id > p_after ORDER BY id LIMIT p_limit;
END
