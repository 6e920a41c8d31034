-- source_list: what each object of an account, and the account itself, adds to its own
-- quantities, without what was imported and no object explains.
-- Rows:   source, category, item, quantity
-- Called by reevectl.
CREATE PROCEDURE source_list(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT source, category, item, quantity
    FROM service_source WHERE account_id = p_account AND source <> 'import';
END
