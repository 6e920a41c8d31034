-- source_total_list: what the objects of an account, and the account itself, add to its
-- own quantities, without what was imported and no object explains.
-- Rows:   category, item, quantity
-- Called by reevectl.
CREATE PROCEDURE source_total_list(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT category, item, CAST(SUM(quantity) AS SIGNED) AS quantity
    FROM service_source WHERE account_id = p_account AND source <> 'import'
   GROUP BY category, item;
END
