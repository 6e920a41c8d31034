-- plan_version_list: the versions of a vendor's plan, newest first.
-- p_at      the version to begin with; 0: the newest
-- p_limit   at most this many rows
-- Rows:     accounts: the number of those that pay by the version, of all sellers.
--           None: unknown id, or a deleted plan
CREATE PROCEDURE plan_version_list(IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_at BIGINT,
  IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT p.version, p.name, p.created,
         (SELECT COUNT(*) FROM service_assignment AS x FORCE INDEX (version)
           WHERE x.vendor_id = p.account_id AND x.plan_id = p.id AND x.priced = p.version)
           AS accounts
    FROM service_plan_head AS h
    STRAIGHT_JOIN service_plan AS p FORCE INDEX (PRIMARY)
               ON p.account_id = h.account_id AND p.id = h.id
              AND p.version <= IF(p_at = 0, 2147483647, p_at)
   WHERE h.account_id = p_account AND h.id = p_id AND NOT h.deleted
   ORDER BY p.version DESC LIMIT p_limit;
END
