-- account_show: one account. No row: unknown.
CREATE PROCEDURE account_show(IN p_id CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT a.id, a.parent_id, a.reseller_id, a.is_reseller, COALESCE(a.master, 0) AS is_master, a.enabled,
         a.expires, a.name, a.realm, a.language, a.created, a.modified,
         (SELECT CAST(COUNT(*) - 1 AS SIGNED) FROM account_closure WHERE ancestor_id = a.id) AS descendants
    FROM account AS a WHERE a.id = p_id;
END
