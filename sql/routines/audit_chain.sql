-- audit_chain: the entries of an account's chain in the order of writing.
-- p_after  only greater sequences
-- p_limit  at most this many rows
CREATE PROCEDURE audit_chain(IN p_account CHAR(32), IN p_after BIGINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT sequence, id, form, created, recorded, document, line_items, hash
    FROM audit_entry WHERE account_id = p_account AND sequence > p_after
   ORDER BY sequence LIMIT p_limit;
END
