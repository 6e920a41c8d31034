-- object_by_claim: the object that holds a claim. No row: none does.
-- Row:    as object_show
-- Called by reevectl.
CREATE PROCEDURE object_by_claim(IN p_claim VARCHAR(400))
SQL SECURITY DEFINER
BEGIN
  SELECT kind, id, created, modified, document FROM object WHERE claim = p_claim;
END
