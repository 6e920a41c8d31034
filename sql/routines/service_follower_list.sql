-- service_follower_list: accounts of a seller that follow a plan's newest version (no version is
-- pinned) and do not pay by it yet; by id.
-- p_after  only ids after this one; '' from the beginning
CREATE PROCEDURE service_follower_list(IN p_vendor CHAR(32), IN p_plan VARCHAR(64),
  IN p_after CHAR(32), IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT x.account_id
    FROM service_assignment AS x
    JOIN account AS a ON a.id = x.account_id AND a.reseller_id = x.vendor_id
    JOIN service_plan_head AS h ON h.account_id = x.vendor_id AND h.id = x.plan_id AND NOT h.deleted
   WHERE x.vendor_id = p_vendor AND x.plan_id = p_plan AND x.account_id > p_after
     AND x.version IS NULL AND (x.priced IS NULL OR x.priced <> h.version)
   ORDER BY x.account_id LIMIT p_limit;
END
