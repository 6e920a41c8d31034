-- imported_note: remembers that a document was imported, and its state.
-- p_state  as the column of the table says
-- Errors: 45404 account: unknown
-- Called by reevectl.
CREATE PROCEDURE imported_note(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_id VARCHAR(64),
  IN p_state BIGINT)
SQL SECURITY DEFINER
BEGIN
  IF NOT EXISTS (SELECT 1 FROM account WHERE id = p_account) THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  INSERT INTO imported (account_id, kind, id, state) VALUES (p_account, p_kind, p_id, p_state)
  ON DUPLICATE KEY UPDATE state = p_state;
END
