-- account_list: accounts at and below p_top (NULL: the master account), by id.
-- A deleted account has the moment of its deletion.
-- The closure is read first, as in account_descendants.
-- p_after  only ids after this one; '' from the start
-- p_limit  at most this many rows
-- Called by reevectl.
CREATE PROCEDURE account_list(IN p_top CHAR(32), IN p_after CHAR(32), IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_top CHAR(32) DEFAULT p_top;
  IF v_top IS NULL THEN
    SELECT id INTO v_top FROM account WHERE master = 1;
  END IF;
  SELECT a.id, a.parent_id, a.reseller_id, a.is_reseller, COALESCE(a.master, 0) AS is_master,
         a.enabled, a.expires, a.name, a.realm, a.language, a.created, a.modified,
         CAST(c.depth AS SIGNED) AS below, a.deleted, a.document
    FROM account_closure AS c STRAIGHT_JOIN account AS a ON a.id = c.descendant_id
   WHERE c.ancestor_id = v_top AND c.descendant_id > p_after
   ORDER BY c.descendant_id LIMIT p_limit;
END
