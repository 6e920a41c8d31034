-- picture_show: a picture of an object. No row: it has none.
-- p_lock  1: nobody else changes it until the transaction ends
-- Row:    form (its media type), content
-- Locks:  with p_lock the object, as picture_save
CREATE PROCEDURE picture_show(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_object VARCHAR(64),
  IN p_name VARCHAR(16), IN p_lock TINYINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_locked VARCHAR(64);

  IF p_lock THEN
    SELECT id INTO v_locked FROM object
     WHERE account_id = p_account AND kind = p_kind AND id = p_object FOR UPDATE;
  END IF;
  SELECT form, content FROM picture
   WHERE account_id = p_account AND kind = p_kind AND object_id = p_object AND name = p_name;
END
