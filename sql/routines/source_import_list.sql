-- source_import_list: of an account's own quantities, what was taken over from
-- elsewhere and no object explains.
-- Row:    as service_count
CREATE PROCEDURE source_import_list(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT 'account' AS scope, category, item, quantity
    FROM service_source WHERE account_id = p_account AND source = 'import';
END
