-- service_assignment_list: the plans assigned to an account, in order.
CREATE PROCEDURE service_assignment_list(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT plan_id, vendor_id, overrides, contract
    FROM service_assignment WHERE account_id = p_account ORDER BY position, plan_id;
END
