-- plan_import: a version of a vendor's service plan, unless the vendor has it.
-- p_version  NULL: the first version of a plan that the vendor does not have
-- Row:    written: 1 or 0
-- Errors: 45404 account: unknown, or deleted
-- Locks:  the vendor's row, shared, then the plan's head
-- Called by reevectl.
CREATE PROCEDURE plan_import(IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_name VARCHAR(128),
  IN p_document LONGTEXT, IN p_created BIGINT, IN p_version INT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_newest INT DEFAULT 0;

  CALL import_account_check(p_account);
  SELECT version INTO v_newest FROM service_plan_head
   WHERE account_id = p_account AND id = p_id FOR UPDATE;
  IF (p_version IS NULL AND v_newest > 0)
     OR EXISTS (SELECT 1 FROM service_plan
                 WHERE account_id = p_account AND id = p_id AND version = p_version) THEN
    SELECT 0 AS written;
  ELSE
    SET p_version = COALESCE(p_version, 1);
    INSERT INTO service_plan_head (account_id, id, version, created, modified)
    VALUES (p_account, p_id, p_version, p_created, p_created)
    ON DUPLICATE KEY UPDATE
      version = GREATEST(version, p_version),
      created = LEAST(created, p_created),
      modified = GREATEST(modified, p_created);
    INSERT INTO service_plan (account_id, id, version, name, document, created)
    VALUES (p_account, p_id, p_version, p_name, p_document, p_created);
    -- Services may be imported before their plans; services that were changed
    -- since their import keep their version.
    UPDATE service_assignment AS x JOIN service AS s ON s.account_id = x.account_id
       SET x.priced = COALESCE(x.version, GREATEST(v_newest, p_version))
     WHERE x.vendor_id = p_account AND x.plan_id = p_id
       AND (x.priced IS NULL OR (x.version IS NULL AND s.version <= COALESCE(s.imported, 2)));
    UPDATE service_assignment AS x JOIN ledger_balance AS b ON b.account_id = x.account_id
       SET b.priced = 0
     WHERE x.vendor_id = p_account AND x.plan_id = p_id;
    INSERT INTO imported (account_id, kind, id, state)
    VALUES (p_account, 'service_plans', p_id, GREATEST(v_newest, p_version))
    ON DUPLICATE KEY UPDATE state = GREATEST(v_newest, p_version);
    SELECT 1 AS written;
  END IF;
END
