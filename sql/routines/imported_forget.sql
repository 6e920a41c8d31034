-- imported_forget: forgets that a document was imported, when it was deleted for it.
-- Called by reevectl.
CREATE PROCEDURE imported_forget(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_id VARCHAR(64))
SQL SECURITY DEFINER
BEGIN
  DELETE FROM imported WHERE account_id = p_account AND kind = p_kind AND id = p_id;
END
