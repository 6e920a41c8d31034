-- service_assignment_list: the plans assigned to an account, in order, each in the
-- version it pays by, also if its vendor, a former seller, has deleted the plan.
-- document NULL: the plan was never imported.
CREATE PROCEDURE service_assignment_list(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT x.plan_id, x.vendor_id, x.overrides, x.contract, x.version AS pinned, p.version, p.document
    FROM service_assignment AS x
    LEFT JOIN service_plan AS p
      ON p.account_id = x.vendor_id AND p.id = x.plan_id
     AND p.version = COALESCE(x.version, x.priced)
   WHERE x.account_id = p_account ORDER BY x.position, x.plan_id;
END
