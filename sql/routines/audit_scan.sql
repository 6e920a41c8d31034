-- audit_scan: the entries of an account, of both forms, in the order of writing.
-- p_after  only greater sequences
-- p_limit  at most this many rows
-- Called by reevectl.
CREATE PROCEDURE audit_scan(IN p_account CHAR(32), IN p_after BIGINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT id, created, sequence, status, reason, message, results, document, form
    FROM audit_entry WHERE account_id = p_account AND sequence > p_after
   ORDER BY sequence LIMIT p_limit;
END
