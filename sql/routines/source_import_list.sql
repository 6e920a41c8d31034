-- source_import_list: of an account's own quantities, what was taken over from
-- elsewhere and no object explains.
-- Rows:   category, item, quantity
CREATE PROCEDURE source_import_list(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT category, item, quantity
    FROM service_source WHERE account_id = p_account AND source = 'import';
END
