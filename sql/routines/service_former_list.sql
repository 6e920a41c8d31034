-- service_former_list: accounts at or below one, and of its seller, that are assigned
-- plans of others than their seller; by id.
CREATE PROCEDURE service_former_list(IN p_top CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT DISTINCT a.id AS account_id
    FROM account AS t
    STRAIGHT_JOIN account_closure AS c ON c.ancestor_id = t.id
    STRAIGHT_JOIN account AS a ON a.id = c.descendant_id
    STRAIGHT_JOIN service_assignment AS x ON x.account_id = a.id
   WHERE t.id = p_top AND a.reseller_id = t.reseller_id AND x.vendor_id <> a.reseller_id
   ORDER BY a.id;
END
