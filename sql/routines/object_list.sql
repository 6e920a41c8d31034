-- object_list: objects of an account by id.
-- p_at         the first id of the page; '' from the beginning
-- p_ascending  1: by ascending id; 0: descending
-- Row:         as object_show
CREATE PROCEDURE object_list(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_at VARCHAR(64),
  IN p_ascending TINYINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  IF p_ascending THEN
    SELECT kind, id, created, modified, document FROM object
     WHERE account_id = p_account AND kind = p_kind AND id >= p_at
     ORDER BY id LIMIT p_limit;
  ELSE
    SELECT kind, id, created, modified, document FROM object
     WHERE account_id = p_account AND kind = p_kind AND (p_at = '' OR id <= p_at)
     ORDER BY id DESC LIMIT p_limit;
  END IF;
END
