-- plan_import: a vendor's service plan as its version 1, unless it is here already.
-- Row:    written: 1 or 0
-- Errors: 45404 account: unknown
CREATE PROCEDURE plan_import(IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_name VARCHAR(128),
  IN p_document LONGTEXT, IN p_created BIGINT)
SQL SECURITY DEFINER
BEGIN
  IF NOT EXISTS (SELECT 1 FROM account WHERE id = p_account) THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  IF EXISTS (SELECT 1 FROM service_plan_head WHERE account_id = p_account AND id = p_id) THEN
    SELECT 0 AS written;
  ELSE
    INSERT INTO service_plan_head (account_id, id, version, created, modified)
    VALUES (p_account, p_id, 1, p_created, p_created);
    INSERT INTO service_plan (account_id, id, version, name, document, created)
    VALUES (p_account, p_id, 1, p_name, p_document, p_created);
    -- Services may have come before the plans they name.
    UPDATE service_assignment SET priced = 1
     WHERE vendor_id = p_account AND plan_id = p_id AND priced IS NULL;
    SELECT 1 AS written;
  END IF;
END
