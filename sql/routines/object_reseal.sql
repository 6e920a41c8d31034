-- object_reseal: replaces the document of an object by one that says the same and has
-- its secrets sealed under another secret, unless it was changed meanwhile.
-- p_document  as object_secret_list had it
-- p_resealed  the new one
-- Called by reevectl.
CREATE PROCEDURE object_reseal(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_id VARCHAR(64),
  IN p_document LONGTEXT, IN p_resealed LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  UPDATE object SET document = p_resealed
   WHERE account_id = p_account AND kind = p_kind AND id = p_id AND document = p_document;
END
