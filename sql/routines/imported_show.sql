-- imported_show: the state of a document when it was last imported.
-- Rows:   state; none: it never was
-- Called by reevectl.
CREATE PROCEDURE imported_show(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_id VARCHAR(64))
SQL SECURITY DEFINER
BEGIN
  SELECT state FROM imported WHERE account_id = p_account AND kind = p_kind AND id = p_id;
END
