-- service_quantity_list: the quantities of an account. The first row, of the scope
-- 'version', is the version of its services that they belong to.
CREATE PROCEDURE service_quantity_list(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT 'version' AS scope, '' AS category, '' AS item, version AS quantity
    FROM service WHERE account_id = p_account
  UNION ALL
  SELECT CAST(scope AS CHAR), category, item, quantity
    FROM service_quantity WHERE account_id = p_account;
END
