-- imported_list: what was imported for an account, by kind and id.
-- p_kind, p_id  go on behind these; '': from the first
-- Rows:   kind, id, state
-- Called by reevectl.
CREATE PROCEDURE imported_list(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_id VARCHAR(64),
  IN p_limit BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT kind, id, state FROM imported
   WHERE account_id = p_account AND kind >= p_kind AND (kind > p_kind OR id > p_id)
   ORDER BY kind, id LIMIT p_limit;
END
