-- plan_replace: imports a plan that was changed since it was imported, as its next
-- version, by which the accounts that follow the plan pay from now on.
-- Row:    version: the new one
-- Errors: 45404 plan: none of this id
-- Locks:  the plan's head
-- Called by reevectl.
CREATE PROCEDURE plan_replace(IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_name VARCHAR(128),
  IN p_document LONGTEXT, IN p_modified BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_version INT DEFAULT 0;

  SELECT version INTO v_version FROM service_plan_head
   WHERE account_id = p_account AND id = p_id AND NOT deleted FOR UPDATE;
  IF v_version = 0 THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'plan: no such plan';
  END IF;
  SET v_version = v_version + 1;
  UPDATE service_plan_head SET version = v_version, modified = GREATEST(modified, p_modified)
   WHERE account_id = p_account AND id = p_id;
  INSERT INTO service_plan (account_id, id, version, name, document, created)
  VALUES (p_account, p_id, v_version, p_name, p_document, p_modified);
  UPDATE service_assignment SET priced = v_version
   WHERE vendor_id = p_account AND plan_id = p_id AND version IS NULL;
  UPDATE service_assignment AS x JOIN ledger_balance AS b ON b.account_id = x.account_id
     SET b.priced = 0
   WHERE x.vendor_id = p_account AND x.plan_id = p_id AND x.version IS NULL;
  SELECT v_version AS version;
END
