-- audit_entry_known: one entry of an account by its document id, of whatever form. No
-- row: unknown.
-- Called by reevectl.
CREATE PROCEDURE audit_entry_known(IN p_account CHAR(32), IN p_id VARCHAR(64))
SQL SECURITY DEFINER
BEGIN
  SELECT id, created, recorded, sequence, status, reason, message, results, document
    FROM audit_entry WHERE account_id = p_account AND id = p_id;
END
