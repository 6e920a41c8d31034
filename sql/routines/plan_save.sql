-- plan_save: saves a new version of a vendor's service plan, or a new plan.
-- p_create  1: it must be new; 0: it must exist
-- p_author  the account and user that save it, JSON
-- p_now     Gregorian seconds
-- Row:      version
-- Errors:   45404 account: unknown; 45404 plan: none of this id; 45409 id: taken
-- Locks:    the plan's head
CREATE PROCEDURE plan_save(IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_name VARCHAR(128),
  IN p_document LONGTEXT, IN p_author LONGTEXT, IN p_create TINYINT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_version INT DEFAULT NULL;
  DECLARE v_deleted TINYINT DEFAULT 1;

  IF NOT EXISTS (SELECT 1 FROM account WHERE id = p_account) THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  SELECT version, deleted INTO v_version, v_deleted FROM service_plan_head
   WHERE account_id = p_account AND id = p_id FOR UPDATE;
  IF p_create AND NOT v_deleted THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'id: there is a plan of this id';
  END IF;
  IF NOT p_create AND v_deleted THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'plan: no such plan';
  END IF;
  IF v_version IS NULL THEN
    SET v_version = 1;
    INSERT INTO service_plan_head (account_id, id, version, deleted, created, modified)
    VALUES (p_account, p_id, v_version, 0, p_now, p_now);
  ELSE
    -- A deleted plan's versions stay, for quotes and audits of them.
    SET v_version = v_version + 1;
    UPDATE service_plan_head
       SET version = v_version, deleted = 0, created = IF(v_deleted, p_now, created),
           modified = p_now
     WHERE account_id = p_account AND id = p_id;
  END IF;
  INSERT INTO service_plan (account_id, id, version, name, document, author, created)
  VALUES (p_account, p_id, v_version, p_name, p_document, p_author, p_now);
  SELECT v_version AS version;
END
