-- service_ancestor_list: the ancestors of an account, the master account first.
CREATE PROCEDURE service_ancestor_list(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT ancestor_id FROM account_closure
   WHERE descendant_id = p_account AND depth > 0 ORDER BY depth DESC;
END
