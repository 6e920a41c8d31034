-- audit_entry_write: adds one entry to an account's chain, its lines, and their
-- day rows. The caller has opened the transaction.
-- p_form      'invoice' or 'quantities'
-- p_created   when it happened, p_recorded: now; Gregorian seconds
-- p_document  canonical JSON without the outcome
-- p_results   JSON or NULL
-- p_lines     JSON [[service, category, difference, quantity], ...]
-- Errors:     45404 account: unknown; 1062 when the id is taken
-- Locks:      audit_head of the account: writers of one account take turns
CREATE PROCEDURE audit_entry_write(
  IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_form VARCHAR(10), IN p_created BIGINT,
  IN p_recorded BIGINT, IN p_status VARCHAR(32), IN p_reason VARCHAR(255), IN p_message TEXT,
  IN p_results LONGTEXT, IN p_document LONGTEXT, IN p_lines LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  -- New sequence and hash in one write: the row's old values are the chain's end.
  UPDATE audit_head
     SET hash = UNHEX(SHA2(CONCAT(hash, CONCAT_WS(CHAR(10), sequence + 1, p_id, p_form, p_created,
                                                  p_recorded, p_document)), 256)),
         sequence = sequence + 1
   WHERE account_id = p_account;
  IF ROW_COUNT() = 0 THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;

  INSERT INTO audit_entry (account_id, sequence, id, form, created, recorded, status, reason,
                           message, results, document, hash)
    SELECT p_account, sequence, p_id, p_form, p_created, p_recorded, p_status, p_reason,
           p_message, p_results, p_document, hash
      FROM audit_head WHERE account_id = p_account;

  IF p_lines <> '[]' THEN
    INSERT INTO audit_line (account_id, sequence, line, service, category, difference, quantity)
      SELECT p_account, h.sequence, l.line, l.service, l.category, l.difference, l.quantity
        FROM audit_head AS h,
             JSON_TABLE(p_lines, '$[*]' COLUMNS (
               line       FOR ORDINALITY,
               service    VARCHAR(128) PATH '$[0]',
               category   VARCHAR(128) PATH '$[1]',
               difference BIGINT       PATH '$[2]',
               quantity   BIGINT       PATH '$[3]')) AS l
       WHERE h.account_id = p_account;

    INSERT INTO audit_day (account_id, family, day, service, addition, removal, quantity,
                           last_timestamp)
      SELECT p_account, IF(p_form = 'invoice', 'billable', 'quantity'),
             FROM_DAYS(p_created DIV 86400), l.service,
             GREATEST(l.difference, 0), GREATEST(-l.difference, 0), l.quantity, p_created
        FROM audit_head AS h JOIN audit_line AS l
          ON l.account_id = h.account_id AND l.sequence = h.sequence
       WHERE h.account_id = p_account
       ORDER BY l.line
    ON DUPLICATE KEY UPDATE
      addition = audit_day.addition + VALUES(addition),
      removal = audit_day.removal + VALUES(removal),
      quantity = IF(VALUES(last_timestamp) >= audit_day.last_timestamp,
                    VALUES(quantity), audit_day.quantity),
      last_timestamp = GREATEST(audit_day.last_timestamp, VALUES(last_timestamp));
  END IF;
END
