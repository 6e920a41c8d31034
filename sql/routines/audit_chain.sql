-- audit_chain: entries of an account in the order they were written, to check
-- their chain.
-- p_after  those with a greater sequence
-- p_limit  at most so many
CREATE PROCEDURE audit_chain(IN p_account CHAR(32), IN p_after BIGINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT sequence, id, form, created, recorded, document, line_items, hash
    FROM audit_entry WHERE account_id = p_account AND sequence > p_after
   ORDER BY sequence LIMIT p_limit;
END
