-- object_show: one object of an account. No row: there is none.
CREATE PROCEDURE object_show(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_id VARCHAR(64))
SQL SECURITY DEFINER
BEGIN
  SELECT kind, id, created, modified, document FROM object
   WHERE account_id = p_account AND kind = p_kind AND id = p_id;
END
