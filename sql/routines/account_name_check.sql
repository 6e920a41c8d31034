-- account_name_check: is a name free among the accounts of a parent? Letters of either case
-- and digits make the difference; of a name without them, everything. An account may be new.
-- Errors:  45409 name: taken
-- Locks:   the account, then the parent: of two that take a name at once, one is told
CREATE PROCEDURE account_name_check(IN p_id CHAR(32), IN p_parent CHAR(32), IN p_name VARCHAR(128),
  IN p_name_key VARCHAR(128))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_other CHAR(32) DEFAULT NULL;

  SELECT id INTO v_other FROM account WHERE id = p_id FOR UPDATE;
  SELECT id INTO v_other FROM account WHERE id = p_parent FOR UPDATE;
  SET v_other = NULL;
  IF p_name_key <> '' THEN
    SELECT id INTO v_other FROM account
     WHERE parent_id = p_parent AND deleted IS NULL AND name_key = p_name_key AND id <> p_id
     LIMIT 1;
  ELSE
    SELECT id INTO v_other FROM account
     WHERE parent_id = p_parent AND deleted IS NULL AND name_key = '' AND name = p_name
       AND id <> p_id
     LIMIT 1;
  END IF;
  IF v_other IS NOT NULL THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'name: another account has it';
  END IF;
END
