-- audit_entry_write: adds an entry with its lines to an account's chain and to
-- the day rows, and what finds it. The caller has opened the transaction.
-- p_form      'invoice' or 'quantities'
-- p_created   when it happened, p_recorded: now; Gregorian seconds
-- p_document  canonical JSON without the outcome
-- p_results   JSON or NULL
-- p_lines     stored unchanged: JSON [[service, category, difference, quantity], ...]
-- Errors:     45404 account: unknown; 1062 when the id is taken
-- Locks:      audit_head of the account: writers of one account take turns
CREATE PROCEDURE audit_entry_write(
  IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_form VARCHAR(10), IN p_created BIGINT,
  IN p_recorded BIGINT, IN p_status VARCHAR(32), IN p_reason VARCHAR(255), IN p_message TEXT,
  IN p_results LONGTEXT, IN p_document LONGTEXT, IN p_lines LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sequence BIGINT;

  -- The row's old values are the end of the chain, so sequence is assigned last.
  UPDATE audit_head
     SET hash = UNHEX(SHA2(CONCAT(hash, CONCAT_WS(CHAR(10), sequence + 1, p_account, p_id, p_form,
                                                  p_created, p_recorded, p_document)), 256)),
         sequence = sequence + 1
   WHERE account_id = p_account;
  IF ROW_COUNT() = 0 THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  SELECT sequence INTO v_sequence FROM audit_head WHERE account_id = p_account;
  INSERT INTO audit_entry (account_id, sequence, id, form, created, recorded, status, reason,
                           message, results, document, line_items, hash)
    SELECT account_id, sequence, p_id, p_form, p_created, p_recorded, p_status, p_reason,
           p_message, p_results, p_document, p_lines, hash
      FROM audit_head WHERE account_id = p_account;
  IF p_form = 'invoice' THEN
    CALL audit_mark_add(p_account, v_sequence, p_created, p_document, p_lines);
  END IF;
  IF p_lines <> '[]' THEN
    CALL audit_day_add(p_account, IF(p_form = 'invoice', 'billable', 'quantity'), p_created,
                       p_lines);
  END IF;
END
