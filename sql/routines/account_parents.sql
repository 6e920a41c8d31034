-- account_parents: the ancestors of an account, the master account first.
CREATE PROCEDURE account_parents(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT a.id, a.name
    FROM account_closure AS c JOIN account AS a ON a.id = c.ancestor_id
   WHERE c.descendant_id = p_account AND c.depth > 0 ORDER BY c.depth DESC;
END
