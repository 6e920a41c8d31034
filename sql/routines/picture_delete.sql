-- picture_delete: takes a picture from an object.
-- Errors:  45404 picture: none
-- Locks:   the object, as picture_save
CREATE PROCEDURE picture_delete(IN p_account CHAR(32), IN p_kind VARCHAR(32),
  IN p_object VARCHAR(64), IN p_name VARCHAR(16))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_there TINYINT DEFAULT 0;

  SELECT 1 INTO v_there FROM object
   WHERE account_id = p_account AND kind = p_kind AND id = p_object FOR UPDATE;
  DELETE FROM picture
   WHERE account_id = p_account AND kind = p_kind AND object_id = p_object AND name = p_name;
  IF ROW_COUNT() = 0 THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'picture: there is none';
  END IF;
END
