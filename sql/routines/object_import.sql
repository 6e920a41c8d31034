-- object_import: imports an object, unless the account has one of this id, or had one
-- that was imported and then deleted here. What it
-- counts as is subtracted from the imported quantities without an object, so the
-- totals are the same whether services or objects are imported first.
-- p_claim, p_sources  as object_save
-- Row:    written: 1 or 0
-- Errors: 45404 account: unknown, or deleted; 45409 claim: taken
-- Locks:  the account's service row, then its own, shared
-- Called by reevectl.
CREATE PROCEDURE object_import(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_id VARCHAR(64),
  IN p_claim VARCHAR(400), IN p_document LONGTEXT, IN p_sources LONGTEXT, IN p_created BIGINT,
  IN p_modified BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_version BIGINT DEFAULT NULL;
  DECLARE v_source VARCHAR(100) DEFAULT CONCAT(p_kind, '/', p_id);
  DECLARE EXIT HANDLER FOR 1062
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'claim: another has it';

  SELECT version INTO v_version FROM service WHERE account_id = p_account FOR UPDATE;
  CALL import_account_check(p_account);
  IF EXISTS (SELECT 1 FROM object WHERE account_id = p_account AND kind = p_kind AND id = p_id)
     OR EXISTS (SELECT 1 FROM imported WHERE account_id = p_account AND kind = p_kind AND id = p_id)
  THEN
    SELECT 0 AS written;
  ELSE
    INSERT INTO object (account_id, kind, id, claim, document, created, modified)
    VALUES (p_account, p_kind, p_id, p_claim, p_document, p_created, p_modified);
    CALL source_explain(p_account, v_source, p_sources);
    INSERT INTO imported (account_id, kind, id, state) VALUES (p_account, p_kind, p_id, p_modified)
    ON DUPLICATE KEY UPDATE state = p_modified;
    SELECT 1 AS written;
  END IF;
END
