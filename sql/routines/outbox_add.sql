-- outbox_add: leaves a message for a bookkeeper, in the transaction of what it tells.
-- p_document  canonical JSON
-- p_now       Gregorian seconds
CREATE PROCEDURE outbox_add(IN p_account CHAR(32), IN p_audit VARCHAR(64), IN p_vendor VARCHAR(64),
  IN p_bookkeeper VARCHAR(64), IN p_type VARCHAR(64), IN p_document LONGTEXT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  INSERT INTO outbox (account_id, audit_id, vendor_id, bookkeeper_id, bookkeeper_type, created, document)
  VALUES (p_account, p_audit, p_vendor, p_bookkeeper, p_type, p_now, p_document);
END
