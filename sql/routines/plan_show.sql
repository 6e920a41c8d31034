-- plan_show: a vendor's service plan. No row: unknown id.
-- p_version  NULL: the newest
-- p_lock     0: none; 1: against deletion; 2: to save or delete it
-- Row:       as plan_list; version is that of document, newest the newest's
CREATE PROCEDURE plan_show(IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_version INT,
  IN p_lock TINYINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_locked VARCHAR(64);

  IF p_lock = 1 THEN
    SELECT id INTO v_locked FROM service_plan_head
     WHERE account_id = p_account AND id = p_id LOCK IN SHARE MODE;
  ELSEIF p_lock = 2 THEN
    SELECT id INTO v_locked FROM service_plan_head
     WHERE account_id = p_account AND id = p_id FOR UPDATE;
  END IF;
  SELECT h.id, p.version, h.version AS newest, h.created, p.created AS modified, p.document
    FROM service_plan_head AS h
    JOIN service_plan AS p
      ON p.account_id = h.account_id AND p.id = h.id AND p.version = COALESCE(p_version, h.version)
   WHERE h.account_id = p_account AND h.id = p_id AND NOT h.deleted;
END
