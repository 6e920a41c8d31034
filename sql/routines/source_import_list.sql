-- source_import_list: an account's imported own quantities that no object explains.
-- Rows:   category, item, quantity
-- Called by reevectl.
CREATE PROCEDURE source_import_list(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT category, item, quantity
    FROM service_source WHERE account_id = p_account AND source = 'import';
END
