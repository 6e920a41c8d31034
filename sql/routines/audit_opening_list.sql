-- audit_opening_list: the quantity of each service of an account after its last
-- change before a day. A service without changes before it has no row.
-- p_view     'services': of billable lines; 'quantities': of raw quantities
-- p_service  one service; '' every service
-- p_before   Gregorian seconds, in the first day that does not count
-- Rows:      in no promised order. Two index entries are read for each service,
--            whatever it changed.
CREATE PROCEDURE audit_opening_list(
  IN p_account CHAR(32), IN p_view VARCHAR(10), IN p_service VARCHAR(128), IN p_before BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_before DATE DEFAULT FROM_DAYS(p_before DIV 86400);
  DECLARE v_family VARCHAR(10) DEFAULT IF(p_view = 'quantities', 'quantity', 'billable');

  IF p_service <> '' THEN
    SELECT service, quantity
      FROM audit_day FORCE INDEX (service)
     WHERE account_id = p_account AND family = v_family AND service = p_service AND day < v_before
     ORDER BY day DESC LIMIT 1;
  ELSE
    SELECT n.service, d.quantity
      FROM (WITH RECURSIVE name (service) AS (
              SELECT (SELECT f.service FROM audit_day AS f FORCE INDEX (service)
                       WHERE f.account_id = p_account AND f.family = v_family
                       ORDER BY f.service LIMIT 1)
              UNION ALL
              SELECT (SELECT f.service FROM audit_day AS f FORCE INDEX (service)
                       WHERE f.account_id = p_account AND f.family = v_family
                         AND f.service > name.service
                       ORDER BY f.service LIMIT 1)
                FROM name WHERE name.service IS NOT NULL)
            SELECT service FROM name WHERE service IS NOT NULL) AS n
      STRAIGHT_JOIN audit_day AS d FORCE INDEX (PRIMARY)
         ON d.account_id = p_account AND d.family = v_family AND d.service = n.service
        AND d.day = (SELECT l.day FROM audit_day AS l FORCE INDEX (service)
                      WHERE l.account_id = p_account AND l.family = v_family
                        AND l.service = n.service AND l.day < v_before
                      ORDER BY l.day DESC LIMIT 1);
  END IF;
END
