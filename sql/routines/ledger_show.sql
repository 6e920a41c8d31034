-- ledger_show: one entry of an account. No row: unknown id.
CREATE PROCEDURE ledger_show(IN p_account CHAR(32), IN p_id VARCHAR(64))
SQL SECURITY DEFINER
BEGIN
  SELECT id, CAST(type AS CHAR) AS type, amount, available, created, document, service
    FROM ledger WHERE account_id = p_account AND id = p_id;
END
