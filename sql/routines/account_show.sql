-- account_show: one account (NULL: the master account). No row: unknown, or
-- deleted.
CREATE PROCEDURE account_show(IN p_id CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT a.id, a.parent_id, a.reseller_id, a.is_reseller, COALESCE(a.master, 0) AS is_master,
         a.enabled,
         a.expires, a.name, a.realm, a.language, a.created, a.modified, a.descendants AS below,
         a.deleted, a.document
    FROM account AS a
   WHERE a.id = COALESCE(p_id, (SELECT m.id FROM account AS m WHERE m.master = 1))
     AND a.deleted IS NULL;
END
