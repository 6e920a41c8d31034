-- service_assignment_pin: pins what accounts at or below one are assigned of others
-- than their seller to the version that they pay by, so that its vendor no longer
-- changes their bills. Internal.
-- Locks:  these assignments
CREATE PROCEDURE service_assignment_pin(IN p_top CHAR(32))
SQL SECURITY DEFINER
BEGIN
  UPDATE account_closure AS c
         STRAIGHT_JOIN account AS a ON a.id = c.descendant_id
         STRAIGHT_JOIN service_assignment AS x ON x.account_id = a.id
     SET x.version = x.priced
   WHERE c.ancestor_id = p_top AND x.version IS NULL AND x.vendor_id <> a.reseller_id;
END
