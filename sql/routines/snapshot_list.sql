-- snapshot_list: quantities at the turn of months, of accounts at and below one, by
-- account and month.
-- p_top   NULL: the master account
-- p_from, p_to  months, YYYYMM, both included
-- p_after_account, p_after_month  only rows after this one; '' from the start
-- p_limit at most this many rows
-- Row:    account, month, bom, eom: canonical JSON, NULL: not known
-- Called by reevectl.
CREATE PROCEDURE snapshot_list(IN p_top CHAR(32), IN p_from CHAR(6), IN p_to CHAR(6),
  IN p_after_account CHAR(32), IN p_after_month CHAR(6), IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_top CHAR(32) DEFAULT p_top;
  IF v_top IS NULL THEN
    SELECT id INTO v_top FROM account WHERE master = 1;
  END IF;
  -- The accounts first: to sort all rows for a page of them would read them all.
  SELECT s.account_id, s.month, s.bom, s.eom
    FROM (SELECT c.descendant_id AS id FROM account_closure AS c
           WHERE c.ancestor_id = v_top AND c.descendant_id >= p_after_account
             AND (SELECT MAX(x.month) FROM service_snapshot AS x
                   WHERE x.account_id = c.descendant_id AND x.month BETWEEN p_from AND p_to)
                 > IF(c.descendant_id > p_after_account, '', p_after_month)
           ORDER BY c.descendant_id LIMIT p_limit) AS a
    STRAIGHT_JOIN service_snapshot AS s ON s.account_id = a.id AND s.month BETWEEN p_from AND p_to
   WHERE a.id > p_after_account OR s.month > p_after_month
   ORDER BY a.id, s.month LIMIT p_limit;
END
