-- service_quantity_list: the quantities of an account.
CREATE PROCEDURE service_quantity_list(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT CAST(scope AS CHAR) AS scope, category, item, quantity
    FROM service_quantity WHERE account_id = p_account ORDER BY service_quantity.scope, category, item;
END
