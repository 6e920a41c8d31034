-- audit_entry_import: audit_entry_write, unless the account has the entry.
-- Parameters as there.
-- Row:    written: 1, or 0 when the account has an entry of this id
-- Errors: 45404 account: unknown, or deleted
-- Locks:  audit_head of the account, then its row, shared
-- Called by reevectl.
CREATE PROCEDURE audit_entry_import(
  IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_form VARCHAR(10), IN p_created BIGINT,
  IN p_recorded BIGINT, IN p_status VARCHAR(32), IN p_reason VARCHAR(255), IN p_message TEXT,
  IN p_results LONGTEXT, IN p_document LONGTEXT, IN p_lines LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sequence BIGINT DEFAULT NULL;
  -- Locked before the look-up, so the second of two imports of a document sees the first.
  SELECT sequence INTO v_sequence FROM audit_head WHERE account_id = p_account FOR UPDATE;
  CALL import_account_check(p_account);
  IF EXISTS (SELECT 1 FROM audit_entry WHERE account_id = p_account AND id = p_id) THEN
    SELECT 0 AS written;
  ELSE
    CALL audit_entry_write(p_account, p_id, p_form, p_created, p_recorded, p_status, p_reason,
                           p_message, p_results, p_document, p_lines);
    SELECT 1 AS written;
  END IF;
END
