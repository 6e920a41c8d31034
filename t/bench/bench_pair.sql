-- The limit for audit_entry_write: the two bare inserts. No chain, no lines; the
-- client invents the sequence (p_recorded).
CREATE PROCEDURE bench_pair(
  IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_form VARCHAR(10), IN p_created BIGINT,
  IN p_recorded BIGINT, IN p_status VARCHAR(32), IN p_reason VARCHAR(255), IN p_message TEXT,
  IN p_results LONGTEXT, IN p_document LONGTEXT, IN p_lines LONGTEXT)
BEGIN
  INSERT INTO audit_entry (account_id, sequence, id, form, created, recorded, status, reason,
                           message, results, document, line_items, hash)
  VALUES (p_account, p_recorded, p_id, p_form, p_created, p_recorded, p_status, p_reason,
          p_message, p_results, p_document, p_lines, REPEAT(CHAR(1), 32));
  INSERT INTO audit_day (account_id, family, day, service, addition, removal, quantity,
                         last_timestamp)
  VALUES (p_account, 'billable', FROM_DAYS(p_created DIV 86400), 'user', 1, 0, 5, p_created)
  ON DUPLICATE KEY UPDATE
    addition = addition + 1,
    removal = removal + 0,
    quantity = IF(p_created >= last_timestamp, 5, quantity),
    last_timestamp = GREATEST(last_timestamp, p_created);
END
