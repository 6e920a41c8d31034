-- plan_list: a vendor's service plans by id, each in its newest version.
-- p_at         the first id of the page; '' from the beginning
-- p_ascending  1: by ascending id; 0: descending
-- p_counted    1: with the number of accounts that have the plan, of all sellers; 0: that
--              is NULL
CREATE PROCEDURE plan_list(IN p_account CHAR(32), IN p_at VARCHAR(64), IN p_ascending TINYINT,
  IN p_counted TINYINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  IF p_ascending THEN
    SELECT h.id, p.version, h.version AS newest, h.created, p.created AS modified, p.document,
           IF(p_counted, (SELECT COUNT(*) FROM service_assignment AS x FORCE INDEX (plan)
                           WHERE x.vendor_id = h.account_id AND x.plan_id = h.id), NULL)
             AS accounts
      FROM service_plan_head AS h FORCE INDEX (PRIMARY)
      STRAIGHT_JOIN service_plan AS p ON p.account_id = h.account_id AND p.id = h.id
                                     AND p.version = h.version
     WHERE h.account_id = p_account AND NOT h.deleted AND h.id >= p_at
     ORDER BY h.id LIMIT p_limit;
  ELSE
    SELECT h.id, p.version, h.version AS newest, h.created, p.created AS modified, p.document,
           IF(p_counted, (SELECT COUNT(*) FROM service_assignment AS x FORCE INDEX (plan)
                           WHERE x.vendor_id = h.account_id AND x.plan_id = h.id), NULL)
             AS accounts
      FROM service_plan_head AS h FORCE INDEX (PRIMARY)
      STRAIGHT_JOIN service_plan AS p ON p.account_id = h.account_id AND p.id = h.id
                                     AND p.version = h.version
     WHERE h.account_id = p_account AND NOT h.deleted AND (p_at = '' OR h.id <= p_at)
     ORDER BY h.id DESC LIMIT p_limit;
  END IF;
END
