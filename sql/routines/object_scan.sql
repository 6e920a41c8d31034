-- object_scan: all objects of an account, by kind and id.
-- p_kind, p_id  only objects after this one; '' from the beginning
-- Row:          as object_show
-- Called by reevectl.
CREATE PROCEDURE object_scan(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_id VARCHAR(64),
  IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT kind, id, created, modified, document FROM object
   WHERE account_id = p_account AND (kind > p_kind OR (kind = p_kind AND id > p_id))
   ORDER BY kind, id LIMIT p_limit;
END
