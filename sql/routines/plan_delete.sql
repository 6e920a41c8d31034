-- plan_delete: deletes a plan from its vendor's catalogue.
-- Row:    assigned: number of the vendor's customers that have it; it is deleted only
--         if 0. Accounts that have another seller now keep their version of it
-- Errors: 45404 plan: none of this id
-- Locks:  the plan's head, which an assignment of the plan locks too
CREATE PROCEDURE plan_delete(IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_deleted TINYINT DEFAULT 1;
  DECLARE v_assigned BIGINT;

  SELECT deleted INTO v_deleted FROM service_plan_head
   WHERE account_id = p_account AND id = p_id FOR UPDATE;
  IF v_deleted THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'plan: no such plan';
  END IF;
  SELECT COUNT(*) INTO v_assigned
    FROM service_assignment AS x JOIN account AS a ON a.id = x.account_id
   WHERE x.vendor_id = p_account AND x.plan_id = p_id AND a.reseller_id = p_account;
  IF v_assigned = 0 THEN
    UPDATE service_plan_head SET deleted = 1, modified = p_now
     WHERE account_id = p_account AND id = p_id;
  END IF;
  SELECT v_assigned AS assigned;
END
