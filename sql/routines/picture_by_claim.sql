-- picture_by_claim: a picture of the object that holds a claim. No row: none does, or it
-- has none.
-- Row:  as picture_show
CREATE PROCEDURE picture_by_claim(IN p_claim VARCHAR(400), IN p_name VARCHAR(16))
SQL SECURITY DEFINER
BEGIN
  SELECT p.form, p.content
    FROM object AS o
    JOIN picture AS p
      ON p.account_id = o.account_id AND p.kind = o.kind AND p.object_id = o.id AND p.name = p_name
   WHERE o.claim = p_claim;
END
