-- figure_follow: the copies in the rows of figures of an account and its descendants
-- become what account and service say. Internal.
-- Locks:  ledger_balance of the accounts, by id
CREATE PROCEDURE figure_follow(IN p_top CHAR(32))
SQL SECURITY DEFINER
BEGIN
  UPDATE account_closure AS c
         STRAIGHT_JOIN account AS a FORCE INDEX (PRIMARY) ON a.id = c.descendant_id
         STRAIGHT_JOIN service AS s ON s.account_id = c.descendant_id
         STRAIGHT_JOIN ledger_balance AS b ON b.account_id = c.descendant_id
     SET b.seller_id = IF(a.master = 1 OR a.deleted IS NOT NULL, NULL, a.reseller_id),
         b.name = a.name, b.realm = COALESCE(a.realm, ''), b.is_reseller = a.is_reseller,
         b.enabled = a.enabled, b.created = a.created, b.standing = s.standing
   WHERE c.ancestor_id = p_top;
END
