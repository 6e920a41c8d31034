-- object_owned_list: objects of a kind that name a user as their owner, by id.
-- Row:  as object_show
CREATE PROCEDURE object_owned_list(IN p_account CHAR(32), IN p_kind VARCHAR(32),
  IN p_owner VARCHAR(64), IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT kind, id, created, modified, document FROM object
   WHERE account_id = p_account AND kind = p_kind AND LOCATE(p_owner, document) > 0
     AND JSON_UNQUOTE(JSON_EXTRACT(document, '$.owner_id')) = p_owner
   ORDER BY id LIMIT p_limit;
END
