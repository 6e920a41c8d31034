-- audit_entry_write: adds one entry with its lines to an account's chain, and
-- their day rows. The caller has opened the transaction.
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
  DECLARE v_service VARCHAR(128);
  DECLARE v_difference, v_quantity BIGINT;

  -- New sequence and hash in one write: the row's old values are the chain's end.
  -- User variables bring them out of it; reading the row again would cost a tenth.
  UPDATE audit_head
     SET hash = @reeve_hash := UNHEX(SHA2(CONCAT(hash, CONCAT_WS(CHAR(10),
           sequence + 1, p_account, p_id, p_form, p_created, p_recorded, p_document)), 256)),
         sequence = @reeve_sequence := sequence + 1
   WHERE account_id = p_account;
  IF ROW_COUNT() = 0 THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;

  INSERT INTO audit_entry (account_id, sequence, id, form, created, recorded, status, reason,
                           message, results, document, line_items, hash)
  VALUES (p_account, @reeve_sequence, p_id, p_form, p_created, p_recorded, p_status, p_reason,
          p_message, p_results, p_document, p_lines, @reeve_hash);

  -- One by one: for the one or two lines an entry has, JSON_TABLE costs more.
  -- For many it does not: taking them off the list takes the square of them.
  IF JSON_LENGTH(p_lines) > 20 THEN
    INSERT INTO audit_day (account_id, family, day, service, addition, removal, quantity,
                           last_timestamp)
      SELECT p_account, IF(p_form = 'invoice', 'billable', 'quantity'), FROM_DAYS(p_created DIV 86400),
             t.service, GREATEST(t.difference, 0), GREATEST(-t.difference, 0), t.quantity, p_created
        FROM JSON_TABLE(p_lines, '$[*]' COLUMNS (
               position   FOR ORDINALITY,
               service    VARCHAR(128) COLLATE utf8mb4_bin PATH '$[0]',
               difference BIGINT       PATH '$[2]',
               quantity   BIGINT       PATH '$[3]')) AS t
       ORDER BY t.position
    ON DUPLICATE KEY UPDATE
      addition = addition + VALUES(addition),
      removal = removal + VALUES(removal),
      quantity = IF(VALUES(last_timestamp) >= last_timestamp, VALUES(quantity), audit_day.quantity),
      last_timestamp = GREATEST(last_timestamp, VALUES(last_timestamp));
    SET p_lines = '[]';
  END IF;
  WHILE p_lines <> '[]' DO
    SET v_service = JSON_VALUE(p_lines, '$[0][0]'),
        v_difference = JSON_VALUE(p_lines, '$[0][2]'),
        v_quantity = JSON_VALUE(p_lines, '$[0][3]'),
        p_lines = JSON_REMOVE(p_lines, '$[0]');
    INSERT INTO audit_day (account_id, family, day, service, addition, removal, quantity,
                           last_timestamp)
    VALUES (p_account, IF(p_form = 'invoice', 'billable', 'quantity'),
            FROM_DAYS(p_created DIV 86400), v_service,
            GREATEST(v_difference, 0), GREATEST(-v_difference, 0), v_quantity, p_created)
    ON DUPLICATE KEY UPDATE
      addition = addition + VALUES(addition),
      removal = removal + VALUES(removal),
      quantity = IF(VALUES(last_timestamp) >= last_timestamp, VALUES(quantity), quantity),
      last_timestamp = GREATEST(last_timestamp, VALUES(last_timestamp));
  END WHILE;
END
