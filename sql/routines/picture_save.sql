-- picture_save: gives an object a picture, in place of the one it had.
-- p_form   its media type
-- p_now    Gregorian seconds
-- Errors:  45404 object: none
-- Locks:   the object, so that none is left without it
CREATE PROCEDURE picture_save(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_object VARCHAR(64),
  IN p_name VARCHAR(16), IN p_form VARCHAR(32), IN p_content LONGBLOB, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_there TINYINT DEFAULT 0;

  SELECT 1 INTO v_there FROM object
   WHERE account_id = p_account AND kind = p_kind AND id = p_object FOR UPDATE;
  IF NOT v_there THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'object: there is none';
  END IF;
  INSERT INTO picture (account_id, kind, object_id, name, form, content, modified)
  VALUES (p_account, p_kind, p_object, p_name, p_form, p_content, p_now)
  ON DUPLICATE KEY UPDATE form = p_form, content = p_content, modified = p_now;
END
